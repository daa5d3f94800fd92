import SeededRandom

/// Queries, writes and conditions, which may hold each other.
extension WrongSQL {
  mutating func query(depth: Int) -> String {
    let columns = list { $0.random.chance(30) ? "*" : $0.expression(depth: depth - 1) }
    let core =
      "SELECT \(maybe(10, "DISTINCT "))\(columns) FROM \(source(depth: depth))"
      + maybe(60, " WHERE \(condition(depth: depth - 1))") + maybe(10, " GROUP BY \(column())")
      + maybe(40, " ORDER BY \(list { $0.order() })")
      + maybe(15, " LIMIT \(random.pick(["1", "n", "0", "-1"]))")
      + maybe(50, locking())
    guard depth > 0 else { return core }
    return any([
      (6, { _ in core }),
      (1, { "(\(core)) UNION \($0.maybe(50, "ALL "))(\($0.query(depth: depth - 1)))" }),
      (
        2,
        {
          "WITH \($0.maybe(30, "RECURSIVE "))\($0.cte(depth: depth - 1))"
            + $0.maybe(30, ", \($0.cte(depth: depth - 1))") + " \(core)"
        }
      ),
      (1, { "VALUES (1, (\($0.query(depth: depth - 1)))), (2)" }),
      (1, { "TABLE \($0.name())" }),
    ])
  }

  private mutating func locking() -> String {
    let mode = random.pick(["UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"])
    return " FOR \(mode)\(maybe(30, " OF \(simpleName())"))\(maybe(20, " SKIP LOCKED"))"
  }

  /// A CTE; its name may be that of the table that it reads.
  private mutating func cte(depth: Int) -> String {
    let inner = random.chance(60) ? query(depth: depth) : write(depth: depth) + " RETURNING *"
    return "\(simpleName())\(maybe(20, "(id, v)")) AS \(maybe(20, "MATERIALIZED "))(\(inner))"
  }

  private mutating func source(depth: Int) -> String {
    guard depth > 0 else { return name() }
    let join = random.pick(["JOIN", "LEFT JOIN", "CROSS JOIN", "NATURAL JOIN", "FULL JOIN"])
    let hasCondition = !join.hasPrefix("CROSS") && !join.hasPrefix("NATURAL")
    return any([
      (6, { "\($0.maybe(10, "ONLY "))\($0.name())\($0.maybe(40, " \($0.simpleName())"))" }),
      (2, { "\($0.name()), \($0.name()) \($0.simpleName())" }),
      (
        2,
        {
          "\($0.name()) \(join) \($0.source(depth: depth - 1))"
            + (hasCondition ? " ON \($0.condition(depth: 0))" : "")
        }
      ),
      (2, { "\($0.maybe(20, "LATERAL "))(\($0.query(depth: depth - 1))) \($0.simpleName())" }),
      (1, { "\($0.simpleName())(\($0.expression(depth: 0)))" }),
      (1, { "unnest($1::int[]) \($0.simpleName())(id)" }),
      (1, { "ROWS FROM (\($0.simpleName())(1), generate_series(1, 2)) \($0.simpleName())" }),
    ])
  }

  mutating func condition(depth: Int) -> String {
    let simple = random.pick([
      "\(column()) = \(expression(depth: 0))", "\(column()) > 1", "\(column()) IS NULL", "true",
      "\(column()) = ANY($1)", "(\(column()), \(column())) = (1, 2)", "CURRENT OF \(simpleName())",
    ])
    guard depth > 0 else { return simple }
    return any([
      (5, { _ in simple }),
      (2, { "\($0.condition(depth: depth - 1)) AND \($0.condition(depth: depth - 1))" }),
      (1, { "NOT (\($0.condition(depth: depth - 1)) OR \(simple))" }),
      (2, { "\($0.column()) IN (\($0.query(depth: depth - 1)))" }),
      (1, { "EXISTS (\($0.query(depth: depth - 1)))" }),
    ])
  }

  mutating func expression(depth: Int) -> String {
    let simple = random.pick([
      "1", "NULL", column(), column(), "$1", ":n", "'a'", "now()", "count(*) OVER ()", "DEFAULT",
    ])
    guard depth > 0 else { return simple }
    return any([
      (6, { _ in simple }),
      (2, { "\($0.simpleName())(\($0.expression(depth: depth - 1)))" }),
      (1, { "(\($0.query(depth: depth - 1)))" }),
      (1, { "\($0.expression(depth: depth - 1)) + \(simple)" }),
      (1, { "CASE WHEN \($0.condition(depth: depth - 1)) THEN \(simple) END" }),
      (1, { _ in "pg_advisory_xact_lock(\(simple))" }),
      (1, { "ARRAY(\($0.query(depth: depth - 1)))" }),
    ])
  }

  private mutating func order() -> String {
    "\(random.chance(20) ? random.pick(["1", "99", "'a'", "random()"]) : column())"
      + maybe(30, " DESC") + maybe(10, " NULLS FIRST") + maybe(5, " COLLATE \"C\"")
      + maybe(3, " USING <")
  }

  mutating func write(depth: Int) -> String {
    let with = depth > 0 ? maybe(15, "WITH \(cte(depth: depth - 1)) ") : ""
    let filter = maybe(70, " WHERE \(condition(depth: depth))")
    return with
      + any([
        (
          4,
          {
            "UPDATE \($0.maybe(10, "ONLY "))\($0.name()) "
              + "SET \($0.simpleName()) = \($0.expression(depth: depth))"
              + $0.maybe(30, " FROM \($0.source(depth: depth))") + filter
          }
        ),
        (
          2,
          {
            "DELETE FROM \($0.name())\($0.maybe(30, " USING \($0.source(depth: depth))"))\(filter)"
          }
        ),
        (
          4,
          {
            "INSERT INTO \($0.name()) \($0.maybe(40, "(id, v) "))"
              + $0.rows(depth: depth) + $0.conflict()
          }
        ),
      ]) + maybe(10, " RETURNING \(expression(depth: depth))")
  }

  private mutating func rows(depth: Int) -> String {
    any([
      (3, { "VALUES (1, 2), (\($0.expression(depth: depth)), DEFAULT)" }),
      (3, { $0.query(depth: depth) }),
      (1, { _ in "DEFAULT VALUES" }),
    ])
  }

  private mutating func conflict() -> String {
    any([
      (4, { _ in "" }),
      (2, { _ in " ON CONFLICT DO NOTHING" }),
      (
        3,
        {
          " ON CONFLICT (\($0.list { $0.random.pick(["id", "v", "missing", "lower(v)"]) }))"
            + " DO UPDATE SET v = excluded.v"
            + $0.maybe(30, " WHERE \($0.condition(depth: 1))")
        }
      ),
      (1, { " ON CONFLICT ON CONSTRAINT \($0.simpleName()) DO UPDATE SET id = 1" }),
    ])
  }

  mutating func merge() -> String {
    """
    MERGE INTO \(name()) \(maybe(50, simpleName())) USING \(source(depth: 1)) \
    ON \(condition(depth: 1)) \
    WHEN MATCHED THEN \(random.pick(["DELETE", "DO NOTHING", "UPDATE SET v = 1"])) \
    WHEN NOT MATCHED THEN INSERT VALUES (\(expression(depth: 1)))
    """
  }
}
