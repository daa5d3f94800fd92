import PostgresSyntax

/// What SET does to the columns of an UPDATE's base table.
struct AssignedColumns {
  /// Those that may get another value, as the table calls them; a view may call them otherwise.
  private(set) var changed: [String] = []
  /// The same, without those that keep up with the row that fires a trigger, which are told apart.
  private(set) var columns = WrittenColumns()

  /// Types of which equal values are the same bytes, so that an UPDATE that sets a key to an equal
  /// value locks the row as one that leaves the key alone (`HeapDetermineColumnsInfo` in
  /// `heapam.c`). Those of timestamps depend on casts, which terms leave out.
  private static let plainTypes: Set<String> = [
    "bool", "int2", "int4", "int8", "oid", "uuid", "text", "varchar", "bpchar", "date", "bytea",
    "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8",
  ]

  /// Reads the assignments of an UPDATE of a table, the first member of a level.
  init(
    of assignments: [ResultTarget], of table: RelationName, in level: QueryLevel, _ catalog: Catalog
  ) {
    let definition = catalog.relations[table]
    for assignment in assignments where !assignment.isSameValue {
      guard let written = assignment.name else { continue }
      let name = Self.column(written, level)
      let given =
        level.members.isEmpty
        ? nil : level.facts.givenValue(of: QueryLevel.Column(member: 0, name: name))
      let value = assignment.value.map { Term(Expression.withoutCasts($0)) }
      let type = definition?.column(name)?.type
      if let given, given == value, given.isStable, let type, Self.plainTypes.contains(type) {
        continue
      }
      changed.append(name)
      if case .variable(let old)? = given, case .variable(let new)? = value, let field = old.field,
        old == .old(field), new == .new(field)
      {
        columns.add(name, following: field)
      } else {
        columns.add([name])
      }
    }
  }

  private static func column(_ name: String, _ level: QueryLevel) -> String {
    guard let alias = level.scopes[0].entries.first?.name,
      case .column(let column) = level.resolve([alias, name], scope: 0)
    else { return name }
    return column.name
  }
}

extension Term {
  /// Whether it has one value throughout a statement.
  fileprivate var isStable: Bool {
    switch self {
    case .literal, .variable: true
    default: false
    }
  }
}
