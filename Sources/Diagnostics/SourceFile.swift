private import Synchronization

/// A file as it was read: its name and its bytes, untouched.
///
/// Line ends, a byte-order mark and invalid UTF-8 are kept, so that an edit leaves everything
/// outside of it as it was.
public final class SourceFile: Sendable {
  /// The path as the user gave it, or relative to the working directory.
  public let path: String
  /// The content.
  public let bytes: [UInt8]
  /// Made when a place is asked for first: most files have nothing to report.
  private let index = AtomicLazyReference<LineIndex>()

  /// Wraps content that was read from `path`.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  private var lines: LineIndex { index.load() ?? index.storeIfNil(LineIndex(bytes: bytes)) }

  /// The 1-based line and column (in Unicode scalars) of a byte offset.
  public func position(of offset: Int) -> SourcePosition {
    lines.position(of: offset, in: bytes)
  }

  /// The number of lines; a last line without a line end counts.
  public var lineCount: Int { lines.count }

  /// The half-open byte range of a 1-based line, without its line end.
  public func byteRange(ofLine line: Int) -> Range<Int> {
    lines.range(ofLine: line, in: bytes)
  }

  /// The text of a byte range, invalid UTF-8 replaced.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}
