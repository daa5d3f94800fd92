import Testing

@testable import PostgresSyntax

@Suite("Routine bodies")
struct RoutineTests {
  /// The structure of a body of PL/pgSQL.
  private func dump(_ body: String) -> String {
    let file = parse("DO $body$ \(body) $body$;")
    let failures = file.failures.map { "\n\($0.message)" }.joined()
    return (file.statements.first?.routine.map(PLDump.text) ?? "nothing") + failures
  }

  @Test("statements are read as PostgreSQL reads them", arguments: RoutineCases.all)
  func structure(_ example: RoutineCases.Case) {
    #expect(dump(example.body) == example.dump)
  }
}
