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
  let lint: Work
  /// The same with reading the files.
  let lintWithReading: Work
  /// The lint on all processors, of files in memory.
  let parallel: Work
  /// The same with reading the files.
  let parallelWithReading: Work
  let threads = ProcessInfo.processInfo.activeProcessorCount
  let files: Int
  let bytes: Int
  let statements: Int
  let findings: Int
  /// Files that `pg_query_parse` refuses as they are; nothing is measured over them.
  let skipped: Int

  /// A kind of work: the medians of its costs, and of its costs by that of the parse before it.
  struct Work {
    let cost: Cost
    let ratio: Cost

    fileprivate init(_ samples: [(parse: Cost, work: Cost)]) {
      cost = median(samples.map(\.work))
      ratio = median(
        samples.map { Cost(wall: $0.work.wall / $0.parse.wall, cpu: $0.work.cpu / $0.parse.cpu) })
    }
  }

  /// Runs everything in turn, `repetitions` times, so that a slow moment hits all alike.
  init(folder: String, repetitions: Int) throws {
    let found = try Self.paths(below: folder)
    let all = try found.map { SourceFile(path: $0, bytes: try Self.read($0)) }
    let sources = LargeStack.run { all.filter { Self.parses($0.bytes) } }
    let paths = sources.map(\.path)
    guard !sources.isEmpty else { throw EmptyFolder(folder: folder) }
    let threads = threads
    let works: [() throws -> Void] = [
      { _ = Self.lint(sources, threads: 1) },
      { _ = Self.lint(try Self.read(paths), threads: 1) },
      { _ = Self.lint(sources, threads: threads) },
      { _ = Self.lint(try Self.read(paths), threads: threads) },
    ]
    var samples = [[(parse: Cost, work: Cost)]](repeating: [], count: works.count)
    // The first round warms up and is not counted.
    for round in 0...repetitions {
      for (index, work) in works.enumerated() {
        let parse = LargeStack.run {
          Cost.of { for source in sources { _ = Self.parses(source.bytes) } }
        }
        let cost = try Cost.of(work)
        if round > 0 { samples[index].append((parse, cost)) }
      }
    }
    let result = Self.lint(sources, threads: 1)
    (statements, findings) = (result.statements, result.findings.count)
    (files, skipped) = (sources.count, all.count - sources.count)
    bytes = sources.reduce(0) { $0 + $1.bytes.count }
    parse = median(samples.joined().map(\.parse))
    (lint, lintWithReading) = (Work(samples[0]), Work(samples[1]))
    (parallel, parallelWithReading) = (Work(samples[2]), Work(samples[3]))
  }

  private static func lint(_ sources: [SourceFile], threads: Int) -> Linter.Result {
    RuleCatalog.linter(selection: everything, threads: threads).lint(sources)
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
