#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Replaces the bytes that no SQL text may hold, one for one, and says so.
enum ByteRepair {
  /// NUL becomes a blank, a byte that is not UTF-8 an underscore, a byte-order mark blanks.
  static func repair(_ bytes: [UInt8], problems: inout [ReadProblem]) -> [UInt8] {
    var result = bytes
    if result.starts(with: [0xEF, 0xBB, 0xBF]) {
      for index in 0..<3 { result[index] = UInt8(ascii: " ") }
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      problems.append(
        ReadProblem(message: "the file is UTF-16; PostgreSQL reads UTF-8", range: 0..<2))
      return Array(repeating: UInt8(ascii: " "), count: bytes.count)
    }
    if let first = bytes.withUnsafeBufferPointer({ $0.firstIndex(of: 0, from: 0) }) {
      problems.append(
        ReadProblem(message: "NUL byte, read as a blank", range: first..<(first + 1)))
      for index in first..<result.count where result[index] == 0 {
        result[index] = UInt8(ascii: " ")
      }
    }
    var isFirst = true
    var index = 0
    while let bad = firstInvalid(in: result, from: index) {
      if isFirst {
        problems.append(
          ReadProblem(message: "invalid UTF-8, read as an underscore", range: bad..<(bad + 1)))
        isFirst = false
      }
      result[bad] = UInt8(ascii: "_")
      index = bad + 1
    }
    return result
  }

  /// The offset of the first byte that does not belong to valid UTF-8 (Unicode, table 3-7).
  private static func firstInvalid(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBufferPointer { text in
      var index = start
      while index < text.count {
        let byte = text[index]
        if byte < 0x80 {
          index = endOfASCII(text, from: index + 1)
          continue
        }
        guard let length = sequenceLength(text, at: index) else { return index }
        index += length
      }
      return nil
    }
  }

  /// Goes on over whole words of eight bytes without a byte that is not ASCII.
  private static func endOfASCII(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let bytes = UnsafeRawBufferPointer(text)
    var index = start
    while index + 8 <= text.count,
      bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    {
      index += 8
    }
    return index
  }

  private static func sequenceLength(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
    let first = text[index]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return nil
    }
    guard index + length <= text.count, second.contains(text[index + 1]) else { return nil }
    for offset in 2..<max(length, 2) where text[index + offset] & 0xC0 != 0x80 { return nil }
    return length
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The next place of a byte before an offset, or before the end; nil when there is none.
  func firstIndex(of byte: UInt8, from start: Int, before end: Int? = nil) -> Int? {
    let end = end ?? count
    guard start < end, let base = baseAddress,
      let found = memchr(base + start, Int32(byte), end - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
