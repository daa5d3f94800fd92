import Foundation

/// One file of many transactions, each of which writes rows of three tables in the order of their
/// numbers; some of them do so in the opposite order.
struct TransactionCorpus {
  let text: String

  /// The same numbers give the same bytes.
  init(transactions: Int, tables: Int, opposite: Int, seed: UInt64) {
    var random = SplitMix(seed: seed)
    var text = ""
    for table in 0..<tables {
      text += "CREATE TABLE t\(table) (id int PRIMARY KEY, n int);\n"
    }
    let distance = max(1, transactions / max(1, opposite))
    for number in 0..<transactions {
      var chosen = (0..<3).map { _ in random.below(tables) }.sorted()
      if opposite > 0, number % distance == distance - 1 { chosen.reverse() }
      text += "BEGIN;\n"
      for (index, table) in chosen.enumerated() {
        text += "UPDATE t\(table) SET n = n + 1 WHERE id = $\(index + 1);\n"
      }
      text += "COMMIT;\n"
    }
    self.text = text
  }

  func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/transactions.sql"))
  }
}
