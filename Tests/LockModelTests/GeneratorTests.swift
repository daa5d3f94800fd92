import Foundation
import PostgresTesting
import SeededRandom
import Testing

/// Random statements over random schemas, held to a server and to the model.
///
/// `SQLLOCK_SEED` and `SQLLOCK_STATEMENTS` choose others than those that every run tries.
@Suite("Generator", .serialized)
struct GeneratorTests {
  private static let seed = number("SQLLOCK_SEED") ?? 1
  private static let statements = number("SQLLOCK_STATEMENTS") ?? 2_000
  private static let perSchema: UInt64 = 50
  /// How many differences are made small; each takes some seconds.
  private static let minimized = number("SQLLOCK_MINIMIZED") ?? 3

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("A seed fixes schemas and statements")
  func determinism() {
    #expect(Self.sample(7) == Self.sample(7))
    #expect(Self.sample(7) != Self.sample(8))
  }

  private static func sample(_ seed: UInt64) -> [String] {
    var builder = GeneratorSchemaBuilder(random: GeneratorRandom(seed: seed))
    let schema = builder.build()
    var statements = GeneratorStatements(schema, random: GeneratorRandom(seed: seed))
    return [schema.text] + (0..<20).map { _ in statements.next().text }
  }

  @Test(
    "The model lists what random statements lock on a server",
    .enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
  func statements() async throws {
    var figures = GeneratorFigures()
    var differences: [(seed: UInt64, GeneratorRun.Difference)] = []
    let schemas = Self.statements / Self.perSchema
    for result in try await Self.results((0..<schemas).map { Self.seed &* 1_000_003 &+ $0 }) {
      figures.add(result.1.figures)
      differences += result.1.differences.map { (result.0, $0) }
    }
    for (index, (seed, difference)) in differences.enumerated() {
      let isMinimized = index < Self.minimized
      let report = GeneratorReport(seed: seed, difference: difference)
      Issue.record("\(try await report.text(isMinimized: isMinimized))")
    }
    print(figures.text)
  }

  /// All schemas, a few at a time, each in a database of its own.
  private static func results(
    _ seeds: [UInt64]
  ) async throws -> [(UInt64, GeneratorRun.Result)] {
    try await withThrowingTaskGroup(of: (UInt64, GeneratorRun.Result).self) { group in
      var waiting = seeds[...]
      for seed in waiting.prefix(3) { group.addTask { (seed, try await result(seed)) } }
      waiting = waiting.dropFirst(3)
      var results: [(UInt64, GeneratorRun.Result)] = []
      while let result = try await group.next() {
        results.append(result)
        if let seed = waiting.popFirst() {
          group.addTask { (seed, try await Self.result(seed)) }
        }
      }
      return results.sorted { $0.0 < $1.0 }
    }
  }

  private static func result(_ seed: UInt64) async throws -> GeneratorRun.Result {
    try await PostgresServer.shared().withDatabase { database in
      do {
        return try await GeneratorRun(seed: seed, count: Int(perSchema)).run(database)
      } catch {
        var builder = GeneratorSchemaBuilder(random: .schema(seed))
        Issue.record("seed \(seed): \(error)\n\(builder.build().text)")
        return GeneratorRun.Result()
      }
    }
  }
}

extension GeneratorRandom {
  /// That which makes the schema of a run.
  static func schema(_ seed: UInt64) -> GeneratorRandom {
    var random = GeneratorRandom(seed: seed)
    return GeneratorRandom(seed: random.next())
  }
}
