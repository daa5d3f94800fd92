import Diagnostics
import PostgresSyntax

/// SQL that is not PostgreSQL's.
enum OtherDatabase {
  /// How databases are named in paths.
  private static let names: [String: String] = [
    "sqlite": "SQLite", "sqlite3": "SQLite", "mysql": "MySQL", "mysql5": "MySQL",
    "mysql8": "MySQL", "mariadb": "MariaDB", "cockroach": "CockroachDB",
    "cockroachdb": "CockroachDB", "crdb": "CockroachDB", "mssql": "SQL Server",
    "sqlserver": "SQL Server", "tsql": "SQL Server", "clickhouse": "ClickHouse",
    "snowflake": "Snowflake", "bigquery": "BigQuery", "duckdb": "DuckDB", "athena": "Athena",
    "oracle": "Oracle", "db2": "Db2", "spanner": "Spanner",
    "cassandra": "Cassandra", "vertica": "Vertica", "trino": "Trino", "presto": "Presto",
    "hsqldb": "HSQLDB", "firebird": "Firebird",
  ]

  /// Those that are part of no other word, so that `riversqlite/` tells as well.
  private static let unmistakable = ["sqlite", "mysql", "mariadb", "clickhouse", "cockroach"]

  private static let postgres: Set<String> = [
    "postgres", "postgresql", "pg", "psql", "pgsql", "postgis", "pgx",
  ]

  /// The database that a path names; nil when it names none, or PostgreSQL nearer to its end.
  static func named(by path: SourcePath) -> (database: String, why: String)? {
    for ending in path.endings.reversed() {
      if postgres.contains(ending) { return nil }
      if let name = names[ending] { return (name, "ends with `.\(ending)`") }
    }
    let stem = SourcePath.words(path.stem)
    if stem.contains(where: postgres.contains) { return nil }
    if let word = stem.last, stem.count > 1 || path.endings == ["sql"], let name = names[word] {
      return (name, "called `\(path.name)`")
    }
    for folder in path.folders.reversed() {
      let words = SourcePath.words(folder)
      if words.contains(where: postgres.contains) { return nil }
      if words.count == 1, let name = names[words[0]] { return (name, "in `\(folder)/`") }
      if let name = unmistakable.first(where: folder.lowercased().contains) {
        return (names[name] ?? name, "in `\(folder)/`")
      }
    }
    return nil
  }

  /// The words at which the grammar gives up on statements of other databases.
  private static let words: [String: String] = [
    "`": "MySQL", "AUTO_INCREMENT": "MySQL", "ENGINE": "MySQL", "DUPLICATE": "MySQL",
    "DELIMITER": "MySQL", "UNSIGNED": "MySQL", "AUTOINCREMENT": "SQLite", "PRAGMA": "SQLite",
    "NVARCHAR": "SQL Server", "IDENTITY": "SQL Server",
  ]

  /// Functions that PostgreSQL does not have, and whose calls parse.
  private static let functions: [String: String] = [
    "datetime": "SQLite", "json_extract": "SQLite", "strftime": "SQLite", "julianday": "SQLite",
    "last_insert_rowid": "SQLite", "unix_timestamp": "MySQL", "last_insert_id": "MySQL",
    "getdate": "SQL Server",
  ]

  /// One of so many statements that gives itself away makes the file one of another database.
  private static let share = 20
  /// As for `share`, of statements that parse and call what another database has.
  private static let callShare = 5

  /// The database that a text gives itself away to be of: the grammar gives up at a word of it, or
  /// what parses calls what only it has.
  static func givenAway(by file: ParsedFile) -> (database: String, why: String)? {
    let marks = file.failures.compactMap { failure -> (String, String)? in
      let text = String(file.source.text(failure.range.lowerBound..<failure.range.upperBound))
      let word = text.hasPrefix("`") ? "`" : text.uppercased().prefix { $0.isLetter || $0 == "_" }
      return words[String(word)].map { ($0, word == "`" ? "backticks" : "`\(word)`") }
    }
    // A command of a client, without which nothing behind it is one statement.
    let clients = marks.first { $0.1 == "`DELIMITER`" }
    if let mark = clients ?? marks.first,
      clients != nil || share * marks.count >= file.statements.count
    {
      return (mark.0, "has \(mark.1) in it")
    }
    if !file.failures.isEmpty, file.hasBatches { return ("SQL Server", "has lines with `GO`") }
    guard mayCall(file.source.bytes) else { return nil }
    let calls = file.statements.compactMap { statement in
      statement.node.functionCalls.first { functions[$0.name] != nil }?.name
    }
    // A query or two may have another form for PostgreSQL elsewhere.
    guard let name = calls.first, let database = functions[name],
      callShare * calls.count >= file.statements.count
    else { return nil }
    return (database, "calls `\(name)`")
  }

  /// Whether one of the functions stands before a parenthesis somewhere, in comments and strings
  /// as well.
  private static func mayCall(_ bytes: [UInt8]) -> Bool {
    var start = 0
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 0x61...0x7A, 0x41...0x5A, 0x5F: continue
      case 0x28:
        if 7...17 ~= index - start,
          functions[String(decoding: bytes[start..<index], as: UTF8.self).lowercased()] != nil
        {
          return true
        }
      default: break
      }
      start = index + 1
    }
    return false
  }
}

extension ParsedFile {
  /// Whether a line says nothing but GO.
  fileprivate var hasBatches: Bool {
    source.bytes.split(separator: 0x0A).contains { line in
      line.lazy.filter { $0 > 0x20 }.map { $0 & 0xDF }.elementsEqual("GO".utf8)
    }
  }
}
