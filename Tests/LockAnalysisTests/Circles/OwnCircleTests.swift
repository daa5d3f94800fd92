import Diagnostics
import Testing

/// Circles of transactions with copies of themselves beside those of others over the same table.
@Suite("Circles of one transaction beside those of others")
struct OwnCircleTests {
  private static let table = "CREATE TABLE wallet (id int PRIMARY KEY, cents int, k int);\n"
  private static let settle = function(
    "settle", "UPDATE wallet SET cents = 1 WHERE id = x; UPDATE wallet SET cents = 2 WHERE id = y;")
  private static let upgrade = function(
    "charge",
    "PERFORM FROM wallet WHERE id = x FOR SHARE; UPDATE wallet SET cents = 1 WHERE id = x;")

  private static func function(_ name: String, _ body: String) -> String {
    "CREATE FUNCTION \(name)(x int, y int) RETURNS void LANGUAGE plpgsql AS "
      + "$$ BEGIN \(body) END $$;\n"
  }

  /// The lines and rules of what is found in lines below the table.
  private func found(_ lines: String...) throws -> [String] {
    try linted(Self.table + lines.joined()).map { "\($0.rule) \($0.message)" }
      .map { text in
        let routine = text.split(separator: "`").last { $0.hasSuffix("()") } ?? ""
        return "\(text.prefix { $0 != " " }) \(routine)"
      }
  }

  @Test("A hazard of one transaction does not hide one of another kind in another")
  func kinds() throws {
    #expect(
      try found(Self.upgrade, Self.settle) == [
        "lock-upgrade charge()", "unordered-row-writes settle()",
      ])
  }

  @Test("A hazard of one transaction does not hide the same in another")
  func places() throws {
    let again = Self.settle.replacing("settle", with: "repay")
    #expect(
      try found(Self.settle, again) == [
        "unordered-row-writes settle()", "unordered-row-writes repay()",
      ])
  }

  @Test("One transaction has a hazard of each kind")
  func both() throws {
    let both = Self.function(
      "mixed",
      "PERFORM FROM wallet WHERE id = x FOR SHARE; UPDATE wallet SET cents = 1 WHERE id = x; "
        + "UPDATE wallet SET cents = 2 WHERE id = y;")
    #expect(
      Set(try found(both)) == ["lock-upgrade mixed()", "unordered-row-writes mixed()"])
  }

  @Test("What has no copy that it deadlocks with is found with another")
  func pairs() throws {
    let forth = Self.function(
      "forth", "UPDATE wallet SET cents = 1 WHERE id = 1; UPDATE wallet SET cents = 1 WHERE id = 2;"
    )
    let back = Self.function(
      "back", "UPDATE wallet SET cents = 1 WHERE id = 2; UPDATE wallet SET cents = 1 WHERE id = 1;")
    #expect(try found(forth, back).count == 1)
    #expect(
      Set(try found(forth, back, Self.settle)) == [
        "unordered-row-writes back()", "unordered-row-writes settle()",
      ])
  }
}
