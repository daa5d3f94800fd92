public import Diagnostics
import Reports
public import Testing

/// Findings made by hand, and the files that they are about.
enum Samples {
  /// What the snapshots of every format show.
  static let findings = [oneFile, twoFiles, windowsFile, syntaxNote]

  /// One file, two sessions that run the same statement, a safe fix over several lines.
  static let oneFile: Finding = {
    let file = SourceFile(
      path: "db/orders.sql",
      text: """
        -- name: ShipOrders :exec
        BEGIN;
        UPDATE orders
           SET state = 'shipped'
         WHERE id = ANY($1);
        COMMIT;

        """)
    let update = file.range(of: "UPDATE orders\n   SET state = 'shipped'\n WHERE id = ANY($1);")
    let title = "ShipOrders"
    var finding = Finding(
      rule: "unordered-bulk-write", severity: .warning,
      message: "locks rows of `orders` in no particular order; two calls can deadlock",
      range: update, statement: update)
    finding.rangeText = "locks the rows in the order of the plan"
    finding.labels = [.init(range: file.range(of: "ANY($1)"), text: "many rows")]
    finding.flows = [
      .init(
        title: "\(title) (1)",
        steps: [
          .locks(update, "a row of orders", at: 1), .waits(update, "the row of the other", at: 3),
        ]),
      .init(
        title: "\(title) (2)",
        steps: [
          .locks(update, "another row of orders", at: 2),
          .waits(update, "the row of the other", at: 4, deadlocks: true),
        ]),
    ]
    finding.assumptions = ["`orders.id` is a key"]
    finding.help = "lock the rows in the order of their key before the update"
    finding.fix = Fix(
      applicability: .safe, message: "lock the rows first, ordered by `id`",
      edits: [
        Edit(
          range: file.range(of: "WHERE id = ANY($1)"),
          replacement: """
            WHERE id IN (
                   SELECT id FROM orders WHERE id = ANY($1)
                    ORDER BY id FOR NO KEY UPDATE)
            """)
      ])
    finding.fingerprint = "1f0c"
    return finding
  }()

  /// Two files whose transactions take the same tables in opposite order.
  static let twoFiles: Finding = {
    let transfer = SourceFile(
      path: "./transfer.sql",
      text: """
        BEGIN;
        UPDATE accounts SET balance = balance - 1 WHERE id = 1;
        UPDATE ledger SET total = total + 1;
        COMMIT;
        """)
    let close = SourceFile(
      path: "/srv/app/close: 50%, final.sql",
      text: """
        BEGIN;
        UPDATE ledger SET closed = true;
        SELECT 1;
        SELECT 2;
        INSERT INTO closings VALUES (now());
        COMMIT;
        """)
    let accounts = transfer.range(of: "UPDATE accounts SET balance = balance - 1 WHERE id = 1")
    let total = transfer.range(of: "UPDATE ledger SET total = total + 1")
    let closed = close.range(of: "UPDATE ledger SET closed = true")
    let insert = close.range(of: "INSERT INTO closings VALUES (now())")
    var finding = Finding(
      rule: "lock-order-inversion", severity: .error,
      message: "waits for rows of `ledger` while holding a row of `accounts`", range: total)
    finding.rangeText = "waits for rows of ledger"
    finding.labels = [
      .init(range: accounts, text: "locks a row of accounts"),
      .init(range: closed, text: "locks rows of ledger"),
      .init(range: insert, text: "waits for a row of accounts"),
    ]
    finding.flows = [
      .init(
        title: "./transfer.sql",
        steps: [
          .locks(accounts, "a row of accounts", at: 1), .waits(total, "rows of ledger", at: 3),
        ]),
      .init(
        title: "closing",
        steps: [
          .locks(closed, "rows of ledger", at: 2),
          .waits(
            insert, "a row of accounts", at: 4, deadlocks: true,
            reason: ["trigger closings_touch", "function touch_accounts"]),
        ]),
    ]
    finding.help = "update accounts before ledger in close.sql"
    finding.fingerprint = "ab,2"
    return finding
  }()

  /// A file with a byte-order mark, CRLF, tabs and characters of one to four bytes.
  static let windowsFile: Finding = {
    let file = SourceFile(
      path: "db/größe 口座.sql",
      text: "\u{FEFF}BEGIN;\r\n"
        + "\tINSERT INTO 口座 AS k\t(名前, grün) SELECT 'e\u{301}🙂', n FROM neu\r\n"
        + "\t\tON CONFLICT (名前) DO UPDATE\r\n"
        + "\t\tSET grün = 2;\r\n"
        + "COMMIT;\r\n")
    let source = file.range(of: "FROM neu")
    var finding = Finding(
      rule: "unordered-upsert", severity: .warning,
      message: "upserts rows of `口座` in no particular order", range: source)
    finding.rangeText = "comes in no order"
    finding.labels = [.init(range: file.range(of: "口座 AS k"), text: "the rows locked")]
    finding.fix = Fix(
      applicability: .unsafe, message: "insert the rows in the order of 名前",
      caveat: "a serial column numbers them in another order",
      edits: [Edit(range: source, replacement: "FROM neu\r\n\t\tORDER BY 名前")])
    return finding
  }()

  /// A note about text that does not parse.
  static let syntaxNote: Finding = {
    let file = SourceFile(path: "db/broken.sql", text: "SELECT 1;\nSELEC 2;\n")
    return Finding(
      rule: "syntax-error", severity: .note, message: "syntax error at or near \"SELEC\"",
      range: file.range(of: "SELEC "))
  }()
}

extension SourceFile {
  convenience init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// The first place of a piece of text.
  func range(of needle: String) -> SourceRange {
    let wanted = Array(needle.utf8)
    let start = bytes.indices.first { bytes[$0...].starts(with: wanted) }
    guard let start else { preconditionFailure("\(path) does not contain \(needle)") }
    return SourceRange(file: self, bytes: start..<start + wanted.count)
  }
}

extension Finding: CustomTestStringConvertible {
  /// The message, since the files of a finding are too long for a list of tests.
  public var testDescription: String { message }
}

extension Finding.Step {
  static func locks(_ range: SourceRange, _ target: String, at moment: Int) -> Self {
    .init(range: range, action: .locks, target: target, text: "locks \(target)", moment: moment)
  }

  static func waits(
    _ range: SourceRange, _ target: String, at moment: Int, deadlocks: Bool = false,
    reason: [String] = ["direct"]
  ) -> Self {
    .init(
      range: range, action: .waits, target: target, text: "waits for \(target)", moment: moment,
      reason: reason, deadlocks: deadlocks)
  }
}

extension ReportContext {
  static let sample = ReportContext(
    toolVersion: "1.2.3",
    summary: Summary(
      files: 5, statements: 14, transactions: 4, notAnalysed: 1, errors: 1, warnings: 2, notes: 1,
      suppressed: 3),
    rules: [
      RuleDescription(
        id: "unordered-upsert", group: .rowOrder, summary: "An upsert of many rows in no order",
        severity: .warning),
      RuleDescription(
        id: "syntax-error", group: .meta, summary: "Text that PostgreSQL cannot parse",
        severity: .note),
    ],
    ruleHelp: ["unordered-upsert": "# unordered-upsert\n\nSort the rows.\n"])
}
