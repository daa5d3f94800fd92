import Diagnostics
import Linting
import LockAnalysis
import LockModel
import PostgresSyntax
import Testing

/// The order that transactions impose.
@Suite("Lock order")
struct LockOrderTests {
  private func order(_ text: String) -> LockOrder {
    let source = SourceFile(path: "q.sql", bytes: Array(text.utf8))
    let reader = ProjectReader(threads: 1, includesTests: true) { _ in false }
    let project = reader.read([ProjectFile(source)]).project
    return LockOrder(WorkloadBuilder(project: project, threads: 1).build())
  }

  /// Edges between rows, such as `a < b`.
  private func rowEdges(_ order: LockOrder) -> [String] {
    order.order.compactMap { edge in
      guard case .rows(let held) = edge.held.target, case .rows(let next) = edge.requested.target
      else { return nil }
      return "\(held.short) < \(next.short)"
    }
  }

  private static let schema =
    "CREATE TABLE a (id int PRIMARY KEY, n int); CREATE TABLE b (id int PRIMARY KEY, n int);\n"

  @Test("Two transactions impose opposite orders")
  func opposite() {
    let found = order(
      Self.schema + """
        BEGIN; UPDATE a SET n = 1 WHERE id = 1; UPDATE b SET n = 1 WHERE id = 1; COMMIT;
        BEGIN; UPDATE b SET n = 1 WHERE id = 1; UPDATE a SET n = 1 WHERE id = 1; COMMIT;
        """)
    #expect(rowEdges(found) == ["a < b", "b < a"])
  }

  @Test("What is given back imposes no order")
  func givenBack() {
    let found = order(
      Self.schema + """
        BEGIN; SAVEPOINT s; UPDATE a SET n = 1 WHERE id = 1; ROLLBACK TO s;
        UPDATE b SET n = 1 WHERE id = 1; COMMIT;
        """)
    #expect(rowEdges(found).isEmpty)
  }

  @Test("Arms of one decision impose no order on each other")
  func arms() {
    let found = order(
      Self.schema + """
        CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        IF now() > '2000-01-01' THEN UPDATE a SET n = 1 WHERE id = 1;
        ELSE UPDATE b SET n = 1 WHERE id = 1; END IF;
        END $$;
        """)
    #expect(rowEdges(found).isEmpty)
  }

  @Test("Two calls of one function can take different arms")
  func calls() {
    let found = order(
      Self.schema + """
        CREATE FUNCTION f(x bool) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        IF x THEN UPDATE a SET n = 1 WHERE id = 1;
        ELSE UPDATE b SET n = 1 WHERE id = 1; END IF;
        END $$;
        BEGIN; SELECT f(true); SELECT f(false); COMMIT;
        """)
    #expect(rowEdges(found).contains("a < b"))
    #expect(rowEdges(found).contains("b < a"))
  }

  @Test("A statement that locks several rows asks for one while it holds another")
  func selfEdge() {
    let found = order(Self.schema + "UPDATE a SET n = 1;")
    #expect(found.selfEdges.count == 1)
  }

  @Test("Of many edges of one kind the first wait is kept")
  func firstWait() throws {
    let line = "BEGIN; UPDATE a SET n = 1 WHERE id = 1; UPDATE b SET n = 1 WHERE id = 1; COMMIT;\n"
    let found = order(Self.schema + line + line)
    let edge = try #require(
      found.order.first { edge in
        if case .rows = edge.held.target, case .rows = edge.requested.target { true } else { false }
      })
    #expect(found.edges[edge]?.request.statement == 4)
  }
}
