import SeededRandom

extension GeneratorSchemaBuilder {
  // MARK: Sequences and views

  mutating func addSequences() {
    guard random.chance(40) else { return }
    schema.pieces.append("CREATE SEQUENCE counter")
    schema.sequences.append("counter")
  }

  mutating func addViews() {
    for number in 1...random.number(1...3) {
      let name = "v\(number)"
      switch random.number(0...9) {
      case 0...4: addSimpleView(name)
      case 5, 6: addJoinView(name)
      default: schema.views.isEmpty ? addSimpleView(name) : addNestedView(name)
      }
    }
  }

  private mutating func addSimpleView(_ name: String) {
    let table = random.pick(schema.tables)
    let columns = table.columns.map(\.name)
    let condition = random.pick(["", " WHERE n > 0", " WHERE id < 50"])
    schema.pieces.append(
      """
      CREATE VIEW \(name) AS SELECT \(columns.joined(separator: ", ")) FROM \(table.name)\(condition)
      """)
    schema.views.append(.init(name: name, columns: columns, base: table.name))
  }

  private mutating func addJoinView(_ name: String) {
    let (left, right) = (random.pick(schema.tables).name, random.pick(schema.tables).name)
    let join = random.pick(["JOIN", "LEFT JOIN"])
    schema.pieces.append(
      """
      CREATE VIEW \(name) AS SELECT x.id, y.n FROM \(left) x \(join) \(right) y ON y.id = x.id
      """)
    schema.views.append(.init(name: name, columns: ["id", "n"], base: nil))
  }

  private mutating func addNestedView(_ name: String) {
    let view = random.pick(schema.views)
    let isGrouped = random.chance(25)
    let query =
      isGrouped
      ? "SELECT max(id) AS id, n FROM \(view.name) GROUP BY n"
      : "SELECT id, n FROM \(view.name) WHERE id IS NOT NULL"
    schema.pieces.append("CREATE VIEW \(name) AS \(query)")
    schema.views.append(
      .init(name: name, columns: ["id", "n"], base: isGrouped ? nil : view.base))
  }

  // MARK: Functions

  mutating func addFunctions() {
    for number in 1...random.number(1...3) {
      let name = "f\(number)"
      let body = random.chance(50) ? sqlFunction() : procedure()
      schema.pieces.append("CREATE FUNCTION \(name)(p int) RETURNS int \(body)")
      schema.functions.append(name)
    }
  }

  private mutating func sqlFunction() -> String {
    let (first, second) = (random.pick(schema.tables).name, random.pick(schema.tables).name)
    let volatility = random.pick(["", " STABLE"])
    let query = random.pick([
      "SELECT n FROM \(first) WHERE id = p",
      "SELECT max(x.n) FROM \(first) x JOIN \(second) y ON y.id = x.id",
    ])
    guard volatility.isEmpty, random.chance(50) else {
      return "LANGUAGE sql\(volatility) AS $$ \(query) $$"
    }
    return """
      LANGUAGE sql AS $$ UPDATE \(first) SET n = n + 1 WHERE id = p; SELECT n FROM \(second) \
      WHERE id = p FOR SHARE $$
      """
  }

  private mutating func procedure() -> String {
    let (first, second) = (random.pick(schema.tables).name, random.pick(schema.tables).name)
    return """
      LANGUAGE plpgsql AS $$ DECLARE found_n int; BEGIN
        SELECT n INTO found_n FROM \(first) WHERE id = p\(random.pick(["", " FOR UPDATE"]));
        IF p > 3 THEN UPDATE \(second) SET n = p WHERE id = p; \(random.pick(["", "ELSE INSERT INTO log (n) VALUES (p); "]))END IF;
        RETURN found_n; END $$
      """
  }

  // MARK: Triggers

  mutating func addTriggers() {
    for number in 1...random.number(2...5) {
      addTrigger("g\(number)", on: random.number(0...(schema.tables.count - 1)))
    }
  }

  private mutating func addTrigger(_ name: String, on index: Int) {
    let table = schema.tables[index]
    let isRow = random.chance(75)
    let events = random.some(of: ["INSERT", "UPDATE", "DELETE"], atMost: 3)
    let timing = random.pick(["BEFORE", "AFTER", "AFTER"])
    let below = schema.tables[..<index].filter { $0.child == nil }.map(\.name)
    schema.pieces.append(
      """
      CREATE FUNCTION \(name)f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        \(body(table, below, isRow: isRow))
        RETURN \(isRow ? "coalesce(NEW, OLD)" : "NULL"); END $$
      """)
    let written = events.map { event in
      event == "UPDATE" && random.chance(40)
        ? "UPDATE OF \(random.pick(["n", "id", "n, id"]))" : event
    }.joined(separator: " OR ")
    let condition =
      isRow && events == ["UPDATE"] && random.chance(60)
      ? random.pick([" WHEN (OLD.n IS DISTINCT FROM NEW.n)", " WHEN (NEW.n > 25)"]) : ""
    schema.pieces.append(
      """
      CREATE TRIGGER \(name) \(timing) \(written) ON \(table.name) FOR EACH \
      \(isRow ? "ROW" : "STATEMENT")\(condition) EXECUTE FUNCTION \(name)f()
      """)
    schema.triggers.append((name, table.name))
  }

  /// What a trigger does; it writes only to tables that were made earlier, so that it comes to an
  /// end.
  private mutating func body(
    _ table: GeneratorTable, _ below: [String], isRow: Bool
  ) -> String {
    let insert = "INSERT INTO log (n, note) VALUES (\(isRow ? "NEW.n" : "1"), TG_OP);"
    guard !below.isEmpty else { return insert }
    var parents: [(parent: String, column: String, key: String)] = []
    for key in table.foreignKeys where below.contains(key.parent) {
      parents.append((key.parent, key.columns[0], key.parentColumns[0]))
    }
    let update: String
    if isRow, !parents.isEmpty, random.chance(70) {
      let (parent, column, key) = random.pick(parents)
      let row = random.pick(["NEW", "NEW", "OLD"])
      update = "UPDATE \(parent) SET n = n + 1 WHERE \(key) = \(row).\(column);"
    } else {
      update = random.pick([
        "UPDATE \(random.pick(below)) SET n = n + 1 WHERE id = 1;",
        "PERFORM id FROM \(random.pick(below)) WHERE id = 2 FOR UPDATE;",
      ])
    }
    switch random.number(0...4) {
    case 0: return insert
    case 1: return "IF TG_OP = 'INSERT' THEN \(insert) ELSE \(update) END IF;"
    case 2: return "IF TG_OP = 'DELETE' THEN \(update) END IF; \(insert)"
    default: return update
    }
  }
}
