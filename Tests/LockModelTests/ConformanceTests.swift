import Foundation
import LockModel
import PostgresTesting
import Testing

/// What statements lock and in which order, held to a server and to the model.
@Suite("Conformance", .serialized)
struct ConformanceTests {
  static let isRecording = ProcessInfo.processInfo.environment["SQLLOCK_RECORD"] == "1"

  /// What became of one line.
  private struct Verdict: Sendable {
    let line: ConformanceLine
    let family: String
    var problems: [String]
    var recorded: [ConformanceLock]?
  }

  @Test("Every lock of the tables is written as one")
  func notation() throws {
    for line in try ConformanceFile.families().flatMap(\.lines) {
      #expect(line.unreadable == [], "\(line.place)")
      if !Self.isRecording {
        #expect(line.locks != nil, "\(line.place) is not recorded; run with SQLLOCK_RECORD=1")
      }
    }
  }

  @Test("Families have names of their own")
  func names() throws {
    let names = try ConformanceFile.families().map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(
    "PostgreSQL locks what the tables say, in their order",
    .enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
  func server() async throws {
    let families = try ConformanceFile.families()
    let verdicts = try await Self.verdicts(families)
    if Self.isRecording { try Self.write(verdicts) }
    for verdict in verdicts where !verdict.problems.isEmpty {
      Issue.record(
        "\(verdict.line.testDescription)\n  \(verdict.problems.joined(separator: "\n  "))")
    }
    var figures = ConformanceFigures()
    for verdict in verdicts { figures.count(verdict.family, isRight: verdict.problems.isEmpty) }
    figures.print(families, "on the server")
  }

  @Test("The model locks what the tables say, in their order")
  func model() throws {
    let families = try ConformanceFile.families()
    var figures = ConformanceFigures()
    for family in families {
      let model = ConformanceModel(family)
      for line in family.lines {
        let listed = line.locks ?? []
        let modelled = model.locks(of: line)
        let isRight = model.merged(modelled) == model.merged(listed)
        figures.count(family.name, isRight: isRight)
        guard !isRight else { continue }
        Issue.record(
          "\(line.testDescription)\n  table: \(listed.text)\n  model: \(modelled.text)")
      }
    }
    figures.print(families, "in the model")
    try figures.holdReadme(to: families)
  }

  // MARK: Families at once

  /// All families, a few at a time, each in a database of its own.
  private static func verdicts(_ families: [ConformanceFamily]) async throws -> [Verdict] {
    try await withThrowingTaskGroup(of: [Verdict].self) { group in
      var waiting = families[...]
      for family in waiting.prefix(3) { group.addTask { try await verdicts(family) } }
      waiting = waiting.dropFirst(3)
      var result: [Verdict] = []
      while let verdicts = try await group.next() {
        result += verdicts
        if let family = waiting.popFirst() {
          group.addTask { try await Self.verdicts(family) }
        }
      }
      return result
    }
  }

  private static func verdicts(_ family: ConformanceFamily) async throws -> [Verdict] {
    try await PostgresServer.shared().withDatabase { database in
      let server: ConformanceServer
      do {
        server = try ConformanceServer(database, schema: family.schema)
      } catch {
        Issue.record("the schema of \(family.name): \(error)")
        return []
      }
      var verdicts: [Verdict] = []
      for line in family.lines {
        var verdict = Verdict(line: line, family: family.name, problems: [])
        do {
          verdict = try await Self.verdict(verdict, family, server)
        } catch {
          verdict.problems = ["\(error)"]
        }
        verdicts.append(verdict)
      }
      return verdicts
    }
  }

  private static func verdict(
    _ start: Verdict, _ family: ConformanceFamily, _ server: ConformanceServer
  ) async throws -> Verdict {
    var verdict = start
    verdict.problems = try await problems(verdict.line, family, server)
    let isBrief = verdict.line.locks.map { $0.withoutIncluded() == $0 } ?? false
    guard isRecording, !isBrief || !verdict.problems.isEmpty else { return verdict }
    var line = verdict.line
    if family.isOutsideTransaction {
      var outside = ConformanceOutside(server)
      line.locks = try await outside.record(line)
    } else {
      line.locks = try await ConformanceRecorder(server: server).record(line)
    }
    verdict.recorded = line.locks
    verdict.problems = try await problems(line, family, server)
    return verdict
  }

  private static func problems(
    _ line: ConformanceLine, _ family: ConformanceFamily, _ server: ConformanceServer
  ) async throws -> [String] {
    guard family.isOutsideTransaction else {
      return try await ConformanceJudge(server: server).problems(line)
    }
    var outside = ConformanceOutside(server)
    return try await outside.problems(line)
  }

  private static func write(_ verdicts: [Verdict]) throws {
    for file in try ConformanceFile.all() {
      var locks: [Int: [ConformanceLock]] = [:]
      for verdict in verdicts where verdict.line.file == file.name {
        locks[verdict.line.number] = verdict.recorded
      }
      try file.write(locks)
    }
  }
}
