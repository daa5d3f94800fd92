/// A place in a file: 1-based line and column (in Unicode scalars), 0-based byte offset.
public struct SourcePosition: Sendable, Hashable {
  /// 1-based.
  public let line: Int
  /// 1-based, in Unicode scalars; a byte-order mark does not count.
  public let column: Int
  /// 0-based, in bytes of the file as read.
  public let offset: Int
}

/// A half-open range of bytes of one file.
public struct SourceRange: Sendable, Hashable {
  /// The file.
  public let file: SourceFile
  /// Half-open, in bytes.
  public let bytes: Range<Int>

  /// A range of `file`, in bytes.
  public init(file: SourceFile, bytes: Range<Int>) {
    self.file = file
    self.bytes = bytes
  }

  /// Where it starts.
  public var start: SourcePosition { file.position(of: bytes.lowerBound) }
  /// Where it ends, exclusive.
  public var end: SourcePosition { file.position(of: bytes.upperBound) }
  /// The text it covers.
  public var text: String { file.text(bytes) }

  /// Two ranges are equal when they cover the same bytes of the same path.
  public static func == (left: SourceRange, right: SourceRange) -> Bool {
    left.bytes == right.bytes && left.file.path == right.file.path
  }

  /// Hashes path and bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(file.path)
    hasher.combine(bytes)
  }
}
