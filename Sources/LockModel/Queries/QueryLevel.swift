import PostgresSyntax

/// One query level: what its FROM names, what its conditions say, what it locks.
///
/// Sub-selects and views that the planner merges into the level are merged here as well, so that
/// their tables stand beside those named directly.
final class QueryLevel {
  /// Something with rows that the level reads.
  struct RangeTableEntry {
    enum Source {
      case table(RelationName, Catalog.Relation?)
      case derived(DerivedTable)
      /// A function or something else whose rows nobody can lock.
      case opaque(rows: RowCount)
    }
    let source: Source
    /// The name by which the text knows it.
    let name: String
    /// Whether it holds the rows that fire a trigger.
    var isTransition = false
    /// Whether it is a function that may give its rows in an order.
    var mayBeSorted = false

    var relation: (name: RelationName, definition: Catalog.Relation?)? {
      guard case .table(let name, let definition) = source else { return nil }
      return (name, definition)
    }
  }

  /// What a name of FROM stands for.
  enum Entry {
    case member(Int)
    case merged(MergedSelect)
  }

  /// A sub-select or view whose members have become members of the level.
  struct MergedSelect {
    let scope: Int
    let targets: [ResultTarget]
    let columnAliases: [String]
    let members: Range<Int>
  }

  /// The names that are visible in one place.
  struct Scope {
    var entries: [(name: String, entry: Entry)] = []
    /// How many sub-selects and views of FROM it is in.
    var depth = 0
  }

  /// A condition that holds for every row of the level, or, where an outer join can leave the
  /// condition's tables without a row, for the rows of `onlyFor` that it joins.
  struct LevelCondition {
    let node: Node
    let scope: Int
    var onlyFor: Range<Int>?
  }

  /// A column of a member.
  struct Column: Hashable, Comparable {
    let member: Int
    let name: String

    static func < (left: Column, right: Column) -> Bool {
      (left.member, left.name) < (right.member, right.name)
    }
  }

  /// Two columns that a join makes equal.
  struct JoinedColumns {
    let left: Column
    let right: Column
    /// Whether every row of the left side has a partner.
    let bindsLeft: Bool
    /// Whether every row of the right side has a partner.
    let bindsRight: Bool
  }

  let parent: QueryLevel?
  var members: [RangeTableEntry] = []
  var scopes: [Scope] = [Scope()]
  var conditions: [LevelCondition] = []
  /// Pairs of columns that USING and NATURAL make equal.
  var joined: [JoinedColumns] = []
  /// Whether something in it belongs to an outer level.
  var isCorrelated = false
  /// The sub-selects in its conditions, analysed.
  var subselects: [(link: SubLink, table: DerivedTable)] = []
  /// The locks of its sub-selects, and whether those depend on its rows.
  var subselectLocks: [SubselectLocks] = []
  /// The locks of a sub-select in an expression.
  struct SubselectLocks {
    let locks: [Acquisition]
    let isCorrelated: Bool
    /// The arms of CASE and the like that lead to it, for one row.
    let branches: [Branch]
  }

  /// The locks that reading what is in FROM takes.
  var locks: [Acquisition] = []
  /// How deep in sub-selects and views of FROM a member stands.
  var depths: [Int] = []
  /// The calls in its expressions that may take locks.
  var calls: [CallLocks.PlacedCall] = []
  /// The row locks that the level takes on its members.
  var locked: [Int: RowLockMode] = [:]
  /// Whether its rows are those that an INSERT makes, and no others.
  var isOfNewRows = false
  /// What outputs of merged sub-selects are made of, as far as it was asked for.
  private var outputColumns: [Node.ID: Set<Column>?] = [:]
  /// What the conditions say, once all of them are there.
  lazy var facts = LevelFacts(self)
  /// All conditions as values, once they are there.
  lazy var canonicalConditions = Set(facts.allConditions.map { Condition($0) })
  /// Which members have one row, once the conditions are there.
  lazy var identity = RowIdentity(self)

  init(parent: QueryLevel?) { self.parent = parent }

  /// Whether its rows may come in an order that a function gives them.
  var mayBeSorted: Bool { members.count == 1 && members[0].mayBeSorted }

  /// The locks that are taken below the level, once it is complete: those of sub-selects that depend
  /// on its rows for each of them.
  func takeLocks() -> [Acquisition] {
    defer { (locks, subselectLocks) = ([], []) }
    guard !subselectLocks.isEmpty else { return locks }
    let isSingle = identity.single.count == members.count
    return locks
      + subselectLocks.flatMap { inner in
        if isSingle { return inner.locks.map { $0.behind(inner.branches) } }
        return inner.isCorrelated ? inner.locks.map(QueryAnalysis.correlated) : inner.locks
      }
  }

  /// Whether a condition on all rows says `false`.
  var isEmpty: Bool {
    conditions.contains { $0.onlyFor == nil && Literal($0.node) == .boolean(false) }
  }

  /// Takes conditions from a place on as those of the nullable side of an outer join.
  func limitConditions(from first: Int, to members: Range<Int>) {
    for index in conditions.indices[first...] where conditions[index].onlyFor == nil {
      conditions[index].onlyFor = members
    }
  }

  /// A sub-select of its conditions, analysed.
  func table(of link: SubLink) -> DerivedTable? {
    subselects.first { $0.link.select.node.isSame(as: link.select.node) }?.table
  }

  /// Whether an entry is a sub-select that is planned on its own.
  func isDerived(_ entry: Entry) -> Bool {
    guard case .member(let member) = entry, case .derived = members[member].source else {
      return false
    }
    return true
  }

  /// The members that an entry stands for.
  func members(of entry: Entry) -> [Int] {
    switch entry {
    case .member(let member): [member]
    case .merged(let merged): Array(merged.members)
    }
  }

  /// What a column's name stands for.
  enum Binding {
    case column(Column)
    /// An output of a merged sub-select that is not a plain column.
    case expression(Node, scope: Int)
    case outer
    case unknown
  }

  /// Finds what a written column stands for.
  func resolve(_ names: [String], scope: Int) -> Binding {
    guard let column = names.last else { return .unknown }
    if names.count > 1 {
      let qualifier = names[names.count - 2]
      if let found = scopes[scope].entries.first(where: { $0.name == qualifier }) {
        return binding(of: column, in: found.entry)
      }
      return outer(names)
    }
    var possible: [Entry] = []
    for (_, entry) in scopes[scope].entries {
      switch knows(column, entry) {
      case true?: return binding(of: column, in: entry)
      case nil: possible.append(entry)
      case false?: break
      }
    }
    if possible.count == 1 { return binding(of: column, in: possible[0]) }
    return possible.isEmpty ? outer(names) : .unknown
  }

  private func outer(_ names: [String]) -> Binding {
    guard let parent, parent.canSee(names) else { return .unknown }
    isCorrelated = true
    return .outer
  }

  private func canSee(_ names: [String]) -> Bool {
    if case .unknown = resolve(names, scope: 0) { return false }
    return true
  }

  /// Whether an entry has a column; nil when its columns are not known.
  private func knows(_ column: String, _ entry: Entry) -> Bool? {
    switch entry {
    case .member(let index):
      switch members[index].source {
      case .table(_, let definition):
        guard let definition, !definition.columns.isEmpty else { return nil }
        return definition.hasColumn(column) || SystemColumn.names.contains(column)
      case .derived(let table): return table.knows(column)
      case .opaque: return nil
      }
    case .merged(let select):
      if output(column, of: select) != nil { return true }
      return select.targets.contains { $0.value.map(isStar) ?? false } ? nil : false
    }
  }

  private func binding(of column: String, in entry: Entry) -> Binding {
    switch entry {
    case .member(let index): return .column(Column(member: index, name: column))
    case .merged(let select):
      if let value = output(column, of: select) {
        if case .column(let names) = Expression(value) {
          return resolve(names, scope: select.scope)
        }
        return .expression(value, scope: select.scope)
      }
      return resolve([column], scope: select.scope)
    }
  }

  private func output(_ column: String, of select: MergedSelect) -> Node? {
    if let position = select.columnAliases.firstIndex(of: column),
      position < select.targets.count
    {
      return select.targets[position].value
    }
    return select.targets.first { OutputColumn.name(of: $0) == column }?.value
  }

  private func isStar(_ node: Node) -> Bool {
    if case .star = Expression(node) { return true }
    return false
  }

  /// The columns that an expression is made of, outside of sub-selects; nil when one of them
  /// can't be told.
  func columns(in node: Node, scope: Int) -> Set<Column>? {
    if node.tag == .SubLink {
      return node.child(.testexpr).map { columns(in: $0, scope: scope) } ?? []
    }
    if case .parameter = Expression(node) { return [] }
    if case .column(let names) = Expression(node) {
      switch resolve(names, scope: scope) {
      case .column(let column): return [column]
      case .expression(let value, let scope): return columns(ofOutput: value, scope: scope)
      case .outer: return []
      case .unknown: return nil
      }
    }
    var result: Set<Column> = []
    for child in node.children {
      guard let columns = columns(in: child, scope: scope) else { return nil }
      result.formUnion(columns)
    }
    return result
  }

  /// The columns of an output of a merged sub-select, which may be named many times.
  private func columns(ofOutput value: Node, scope: Int) -> Set<Column>? {
    if let known = outputColumns[value.id] { return known }
    let found = columns(in: value, scope: scope)
    outputColumns[value.id] = .some(found)
    return found
  }

  /// The base table's column that an output comes from.
  func origin(of column: Column) -> (level: QueryLevel, column: Column)? {
    guard members.indices.contains(column.member) else { return nil }
    switch members[column.member].source {
    case .table: return (self, column)
    case .derived(let table): return table.origin(of: column.name)
    case .opaque: return members[column.member].isTransition ? (self, column) : nil
    }
  }
}

/// Columns that every table has (manual 5.5, *System Columns*).
enum SystemColumn {
  static let names: Set<String> = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"]
}
