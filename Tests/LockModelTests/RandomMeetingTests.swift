import Diagnostics
import Foundation
import LockAnalysis
import LockModel
import PostgresTesting
import SeededRandom
import Testing

/// Two random transactions of two statements each: the server ends them with a deadlock, in the one
/// schedule in which they can have one, just when the search finds a circle.
///
/// `SQLLOCK_MEETINGS` is the number of pairs, `SQLLOCK_SEED` where they begin.
@Suite("Random transactions on a server", .enabled(if: PostgresServer.isExpected, "no PostgreSQL"))
struct RandomMeetingTests {
  fileprivate static let schema = """
    CREATE TABLE p (id integer PRIMARY KEY, n integer NOT NULL);
    CREATE TABLE q (id integer PRIMARY KEY, n integer NOT NULL);
    CREATE TABLE c (id integer PRIMARY KEY, p_id integer NOT NULL REFERENCES p, n integer NOT NULL);

    """

  fileprivate static let rows = """
    INSERT INTO p VALUES (1, 0), (2, 0), (3, 0);
    INSERT INTO q VALUES (1, 0), (2, 0);
    INSERT INTO c VALUES (1, 3, 0), (2, 3, 0);

    """

  /// What both transactions may want to lock.
  private struct Thing {
    private let table: String
    private let key: Int
    private let isAdvisory: Bool

    init(_ random: inout GeneratorRandom) {
      table = random.pick(["p", "q", "c"])
      key = random.number(1...2)
      isAdvisory = random.chance(15)
    }

    /// Something that locks it, or a part of it.
    func statement(_ random: inout GeneratorRandom) -> String {
      if isAdvisory {
        return "SELECT pg_advisory_xact_lock\(random.pick(["", "", "_shared"]))(\(key))"
      }
      switch random.number(0...9) {
      case 0, 1, 2: return "UPDATE \(table) SET n = n + 1 WHERE id = \(key)"
      case 3, 4:
        let mode = random.pick(["UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"])
        return "SELECT n FROM \(table) WHERE id = \(key) FOR \(mode)"
      case 5, 6:
        let mode = random.pick([
          "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
          "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE",
        ])
        return "LOCK TABLE \(table) IN \(mode) MODE"
      case 7:
        // A row that goes takes the checks of its foreign key along.
        return table == "q"
          ? random.pick(["DELETE FROM q WHERE id = \(key)", "TRUNCATE q"])
          : "UPDATE c SET p_id = \(key) WHERE id = \(random.number(1...2))"
      case 8: return "INSERT INTO q VALUES (1\(key), 0) ON CONFLICT (id) DO NOTHING"
      default: return "SELECT n FROM \(table) WHERE id = \(key)"
      }
    }
  }

  /// A pair of transactions.
  private struct Meeting: CustomTestStringConvertible {
    let scripts: [[String]]

    init(_ random: inout GeneratorRandom) {
      let things = [Thing(&random), Thing(&random)]
      scripts = [things, random.chance(80) ? things.reversed() : things].map { things in
        things.map { random.chance(90) ? $0.statement(&random) : Thing(&random).statement(&random) }
      }
    }

    var testDescription: String {
      scripts.map { $0.joined(separator: "; ") }.joined(separator: "  |  ")
    }

    /// Whether the search finds a circle of the two, without copies of either.
    func hasCircle() -> Bool {
      let text = scripts.map { "BEGIN; \($0.joined(separator: "; ")); COMMIT;\n" }.joined()
      let files = [("migrations/001_tables.sql", RandomMeetingTests.schema), ("app.sql", text)].map
      { path, text in
        ProjectFile(SourceFile(path: path, bytes: Array(text.utf8)))
      }
      let reader = ProjectReader(threads: 1, includesTests: false, host: nil) { _ in false }
      let workload = WorkloadBuilder(project: reader.read(files).project, threads: 1).build()
      let read = WorkloadSequences(workload)
      let sequences = read.sequences.filter { $0.kind == .repeated }.map { sequence in
        LockSequence(steps: sequence.steps, kind: .single, ascending: sequence.ascending)
      }
      var search = CircleSearch(sequences, read.terms)
      return !search.circles().found.isEmpty
    }

    /// Whether the server ends one of the two.
    func deadlocks() async throws -> Bool {
      for pair in [scripts, scripts.reversed()] {
        let experiment = DeadlockExperiment(
          schema: RandomMeetingTests.schema + RandomMeetingTests.rows, first: .init(pair[0]),
          second: .init(pair[1]))
        switch try await PostgresServer.shared().withDatabase({ await experiment.run(in: $0) }) {
        case .deadlock: return true
        case .completed: break
        case .failed(let text): Issue.record("\(testDescription): \(text)")
        }
      }
      return false
    }
  }

  @Test("The search and the server agree")
  func agree() async throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["SQLLOCK_MEETINGS"].flatMap { Int($0) } ?? 60
    var random = GeneratorRandom(seed: environment["SQLLOCK_SEED"].flatMap { UInt64($0) } ?? 1)
    var deadlocks = 0
    for _ in 0..<count {
      let meeting = Meeting(&random)
      let found = meeting.hasCircle()
      let happens = try await meeting.deadlocks()
      if happens { deadlocks += 1 }
      #expect(found == happens, "\(meeting.testDescription): found \(found), happens \(happens)")
    }
    print("random meetings: \(deadlocks) of \(count) deadlock")
    #expect(deadlocks > count / 20)
  }
}
