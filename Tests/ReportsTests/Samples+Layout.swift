import Diagnostics

extension Samples {
  /// Three sessions in a ring, in a file of more than nine lines.
  static let threeSessions: Finding = {
    let tables = ["a", "b", "c"]
    let text = tables.enumerated().map { index, table in
      "BEGIN;\nUPDATE \(table) SET n = 0;\nUPDATE \(tables[(index + 1) % 3]) SET n = 1;\nCOMMIT;\n"
    }
    let file = SourceFile(path: "ring.sql", text: text.joined())
    let first = tables.map { file.range(of: "UPDATE \($0) SET n = 0;") }
    let second = ["b", "c", "a"].map { file.range(of: "UPDATE \($0) SET n = 1;") }
    var finding = Finding(
      rule: "lock-order-inversion", severity: .warning, message: "three transactions form a ring",
      range: second[2])
    finding.labels = first.map { .init(range: $0, text: "locked first") }
    finding.flows = (0..<3).map { index in
      .init(
        title: "session \(index + 1)",
        steps: [
          .locks(first[index], "rows of \(tables[index])", at: index + 1),
          .waits(
            second[index], "rows of \(tables[(index + 1) % 3])", at: index + 4,
            deadlocks: index == 2),
        ])
    }
    return finding
  }()

  /// A line of a megabyte with ranges at its beginning, in its middle and at its end.
  static let longLine: Finding = {
    let rows = (0..<40_000).map { "(\($0), 'ßx')" }.joined(separator: ", ")
    let file = SourceFile(
      path: "seed.sql",
      text: "BEGIN;\nINSERT INTO t (id, name) VALUES \(rows) ON CONFLICT (id) DO NOTHING;\nCOMMIT;")
    var finding = Finding(
      rule: "unordered-upsert", severity: .warning, message: "upserts many rows",
      range: file.range(of: "INSERT INTO t (id, name) VALUES \(rows) ON CONFLICT (id) DO NOTHING"))
    finding.rangeText = "the whole statement"
    finding.labels = [
      .init(range: file.range(of: "(20000, 'ßx')"), text: "a row"),
      .init(range: file.range(of: "DO NOTHING"), text: "the action"),
      .init(range: file.range(of: "INTO t"), text: "the table"),
    ]
    let conflict = file.range(of: " DO NOTHING")
    finding.fix = Fix(
      applicability: .displayOnly, message: "say what happens",
      edits: [Edit(range: conflict, replacement: " DO UPDATE SET name = excluded.name")])
    return finding
  }()

  /// Ranges over several lines, one within the other, and one too long to show whole.
  static let nestedRanges: Finding = {
    let file = SourceFile(
      path: "function.sql",
      text: """
        CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
          UPDATE a
             SET n = 1;
          PERFORM 1;
          PERFORM 2;
          PERFORM 3;
          UPDATE b
             SET n = 1;
          PERFORM 4;
        END $$;
        """)
    var finding = Finding(
      rule: "lock-upgrade", severity: .warning, message: "nested ranges",
      range: file.range(of: "UPDATE b\n     SET n = 1"))
    finding.rangeText = "asked for while a is held"
    finding.labels = [
      .init(range: SourceRange(file: file, bytes: 0..<file.bytes.count), text: "one transaction"),
      .init(range: file.range(of: "UPDATE a\n     SET n = 1"), text: "held"),
      .init(range: file.range(of: "SET n"), text: "the change"),
    ]
    return finding
  }()

  /// Names and text that try to steer the terminal or to pass for other findings.
  static let hostile: Finding = {
    let file = SourceFile(
      path: "a\u{1B}[31m\nb.sql",
      bytes: Array("SELECT '\u{1B}]0;x\u{07}', '\u{202E}abc', '".utf8) + [0xFF]
        + Array("', 'end'".utf8))
    var finding = Finding(
      rule: "syntax-error", severity: .note,
      message: "near `\u{1B}[2J`\r\n::error::no", range: file.range(of: "'end'"))
    finding.rangeText = "here\u{9B}1m"
    return finding
  }()
}
