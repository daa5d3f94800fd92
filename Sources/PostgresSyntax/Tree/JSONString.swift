/// The escapes of JSON strings (RFC 8259, section 7).
enum JSONString {
  static func unescape(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        result.append(bytes[index])
        index += 1
        continue
      }
      index += 2
      switch bytes[index - 1] {
      case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "u"):
        let end = min(index + 4, bytes.count)
        let digits = String(decoding: bytes[index..<end], as: UTF8.self)
        // libpg_query escapes control characters only, one UTF-16 unit each.
        if let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) {
          result += Array(String(Character(scalar)).utf8)
        }
        index = end
      default: result.append(bytes[index - 1])
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
