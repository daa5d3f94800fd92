import SeededRandom

/// Makes random statements over a random schema.
struct GeneratorStatements {
  /// What a query can read.
  struct Source {
    let name: String
    let columns: [String]
  }

  let schema: GeneratorSchema
  var random: GeneratorRandom
  /// New rows have numbers that no other statement uses.
  var nextRow = 101
  let sources: [Source]

  init(_ schema: GeneratorSchema, random: GeneratorRandom) {
    self.schema = schema
    self.random = random
    sources =
      schema.tables.map { Source(name: $0.name, columns: $0.columns.map(\.name)) }
      + schema.tables.flatMap { table in
        table.leaves.map { Source(name: $0, columns: table.columns.map(\.name)) }
      } + schema.views.map { Source(name: $0.name, columns: $0.columns) }
  }

  /// The next statement.
  mutating func next() -> GeneratorStatement {
    let family = random.pick(weighted: [
      (22, "select"), (20, "insert"), (22, "update"), (14, "delete"), (6, "merge"),
      (2, "truncate"), (2, "lock"), (2, "copy"), (4, "call"), (3, "alter"), (3, "create"),
      (2, "drop"),
    ])
    return GeneratorStatement(family: family, text: text(family))
  }

  private mutating func text(_ family: String) -> String {
    switch family {
    case "select": select()
    case "insert": insert()
    case "update": update()
    case "delete": delete()
    case "merge": merge()
    case "truncate": truncate()
    case "lock": lockTable()
    case "copy": "COPY (\(select(isLocking: false))) TO '/dev/null'"
    case "call": call()
    case "alter": alter()
    case "create": create()
    default: drop()
    }
  }

  // MARK: Conditions

  /// What a query's WHERE says of a source; empty for nothing.
  mutating func condition(_ source: Source, alias: String, depth: Int = 0) -> String {
    let column = { (name: String) in alias.isEmpty ? name : "\(alias).\(name)" }
    let row = random.number(1...6)
    switch random.number(0...(depth > 0 ? 12 : 15)) {
    case 0...3: return "\(column("id")) = \(row)"
    case 4: return "\(column("id")) IN (\(row), \(random.number(1...6)))"
    case 5: return "\(column("id")) = ANY (ARRAY[\(row), 2])"
    case 6: return "\(column("id")) > \(row)"
    case 7: return "\(column("id")) BETWEEN \(row) AND \(row + 1)"
    case 8: return "\(column("n")) > \(row * 10)"
    case 9 where source.columns.contains("part"):
      return "\(column("id")) = \(row) AND \(column("part")) = \(row % 2 + 1)"
    case 10 where source.columns.contains("part"):
      return "\(column("part")) = \(random.number(1...2))"
    case 11 where source.columns.contains("u"): return "\(column("u")) = \(row)"
    case 12 where source.columns.contains("r0"): return "\(column("r0")) = \(random.number(1...3))"
    case 13, 14: return subselect(column("id"))
    case 15: return exists(column("id"))
    default: return "\(column("id")) < 5"
    }
  }

  private mutating func subselect(_ column: String) -> String {
    let other = random.pick(sources)
    let inner = condition(other, alias: "s", depth: 1)
    let lock = isLockable(other) ? random.pick(["", "", " FOR UPDATE", " FOR KEY SHARE"]) : ""
    return random.pick([
      "\(column) IN (SELECT s.id FROM \(other.name) s WHERE \(inner)\(lock))",
      "\(column) = (SELECT max(s.id) FROM \(other.name) s WHERE \(inner))",
      "\(column) NOT IN (SELECT s.id FROM \(other.name) s WHERE \(inner))",
    ])
  }

  private mutating func exists(_ column: String) -> String {
    let other = random.pick(sources)
    return "EXISTS (SELECT FROM \(other.name) e WHERE e.id = \(column) AND e.n > 10)"
  }

  /// Whether FOR UPDATE can reach its rows.
  func isLockable(_ source: Source) -> Bool {
    guard let view = schema.views.first(where: { $0.name == source.name }) else { return true }
    return view.base != nil
  }

  // MARK: Queries

  mutating func select(isLocking: Bool = true) -> String {
    switch random.number(0...9) {
    case 0...3: simple(isLocking: isLocking)
    case 4...6: join(isLocking: isLocking)
    case 7: common()
    case 8: derived(isLocking: isLocking)
    default: combined()
    }
  }

  private mutating func simple(isLocking: Bool) -> String {
    let source = random.pick(sources)
    let only = random.chance(10) ? "ONLY " : ""
    let list = random.pick(["*", "s.id", "s.id, s.n + 1", "1"])
    return "SELECT \(list) FROM \(only)\(source.name) s\(tail(source, alias: "s"))"
      + order("s") + (isLocking && isLockable(source) ? lock([]) : "")
  }

  /// WHERE with up to two conditions.
  mutating func tail(_ source: Source, alias: String) -> String {
    guard random.chance(85) else { return "" }
    let first = condition(source, alias: alias)
    guard random.chance(25) else { return " WHERE \(first)" }
    let second = condition(source, alias: alias)
    return " WHERE \(first) \(random.pick(["AND", "AND", "OR"])) \(second)"
  }

  private mutating func order(_ alias: String) -> String {
    guard random.chance(30) else { return "" }
    let column = random.pick(["id", "n", "id DESC"])
    return " ORDER BY \(alias).\(column)" + (random.chance(30) ? " LIMIT 2" : "")
  }

  /// A locking clause, or none.
  mutating func lock(_ aliases: [String]) -> String {
    guard random.chance(60) else { return "" }
    let strength = random.pick(["UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"])
    let named = aliases.isEmpty || random.chance(50) ? "" : " OF \(random.pick(aliases))"
    return " FOR \(strength)\(named)\(random.pick(["", "", " SKIP LOCKED", " NOWAIT"]))"
  }

  private mutating func join(isLocking: Bool) -> String {
    let count = random.number(2...3)
    let used = (0..<count).map { _ in random.pick(sources) }
    let aliases = Array(["a", "b", "c"].prefix(count))
    var text = "SELECT a.id FROM \(used[0].name) a"
    let isOuter = random.chance(25)
    for index in 1..<count {
      let kind = isOuter && index == 1 ? "LEFT JOIN" : "JOIN"
      text += " \(kind) \(used[index].name) \(aliases[index]) ON \(aliases[index]).id = a.id"
    }
    text += tail(used[0], alias: "a")
    guard isLocking, used.allSatisfy(isLockable) else { return text }
    if isOuter { return text + random.pick(["", " FOR UPDATE OF a", " FOR SHARE OF a"]) }
    return text + lock(aliases)
  }

  private mutating func common() -> String {
    let (source, other) = (random.pick(sources), random.pick(sources))
    let lock = isLockable(source) ? lock([]) : ""
    let reading = random.pick(["c", "c", other.name])
    return """
      WITH c AS (SELECT s.id, s.n FROM \(source.name) s\(tail(source, alias: "s"))\(lock)) \
      SELECT x.id FROM \(reading) x JOIN \(other.name) y ON y.id = x.id
      """
  }

  private mutating func derived(isLocking: Bool) -> String {
    let (source, other) = (random.pick(sources), random.pick(sources))
    let inside = isLocking && isLockable(source) ? lock([]) : ""
    return """
      SELECT q.id FROM \(other.name) o, (SELECT s.id, s.n FROM \(source.name) s\
      \(tail(source, alias: "s"))\(inside)) q WHERE q.id = o.id
      """
  }

  private mutating func combined() -> String {
    let (source, other) = (random.pick(sources), random.pick(sources))
    let word = random.pick(["UNION", "UNION ALL", "EXCEPT", "INTERSECT"])
    return """
      SELECT s.id FROM \(source.name) s\(tail(source, alias: "s")) \(word) \
      SELECT count(*) FROM \(other.name) o\(tail(other, alias: "o"))
      """
  }
}
