import Diagnostics
import LockAnalysis
import PostgresSyntax

/// Identifies findings across runs: rule, path in the repository and the statement without its place,
/// its comments, its blanks and the case of its words.
enum Fingerprint {
  static func add(to findings: inout [Finding], _ files: [ProjectFile]) {
    let paths = Dictionary(
      files.map { (ObjectIdentifier($0.source), $0.pathInRepository) },
      uniquingKeysWith: { first, _ in first })
    var seen: [String: Int] = [:]
    for index in findings.indices {
      let finding = findings[index]
      let range = finding.statement ?? finding.range
      let path = paths[ObjectIdentifier(range.file)] ?? range.file.path
      let base = hash("\(finding.rule)\u{0}\(path)\u{0}", range.file.bytes[range.bytes])
      let count = seen[base, default: 0]
      seen[base] = count + 1
      findings[index].fingerprint = count == 0 ? base : "\(base)-\(count)"
    }
  }

  /// 16 hexadecimal digits.
  private static func hash(_ prefix: String, _ text: ArraySlice<UInt8>) -> String {
    var hash = StableHash()
    for byte in prefix.utf8 { hash.add(byte) }
    CanonicalText.forEachByte(of: text) { hash.add($0) }
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
