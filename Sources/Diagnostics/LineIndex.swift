import Algorithms

/// Where the lines of a file start, for turning byte offsets into lines and columns.
final class LineIndex: Sendable {
  /// The byte offset at which each line starts; the first is 0.
  private let starts: [Int]
  /// The number of Unicode scalars before every multiple of `block` bytes, so that places in a
  /// line of megabytes are found without counting from its start.
  private let scalars: [Int]
  private static let block = 1024

  init(bytes: [UInt8]) {
    var starts = [0]
    var scalars = [0]
    bytes.withUnsafeBufferPointer { buffer in
      for index in buffer.indices where buffer[index] == UInt8(ascii: "\n") {
        starts.append(index + 1)
      }
      for start in stride(from: 0, to: buffer.count, by: Self.block) {
        let part = buffer[start..<min(start + Self.block, buffer.count)]
        scalars.append(scalars[scalars.count - 1] + Self.scalarCount(part))
      }
    }
    self.starts = starts
    self.scalars = scalars
  }

  var count: Int { starts.count }

  func position(of offset: Int, in bytes: [UInt8]) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    let line = starts.partitioningIndex { $0 > offset }
    var start = starts[line - 1]
    if start == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = min(3, offset) }
    let column = bytes.withUnsafeBufferPointer { scalarCount(start..<offset, in: $0) } + 1
    return SourcePosition(line: line, column: column, offset: offset)
  }

  private func scalarCount(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard range.count > Self.block else { return Self.scalarCount(bytes[range]) }
    return scalarCount(before: range.upperBound, in: bytes)
      - scalarCount(before: range.lowerBound, in: bytes)
  }

  private func scalarCount(before offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let block = offset / Self.block
    return scalars[block] + Self.scalarCount(bytes[block * Self.block..<offset])
  }

  private static func scalarCount(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    bytes.reduce(into: 0) { count, byte in
      if byte & 0xC0 != 0x80 { count += 1 }
    }
  }

  func range(ofLine line: Int, in bytes: [UInt8]) -> Range<Int> {
    guard line >= 1, line <= starts.count else { return bytes.count..<bytes.count }
    let start = starts[line - 1]
    var end = line < starts.count ? starts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }
}
