import LockModel
import PostgresTesting

/// A difference for people, with a schema as small as can be.
struct GeneratorReport {
  let seed: UInt64
  let difference: GeneratorRun.Difference

  /// All that is needed to understand it.
  func text(isMinimized: Bool) async throws -> String {
    let pieces = isMinimized ? try await minimized() : difference.schema.pieces
    let schema = isMinimized ? pieces.map { $0 + ";" }.joined(separator: "\n") : "(not made small)"
    let model = difference.model.entries.map { entry in
      "\(entry.lock)\(entry.isOptional ? "?" : "") (\(entry.reason.joined(separator: " > ")))"
    }
    return """
      seed \(seed): \(difference.statement.text)
        problems: \(difference.problems.joined(separator: "\n            "))
        model: \(model.joined(separator: "\n         "))
        notes: \(difference.model.notes)
        server: \(difference.seen.joined(separator: "; "))
      \(schema)
      """
  }

  /// The schema without the statements that the difference does not need.
  private func minimized() async throws -> [String] {
    var pieces = difference.schema.pieces
    for index in pieces.indices.reversed() {
      var fewer = pieces
      fewer.remove(at: index)
      if try await remains(fewer) { pieces = fewer }
    }
    return pieces
  }

  private func remains(_ pieces: [String]) async throws -> Bool {
    let text = pieces.map { $0 + ";\n" }.joined()
    return try await PostgresServer.shared().withDatabase { database in
      guard let server = try? ConformanceServer(database, schema: text),
        let seen = try? server.observe(GeneratorRun.line(difference.statement, locks: nil))
      else { return false }
      let model = GeneratorModel(difference.statement, schema: text)
      let comparison = GeneratorComparison(
        model: model, seen: seen.locks, roots: difference.schema.roots)
      return comparison.problems.contains(difference.problems[0])
    }
  }
}
