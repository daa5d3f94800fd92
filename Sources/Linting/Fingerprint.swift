import Diagnostics

/// Identifies findings across runs: rule, path and the statement's text without its blanks.
enum Fingerprint {
  static func add(to findings: inout [Finding]) {
    var seen: [String: Int] = [:]
    for index in findings.indices {
      let finding = findings[index]
      let range = finding.statement ?? finding.range
      let text = range.file.bytes[range.bytes]
      let base = hash("\(finding.rule)\u{0}\(finding.range.file.path)\u{0}", text)
      let count = seen[base, default: 0]
      seen[base] = count + 1
      findings[index].fingerprint = count == 0 ? base : "\(base)-\(count)"
    }
  }

  /// FNV-1a, 64 bits, as 16 hexadecimal digits; runs of blanks in the text count as one.
  private static func hash(_ prefix: String, _ text: ArraySlice<UInt8>) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    prefix.utf8.forEach(add)
    var wasBlank = false
    for byte in text {
      let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte)
      if !isBlank { add(byte) } else if !wasBlank { add(0x20) }
      wasBlank = isBlank
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
