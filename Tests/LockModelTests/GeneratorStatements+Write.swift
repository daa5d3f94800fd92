import SeededRandom

extension GeneratorStatements {
  /// A table or one of its partitions.
  mutating func target(_ table: GeneratorTable) -> String {
    random.chance(15) && !table.leaves.isEmpty ? random.pick(table.leaves) : table.name
  }

  /// What follows RETURNING, or nothing.
  private mutating func returning(_ alias: String) -> String {
    random.chance(20) ? " RETURNING \(alias).id" : ""
  }

  // MARK: INSERT

  mutating func insert() -> String {
    let table = random.pick(schema.tables)
    let views = schema.views.filter { $0.base == table.name }
    let view = random.chance(12) ? views.first : nil
    var columns = table.columns
    if let view { columns = columns.filter { view.columns.contains($0.name) } }
    columns = columns.filter { column in
      if column.name == "id" { return !column.type.hasPrefix("serial") || random.chance(30) }
      return column.isNotNull || !random.chance(20)
    }
    let names = columns.map(\.name).joined(separator: ", ")
    let source = random.chance(70) ? values(columns, table) : query(columns, table)
    let conflict = view == nil ? conflict(table) : ""
    return "INSERT INTO \(view?.name ?? table.name) AS i (\(names)) \(source)\(conflict)"
      + returning("i")
  }

  private mutating func values(
    _ columns: [GeneratorTable.Column], _ table: GeneratorTable
  ) -> String {
    let rows = (0..<random.pick([1, 1, 2, 3])).map { _ in
      "(\(row(columns, table).joined(separator: ", ")))"
    }
    return "VALUES \(rows.joined(separator: ", "))"
  }

  /// The values of a row: new, or that of one there is.
  private mutating func row(
    _ columns: [GeneratorTable.Column], _ table: GeneratorTable
  ) -> [String] {
    nextRow += 1
    let row = nextRow
    var referring: Int?
    return columns.map { column in
      if column.name == "u" { return random.chance(30) ? "NULL" : "\(row)" }
      if case .reference = column.content {
        let isNull = !column.isNotNull && random.chance(25)
        referring = isNull ? nil : reference(column.name, table)
      }
      return table.value(of: column, row: row, referring: referring)
    }
  }

  private mutating func reference(_ column: String, _ table: GeneratorTable) -> Int {
    table.isKey(column) ? random.number(4...6) : random.number(1...3)
  }

  private mutating func query(
    _ columns: [GeneratorTable.Column], _ table: GeneratorTable
  ) -> String {
    nextRow += 10
    let base = nextRow
    let source = random.pick(sources)
    let targets = columns.map { column -> String in
      switch column.content {
      case .number: return "s.id + \(base)"
      case .part: return "(s.id + \(base)) % 2 + 1"
      default: return table.value(of: column, row: 1, referring: column.isNotNull ? 2 : nil)
      }
    }
    nextRow += 30
    return "SELECT \(targets.joined(separator: ", ")) FROM \(source.name) s"
      + " WHERE \(condition(source, alias: "s"))"
  }

  private mutating func conflict(_ table: GeneratorTable) -> String {
    guard random.chance(30) else { return "" }
    let key = table.primaryKey.joined(separator: ", ")
    return random.pick([
      " ON CONFLICT DO NOTHING", " ON CONFLICT (\(key)) DO NOTHING",
      " ON CONFLICT (\(key)) DO UPDATE SET n = excluded.n",
      " ON CONFLICT (\(key)) DO UPDATE SET n = i.n + 1 WHERE i.n > 0",
    ])
  }

  // MARK: UPDATE and DELETE

  mutating func update() -> String {
    let table = random.pick(schema.tables)
    let views = schema.views.filter { $0.base == table.name }
    if random.chance(12), let view = views.first {
      return "UPDATE \(view.name) x SET n = 7\(tail(Source(view), alias: "x"))"
    }
    let source = Source(table)
    let head = "UPDATE \(random.chance(8) ? "ONLY " : "")\(target(table)) x"
    switch random.number(0...9) {
    case 0...1:
      let other = random.pick(sources)
      return "\(head) SET \(assignment(table)) FROM \(other.name) y WHERE y.id = x.id AND "
        + condition(source, alias: "x") + returning("x")
    case 2:
      let other = random.pick(sources)
      return "\(head) SET n = (SELECT max(y.n) FROM \(other.name) y)\(tail(source, alias: "x"))"
    case 3: return written(source) + "\(head) SET n = 5 FROM w WHERE w.id = x.id"
    case 4: return keyUpdate(table)
    default: return "\(head) SET \(assignment(table))\(tail(source, alias: "x"))\(returning("x"))"
    }
  }

  /// A CTE that locks or writes.
  private mutating func written(_ source: Source) -> String {
    let query = random.pick([
      "SELECT s.id FROM \(source.name) s WHERE \(condition(source, alias: "s")) FOR UPDATE",
      "UPDATE \(source.name) s SET n = 3 WHERE \(condition(source, alias: "s")) RETURNING s.id",
    ])
    return "WITH w AS (\(query)) "
  }

  /// What an UPDATE sets: mostly what is in no key.
  private mutating func assignment(_ table: GeneratorTable) -> String {
    let reference = table.references.isEmpty ? nil : random.pick(table.references)
    switch random.number(0...9) {
    case 0...1: return "n = x.n"
    case 2: return "n = NULL"
    case 3...4:
      guard let reference else { return "n = x.n + 1" }
      let isNull = !reference.isNotNull && random.chance(30)
      let value = isNull ? "NULL" : "\(self.reference(reference.name, table))"
      guard table.columns.contains(where: { $0.name == reference.name + "part" }) else {
        return "\(reference.name) = \(value)"
      }
      let part = Int(value).map { "\($0 % 2 + 1)" } ?? "NULL"
      return "\(reference.name) = \(value), \(reference.name)part = \(part)"
    case 5: return "id = x.id"
    case 6 where table.columns.contains { $0.name == "note" }: return "note = 'new', n = 1"
    default: return "n = x.n + 1"
    }
  }

  /// One row gets another key.
  private mutating func keyUpdate(_ table: GeneratorTable) -> String {
    nextRow += 2
    let row = random.number(schema.isKept(table.name) ? 4...6 : 1...6)
    if table.columns.contains(where: { $0.name == "u" }), random.chance(50) {
      return "UPDATE \(table.name) x SET u = \(nextRow) WHERE x.id = \(row)"
    }
    return "UPDATE \(table.name) x SET id = \(nextRow) WHERE x.id = \(row)"
  }

  mutating func delete() -> String {
    let table = random.pick(schema.tables)
    let source = Source(table)
    if random.chance(10), let view = schema.views.first(where: { $0.base == table.name }) {
      return "DELETE FROM \(view.name) x WHERE x.id = \(random.number(4...6))"
    }
    let head = "DELETE FROM \(target(table)) x"
    if schema.isKept(table.name), random.chance(85) {
      return "\(head) WHERE x.id \(random.pick(["= 5", "= 4", "> 3", "IN (5, 6)", "= 99"]))"
        + returning("x")
    }
    switch random.number(0...5) {
    case 0:
      let other = random.pick(sources)
      return "\(head) USING \(other.name) y WHERE y.id = x.id AND \(condition(source, alias: "x"))"
    case 1:
      return written(Source(random.pick(schema.tables)))
        + "\(head) WHERE x.id IN (SELECT w.id FROM w)"
    default: return "\(head)\(tail(source, alias: "x"))\(returning("x"))"
    }
  }

  // MARK: MERGE

  mutating func merge() -> String {
    let table = random.pick(schema.tables)
    let source = random.pick(sources)
    var text = """
      MERGE INTO \(target(table)) x USING (SELECT s.id, s.n FROM \(source.name) s\
      \(tail(source, alias: "s"))) y ON x.id = y.id
      """
    if random.chance(40) { text += " WHEN MATCHED AND y.n > 30 THEN \(matched(table))" }
    text += " WHEN MATCHED THEN \(matched(table))"
    guard random.chance(40) else { return text }
    let columns = table.columns.filter(\.isNotNull)
    let names = columns.map(\.name).joined(separator: ", ")
    let values = columns.map { column -> String in
      switch column.content {
      case .number: "y.id + \(nextRow)"
      default: table.value(of: column, row: 1, referring: 2)
      }
    }
    nextRow += 30
    return text
      + " WHEN NOT MATCHED THEN INSERT (\(names)) VALUES (\(values.joined(separator: ", ")))"
  }

  private mutating func matched(_ table: GeneratorTable) -> String {
    let isKept = schema.isKept(table.name)
    return random.pick(
      isKept
        ? ["UPDATE SET n = y.n", "DO NOTHING"]
        : [
          "UPDATE SET n = y.n", "UPDATE SET n = x.n + 1", "DELETE", "DO NOTHING",
        ])
  }
}

extension GeneratorStatements.Source {
  init(_ table: GeneratorTable) {
    self.init(name: table.name, columns: table.columns.map(\.name))
  }

  init(_ view: GeneratorView) { self.init(name: view.name, columns: view.columns) }
}
