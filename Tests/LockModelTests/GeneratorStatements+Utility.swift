import SeededRandom

extension GeneratorStatements {
  // MARK: Calls

  mutating func call() -> String {
    let function = random.pick(schema.functions)
    let source = random.pick(sources)
    let row = random.number(1...6)
    if let sequence = schema.sequences.first, random.chance(20) {
      return "SELECT nextval('\(sequence)')"
    }
    return random.pick([
      "SELECT \(function)(\(row))", "SELECT * FROM \(function)(\(row))",
      "SELECT \(function)(s.id::int) FROM \(source.name) s WHERE s.id = \(row)",
      "SELECT s.id FROM \(source.name) s WHERE s.n = \(function)(\(row))",
      "UPDATE log SET n = \(function)(\(row)) WHERE at = 1",
    ])
  }

  // MARK: Whole tables

  mutating func truncate() -> String {
    let names = random.some(of: schema.tables.map(\.name), atMost: 2)
    let identity = random.pick(["", "", " RESTART IDENTITY"])
    return "TRUNCATE \(names.joined(separator: ", "))\(identity) CASCADE"
  }

  mutating func lockTable() -> String {
    let names = random.some(of: schema.tables.map(\.name) + schema.views.map(\.name), atMost: 2)
    let mode = random.pick([
      "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
      "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE",
    ])
    return "LOCK TABLE \(names.joined(separator: ", ")) IN \(mode) MODE"
  }

  // MARK: Definitions

  mutating func alter() -> String {
    let table = random.pick(schema.tables)
    let name = table.name
    let parent = random.pick(schema.tables)
    var actions = [
      "ADD COLUMN extra2 int", "ADD COLUMN extra3 int DEFAULT 1", "ALTER n SET DEFAULT 4",
      "ALTER n TYPE bigint", "ADD CHECK (id > 0)", "DISABLE TRIGGER ALL", "RENAME n TO m",
      "RENAME TO renamed", "ALTER n SET STATISTICS 10",
      "ADD UNIQUE (\(table.primaryKey.joined(separator: ", ")))",
      "DROP COLUMN n CASCADE", "ADD CHECK (n IS NULL OR n > -5) NOT VALID",
      "ENABLE ROW LEVEL SECURITY",
    ]
    if parent.primaryKey.count == 1, parent.parent == nil {
      let options = table.isPartitioned ? "" : random.pick(["", " NOT VALID"])
      actions.append("ADD FOREIGN KEY (n) REFERENCES \(parent.name)\(options)")
      if !table.isPartitioned { actions.append("ADD COLUMN added int REFERENCES \(parent.name)") }
    }
    if let trigger = schema.triggers.first(where: { $0.table == name }) {
      actions.append("DISABLE TRIGGER \(trigger.name)")
    }
    if let leaf = table.leaves.first, table.branches.isEmpty {
      actions += ["DETACH PARTITION \(leaf)", "DETACH PARTITION \(leaf)"]
    }
    return "ALTER TABLE \(name) \(random.pick(actions))"
  }

  mutating func create() -> String {
    let (table, source) = (random.pick(schema.tables), random.pick(sources))
    let key = table.primaryKey.joined(separator: ", ")
    let typed = table.primaryKey.map { "\($0) int" }.joined(separator: ", ")
    var forms = [
      "CREATE INDEX made ON \(table.name) (n)",
      "CREATE UNIQUE INDEX made ON \(table.name) (\(key))",
      "CREATE VIEW made AS SELECT s.id, s.n FROM \(source.name) s\(tail(source, alias: "s"))",
      "CREATE TABLE made AS SELECT s.id, s.n FROM \(source.name) s\(tail(source, alias: "s"))",
      "CREATE TABLE made (LIKE \(table.name) INCLUDING ALL)",
      "CREATE TRIGGER made AFTER INSERT ON \(table.name) EXECUTE FUNCTION g1f()",
      "CREATE MATERIALIZED VIEW made AS SELECT s.id FROM \(source.name) s",
    ]
    if table.parent == nil {
      forms.append("CREATE TABLE made (\(typed), FOREIGN KEY (\(key)) REFERENCES \(table.name))")
    }
    if !table.isPartitioned { forms.append("CREATE TABLE made () INHERITS (\(table.name))") }
    if table.partitioning == "LIST (part)" {
      forms.append("CREATE TABLE made PARTITION OF \(table.name) FOR VALUES IN (77)")
    }
    return random.pick(forms)
  }

  mutating func drop() -> String {
    let table = random.pick(schema.tables)
    var forms = [
      "DROP TABLE \(table.name) CASCADE", "DROP VIEW \(random.pick(schema.views).name) CASCADE",
    ]
    if let trigger = schema.triggers.first {
      forms.append("DROP TRIGGER \(trigger.name) ON \(trigger.table)")
    }
    if let index = schema.indexes.first { forms.append("DROP INDEX \(index)") }
    if let function = schema.functions.first { forms.append("DROP FUNCTION \(function)") }
    if let leaf = table.leaves.first { forms.append("DROP TABLE \(leaf)") }
    return random.pick(forms)
  }
}
