/// A kind of input that can be made of any size, whose text grows with its size.
struct GrowingInput: Sendable {
  /// What it is, and what it is known by.
  let name: String
  /// The size to begin with.
  let start: Int
  /// The text of a size.
  let text: @Sendable (Int) -> String

  init(_ name: String, from start: Int = 32, _ text: @escaping @Sendable (Int) -> String) {
    self.name = name
    self.start = start
    self.text = text
  }

  /// All of them.
  static let all = relations + dependencies + routines + queries + texts

  /// The text of each number below a count, one beneath the other.
  static func lines(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map { line($0) + "\n" }.joined()
  }

  /// The text of each number below a count, in a row.
  static func row(_ count: Int, _ separator: String = ", ", _ item: (Int) -> String) -> String {
    (0..<count).map(item).joined(separator: separator)
  }

  /// That many tables.
  static func tables(_ count: Int, _ suffix: String = "") -> String {
    lines(count) { "CREATE TABLE t\($0) (id int PRIMARY KEY, a int, b int)\(suffix);" }
  }
}
