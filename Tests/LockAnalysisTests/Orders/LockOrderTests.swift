import Diagnostics
import LockAnalysis
import LockModel
import Testing

/// Which edges a lock order has.
@Suite("Lock orders")
struct LockOrderTests {
  private func order(_ text: String) -> LockOrder {
    let schema = """
      CREATE TABLE a (id int PRIMARY KEY, n int);
      CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a, n int);
      CREATE SEQUENCE s;
      """
    let file = ProjectFile(SourceFile(path: "q.sql", bytes: Array((schema + text).utf8)))
    let reader = ProjectReader(threads: 1, includesTests: false) { _ in false }
    return LockOrder(WorkloadBuilder(project: reader.read([file]).project, threads: 1).build())
  }

  /// Edges as `a>b`, with a mark where a deadlock goes through them.
  private func edges(_ text: String) -> [String] {
    let order = order(text)
    return order.edges.map { edge in
      "\(order.tables[edge.held].short)>\(order.tables[edge.request].short)"
        + (edge.isOfCircle ? "!" : "")
    }
  }

  @Test("Opposite orders are a circle")
  func circle() {
    let text = """
      BEGIN; UPDATE a SET n = 1 WHERE id = $1; UPDATE b SET n = 1 WHERE id = $2; COMMIT;
      BEGIN; UPDATE b SET n = 1 WHERE id = $2; UPDATE a SET n = 1 WHERE id = $1; COMMIT;
      """
    #expect(edges(text) == ["a>b!", "b>a!"])
    #expect(order(text).circles.map(\.transactions) == [["q.sql:3", "q.sql:4"]])
  }

  @Test("What nobody waits for, and what is given back, is no edge")
  func noEdge() {
    #expect(edges("BEGIN; SELECT n FROM a; UPDATE b SET n = 1 WHERE id = $2; COMMIT;") == [])
    #expect(
      edges(
        """
        UPDATE a SET n = 1 WHERE id = $1;
        UPDATE b SET n = 1 WHERE id = $1;
        BEGIN; UPDATE a SET n = 1 WHERE id = $1;
        UPDATE b SET n = nextval('s') WHERE id IN (SELECT id FROM b LIMIT 1 FOR UPDATE SKIP LOCKED);
        COMMIT;
        """) == [])
    #expect(
      edges(
        """
        BEGIN; SAVEPOINT s; UPDATE a SET n = 1 WHERE id = $1; ROLLBACK TO s;
        UPDATE b SET n = 1 WHERE id = $1; COMMIT;
        """) == [])
  }

  @Test("Two rows of one table are a circle with itself")
  func itself() {
    let text = "BEGIN; UPDATE a SET n = 1 WHERE id = $1; UPDATE a SET n = 1 WHERE id = $2; COMMIT;"
    #expect(edges(text) == ["a>a!"])
  }
}
