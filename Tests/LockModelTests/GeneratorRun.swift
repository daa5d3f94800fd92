import Foundation
import LockModel
import PostgresTesting
import SeededRandom

/// Holds random statements over one random schema to a server and to the model.
struct GeneratorRun {
  /// A statement for which the model and the server differ.
  struct Difference: Sendable {
    let statement: GeneratorStatement
    let problems: [String]
    let model: GeneratorModel
    let seen: [String]
    let schema: GeneratorSchema
  }

  /// What came of a schema.
  struct Result: Sendable {
    var figures = GeneratorFigures()
    var differences: [Difference] = []
  }

  let seed: UInt64
  /// How many statements must run.
  let count: Int

  /// Runs them in an empty database.
  func run(_ database: PostgresDatabase) async throws -> Result {
    var random = GeneratorRandom(seed: seed)
    var builder = GeneratorSchemaBuilder(random: GeneratorRandom(seed: random.next()))
    let schema = builder.build()
    var statements = GeneratorStatements(schema, random: GeneratorRandom(seed: random.next()))
    let server = try ConformanceServer(database, schema: schema.text)
    let isOrderly = try Self.isOrderly(server)
    var result = Result()
    while result.figures.tried < count, result.figures.skipped < 10 * count {
      let statement = statements.next()
      let isProbed = random.chance(10) && isOrderly
      try await run(statement, isProbed: isProbed, schema, server, &result)
    }
    return result
  }

  private func run(
    _ statement: GeneratorStatement, isProbed: Bool, _ schema: GeneratorSchema,
    _ server: ConformanceServer, _ result: inout Result
  ) async throws {
    let line = Self.line(statement, locks: nil)
    let seen: ConformanceServer.Observation
    do throws(PostgresError) {
      seen = try Self.observe(line, server)
    } catch {
      result.figures.skip(statement.family, error)
      return
    }
    let model = GeneratorModel(statement, schema: schema.text)
    let comparison = GeneratorComparison(model: model, seen: seen.locks, roots: schema.roots)
    var problems = comparison.problems
    // Where a lock that is kept follows a brief one on the same relation, a probe meets the brief one.
    let isProbed =
      isProbed && !seen.locks.contains { model.brieflyLocked.contains($0.relationName ?? "") }
    if problems.isEmpty, isProbed, seen.locks.count(where: \.isRelation) > 1 {
      problems = try await orderProblems(line, comparison.orders, server)
      result.figures.probed += 1
    }
    let sight = GeneratorSight(locks: seen.locks)
    let unknown = result.figures.count(
      statement.family,
      problems.map {
        GeneratorProblem(
          text: $0, statement: statement, model: model, seen: sight, schema: schema)
      })
    guard !unknown.isEmpty else { return }
    result.differences.append(
      Difference(
        statement: statement, problems: unknown, model: model,
        seen: seen.locks.map(\.description).sorted(), schema: schema))
  }

  /// What is wrong with all of some orders.
  private func orderProblems(
    _ line: ConformanceLine, _ orders: [[ConformanceLock]], _ server: ConformanceServer
  ) async throws -> [String] {
    var line = line
    var problems: [String] = []
    for order in orders {
      line.locks = order
      problems = try await ConformanceJudge(server: server).problems(line)
      if problems.isEmpty { break }
    }
    return problems
  }

  /// Whether triggers run in the order of their creation: the server compares their numbers as
  /// text, so that 10000 comes before 9999.
  private static func isOrderly(_ server: ConformanceServer) throws -> Bool {
    let rows = try server.control.execute(
      "SELECT count(DISTINCT length(oid::text)) < 2 FROM pg_trigger WHERE oid >= 16384")
    return rows.first?.first == "t"
  }

  static func line(
    _ statement: GeneratorStatement, locks: [ConformanceLock]?
  ) -> ConformanceLine {
    ConformanceLine(
      file: "random", number: 0, statements: [statement.text], locks: locks, unreadable: [])
  }

  /// What a statement locks; an error of the server where it does not run.
  private static func observe(
    _ line: ConformanceLine, _ server: ConformanceServer
  ) throws(PostgresError) -> ConformanceServer.Observation {
    do {
      return try server.observe(line)
    } catch let error as PostgresError {
      throw error
    } catch {
      throw PostgresError(sqlState: "", message: "\(error)")
    }
  }
}
