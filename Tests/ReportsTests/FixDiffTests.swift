import Diagnostics
import Reports
import Testing

@Suite("The diff of a fix")
struct FixDiffTests {
  @Test("Applying the diff gives what the fix gives", arguments: UInt64(1)...150)
  func law(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let file = randomFile(&random)
    let fix = randomFix(of: file, &random)
    let diff = diff(of: fix, file)
    let patched = try applied(diff, to: lines(file.text(0..<file.bytes.count)))
    let expected = lines(String(decoding: fix.applied(to: file), as: UTF8.self))
    #expect(patched == expected, "\(diff.joined(separator: "\n"))")
  }

  @Test("A hunk has at most two lines of context on each side")
  func context() {
    let file = SourceFile(path: "x", text: (1...20).map { "line \($0)\n" }.joined())
    let fix = Fix(
      applicability: .safe, message: "m",
      edits: [Edit(range: file.range(of: "line 9"), replacement: "nine")])
    #expect(
      diff(of: fix, file) == [
        "@@ -7,5 +7,5 @@", " line 7", " line 8", "-line 9", "+nine", " line 10", " line 11",
      ])
  }

  @Test("A line moved in a file with CRLF shows no line ends")
  func crlf() {
    let file = SourceFile(path: "x", text: "a\r\nb\r\nc\r\n")
    let fix = Fix(
      applicability: .safe, message: "m",
      edits: [
        Edit(range: file.range(of: "a\r\n"), replacement: ""),
        Edit(range: SourceRange(file: file, bytes: 6..<6), replacement: "a\r\n"),
      ])
    #expect(diff(of: fix, file) == ["@@ -1,3 +1,3 @@", "-a", " b", "+a", " c"])
  }

  @Test("A changed line is shown whole, a very long one is not")
  func longLines() {
    func shown(_ length: Int) -> String? {
      let file = SourceFile(path: "x", text: String(repeating: "a", count: length) + " end\n")
      let fix = Fix(
        applicability: .safe, message: "m",
        edits: [Edit(range: file.range(of: "end"), replacement: "END")])
      return diff(of: fix, file).last
    }
    #expect(shown(1000) == "+" + String(repeating: "a", count: 1000) + " END")
    #expect((shown(100_000)?.count ?? 0) < 300)
  }

  private func diff(of fix: Fix, _ file: SourceFile) -> [String] {
    var finding = Finding(
      rule: "r", severity: .note, message: "m", range: SourceRange(file: file, bytes: 0..<0))
    finding.fix = fix
    let lines = FullReport().render([finding], .sample).split(separator: "\n").map(String.init)
    let heading = lines.firstIndex { $0.contains("= fix") } ?? lines.endIndex
    let margin = (lines.first { $0.contains("┌─") }?.prefix { $0 == " " }.count ?? 0) + 4
    return lines[(heading + 1)...].map { String($0.dropFirst(margin)) }
  }

  /// As a reader of diffs does it: each hunk must fit the old text at the line that it names.
  private func applied(_ diff: [String], to old: [String]) throws -> [String] {
    var result: [String] = []
    var position = 0
    for line in diff {
      if let match = line.wholeMatch(of: /@@ -(\d+)(?:,(\d+))? \+.* @@/) {
        let start = try #require(Int(match.1))
        let isInsertion = match.2 == "0"
        result += old[position..<(isInsertion ? start : start - 1)]
        position = isInsertion ? start : start - 1
      } else if line.hasPrefix("+") {
        result.append(String(line.dropFirst()))
      } else {
        try #require(position < old.count)
        #expect(line.dropFirst() == old[position])
        if !line.hasPrefix("-") { result.append(old[position]) }
        position += 1
      }
    }
    return result + old[position...]
  }

  private func lines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.last == "" { lines.removeLast() }
    return lines.map(String.init)
  }

  private func randomFile(_ random: inout SplitMix) -> SourceFile {
    let end = Bool.random(using: &random) ? "\n" : "\r\n"
    let lines = (0..<Int.random(in: 1...14, using: &random)).map { _ in
      String(repeating: "abé口"[Int.random(in: 0..<4, using: &random)], count: 3)
    }
    return SourceFile(path: "x", text: lines.joined(separator: end) + end)
  }

  private func randomFix(of file: SourceFile, _ random: inout SplitMix) -> Fix {
    var bounds = file.bytes.indices.filter { file.bytes[$0] & 0xC0 != 0x80 }
    bounds.removeAll { file.bytes[$0] == UInt8(ascii: "\n") }
    let chosen = (0..<2 * Int.random(in: 1...3, using: &random)).compactMap { _ in
      bounds.randomElement(using: &random)
    }.sorted()
    let edits = stride(from: 0, to: chosen.count - 1, by: 2).map { index in
      let replacement = ["", "x", "x\ny", "new\n", "\n"].randomElement(using: &random) ?? ""
      let range = SourceRange(file: file, bytes: chosen[index]..<chosen[index + 1])
      return Edit(range: range, replacement: replacement)
    }
    return Fix(applicability: .safe, message: "m", edits: edits)
  }
}

extension String {
  fileprivate subscript(position: Int) -> Character { self[index(startIndex, offsetBy: position)] }
}

/// Numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
