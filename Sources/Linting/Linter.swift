public import Diagnostics
import LockAnalysis
package import PostgresSyntax

/// Reads files, models their locks and asks the rules.
public struct Linter: Sendable {
  private let rules: [any Rule.Type]
  private let selection: Selection
  private let threads: Int

  /// A linter with rules, of whose findings those selected are returned.
  package init(rules: [any Rule.Type], selection: Selection, threads: Int) {
    self.rules = rules
    self.selection = selection
    self.threads = threads
  }

  /// All that a run has found.
  public struct Result: Sendable {
    /// By path as given, then by place.
    public var findings: [Finding]
    /// What could not be modelled; not part of `findings`.
    public var notAnalysed: [Finding]
    /// The number of statements, those that don't parse included.
    public var statements: Int
    /// The number of transactions.
    public var transactions: Int
    /// The number of findings that comments hide.
    public var suppressed: Int
  }

  /// Lints files together; `exists` tells of files beside them, such as `atlas.sum`.
  public func lint(_ sources: [SourceFile], exists: @escaping (String) -> Bool = { _ in false })
    -> Result
  {
    let files = FileReader.parse(sources, threads: threads)
    let project = Project(files: files, tool: MigrationTool(exists: exists))
    let workload = WorkloadBuilder(project: project, threads: threads).build()
    let context = LintContext(workload: workload, files: files)
    let descriptions = rules.map { $0.description } + MetaRules.all
    let rules = rules
    var findings = LargeStack.map(count: rules.count, threads: threads) { index in
      rules[index].init().check(context)
    }.flatMap { $0 }
    findings += files.flatMap { MetaRules.syntaxErrors(in: $0) }
    findings += MetaRules.unfoundedAssertions(in: workload)
    let notAnalysed = MetaRules.notAnalysed(in: workload)
    let (left, hidden, meta) = Suppression(rules: descriptions)
      .apply(to: findings + notAnalysed, in: project)
    // Ranking comes last: what is not wanted must not push out what is.
    var shown = Self.ranked((left + meta).filter { selection.contains($0.rule) })
    Self.sort(&shown, as: sources)
    Fingerprint.add(to: &shown)
    let isNote: (Finding) -> Bool = { $0.rule == MetaRules.notAnalysed.id }
    return Result(
      findings: shown.filter { !isNote($0) }, notAnalysed: shown.filter(isNote),
      statements: workload.statements.count + files.reduce(0) { $0 + $1.failures.count },
      transactions: workload.transactions.count,
      suppressed: hidden.filter { selection.contains($0.rule) && !isNote($0) }.count)
  }

  /// Of several hazards of one statement the one that ranks first.
  private static func ranked(_ findings: [Finding]) -> [Finding] {
    var best: [SourceRange: Int] = [:]
    for finding in findings {
      guard let rank = finding.rank, let statement = finding.statement else { continue }
      best[statement] = min(best[statement] ?? .max, rank)
    }
    var seen: Set<SourceRange> = []
    return findings.filter { finding in
      guard let rank = finding.rank, let statement = finding.statement else { return true }
      return rank == best[statement] && seen.insert(statement).inserted
    }
  }

  private static func sort(_ findings: inout [Finding], as sources: [SourceFile]) {
    var position: [String: Int] = [:]
    for (index, source) in sources.enumerated() { position[source.path] = index }
    func key(_ finding: Finding) -> (Int, Int, String) {
      (position[finding.range.file.path] ?? 0, finding.range.bytes.lowerBound, finding.rule)
    }
    findings.sort { key($0) < key($1) }
  }
}

extension MetaRules {
  /// All of them.
  public static let all = [syntaxError, notAnalysed, unusedIgnore]
}

/// Parses many files on several threads.
package enum FileReader {
  /// The files in the order given.
  package static func parse(_ sources: [SourceFile], threads: Int) -> [ParsedFile] {
    // Large files first, so that no thread is left with one at the end.
    let order = sources.indices.sorted { sources[$0].bytes.count > sources[$1].bytes.count }
    let first = LargeStack.map(count: order.count, threads: threads) { position in
      let parser = FileParser(sources[order[position]])
      // A file of one piece is parsed at once; the pieces of others are shared among threads.
      return (
        parser,
        parser.pieceCount <= 1 ? (0..<parser.pieceCount).map { parser.parse(piece: $0) } : []
      )
    }
    let open = first.indices.flatMap { index in
      first[index].1.isEmpty ? (0..<first[index].0.pieceCount).map { (index, $0) } : []
    }
    let pieces = LargeStack.map(count: open.count, threads: threads) { position in
      first[open[position].0].0.parse(piece: open[position].1)
    }
    var byFile = first.map(\.1)
    for (place, piece) in zip(open, pieces) { byFile[place.0].append(piece) }
    var result = [ParsedFile?](repeating: nil, count: sources.count)
    for (position, index) in order.enumerated() {
      result[index] = first[position].0.file(from: byFile[position])
    }
    return result.compactMap { $0 }
  }
}

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
