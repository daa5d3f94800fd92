import CPgQuery
import Diagnostics
import Foundation
import Linting
import PostgresSyntax
import SQLLockRules

/// The linter beside the parser that it stands on, over one folder.
struct LintFigures {
  /// `pg_query_parse` alone, on one thread.
  let parse: Cost
  /// The lint on one thread, of files in memory.
  let lint: Cost
  /// The same with reading the files.
  let lintWithReading: Cost
  /// The lint on all processors, of files in memory.
  let parallel: Cost
  /// The same with reading the files.
  let parallelWithReading: Cost
  let threads = ProcessInfo.processInfo.activeProcessorCount
  let files: Int
  let bytes: Int
  let statements: Int
  let findings: Int
  /// Files that `pg_query_parse` refuses as they are; nothing is measured over them.
  let skipped: Int

  /// Runs everything in turn, `repetitions` times, so that a slow moment hits all alike.
  init(folder: String, repetitions: Int) throws {
    let found = try Self.paths(below: folder)
    let all = try found.map { SourceFile(path: $0, bytes: try Self.read($0)) }
    let sources = LargeStack.run { all.filter { Self.parses($0.bytes) } }
    let paths = sources.map(\.path)
    guard !sources.isEmpty else { throw EmptyFolder(folder: folder) }
    var costs = [[Cost]](repeating: [], count: 5)
    // The first round warms up and is not counted.
    for round in 0...repetitions {
      let threads = threads
      let measured = [
        LargeStack.run { Cost.of { for source in sources { _ = Self.parses(source.bytes) } } },
        Cost.of { _ = Self.lint(sources, threads: 1) },
        try Cost.of { _ = Self.lint(try Self.read(paths), threads: 1) },
        Cost.of { _ = Self.lint(sources, threads: threads) },
        try Cost.of { _ = Self.lint(try Self.read(paths), threads: threads) },
      ]
      guard round > 0 else { continue }
      for (index, cost) in measured.enumerated() { costs[index].append(cost) }
    }
    let result = Self.lint(sources, threads: 1)
    (statements, findings) = (result.statements, result.findings.count)
    (files, skipped) = (sources.count, all.count - sources.count)
    bytes = sources.reduce(0) { $0 + $1.bytes.count }
    (parse, lint, lintWithReading) = (median(costs[0]), median(costs[1]), median(costs[2]))
    (parallel, parallelWithReading) = (median(costs[3]), median(costs[4]))
  }

  private static func lint(_ sources: [SourceFile], threads: Int) -> Linter.Result {
    Linter(rules: RuleCatalog.rules, selection: everything, threads: threads).lint(sources)
  }

  private static let everything: Selection = {
    do {
      return try Selection(select: ["all"], ignore: [], rules: RuleCatalog.descriptions)
    } catch {
      preconditionFailure("`all` is always a selection")
    }
  }()

  /// Parses a whole text and throws the result away; false when the grammar refuses it.
  private static func parses(_ bytes: [UInt8]) -> Bool {
    let text = bytes.map { CChar(bitPattern: $0) } + [0]
    let result = pg_query_parse(text)
    defer { pg_query_free_parse_result(result) }
    return result.error == nil
  }

  private static func read(_ paths: [String]) throws -> [SourceFile] {
    try paths.map { SourceFile(path: $0, bytes: try read($0)) }
  }

  private static func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private static func paths(below folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.lowercased().hasSuffix(".sql") }.sorted().map { "\(folder)/\($0)" }
  }
}

/// There is nothing to measure.
struct EmptyFolder: Error, CustomStringConvertible {
  let folder: String
  var description: String { "\(folder): no SQL file that parses" }
}
