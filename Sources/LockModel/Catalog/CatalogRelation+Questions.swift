import PostgresSyntax

extension Catalog.Relation {
  /// The column of a name.
  package func column(_ name: String) -> Catalog.Column? { self.columns.first { $0.name == name } }
  /// Whether it has a column of a name.
  package func hasColumn(_ name: String) -> Bool { self.columns.contains { $0.name == name } }
  /// Columns that have the same value in every row.
  var columnsOfOneValue: Set<String> {
    if self.fixedColumns.isEmpty { return [] }
    // A NULL passes every check.
    return Set(self.fixedColumns.values.filter { self.column($0)?.isNotNull ?? false })
  }
  /// What tells its rows apart: its keys, EXCLUDE, and columns that get their values from sequences of
  /// their own, which belong to them or are called as if they did; no column at all where there is one
  /// row.
  package var identifyingKeys: [Catalog.UniqueKey] {
    let sequences = self.columns.filter { column in
      guard column.isNotNull else { return false }
      guard let sequence = column.sequence else { return column.isIdentity }
      return column.isIdentity || sequence == column.ownedSequence
        || sequence.name == self.sequenceName(of: column.name)
    }
    return self.keys + self.exclusions
      + (self.hasOneRow ? [Catalog.UniqueKey(parts: [], predicate: [])] : [])
      + sequences.map { Catalog.UniqueKey(parts: [.column($0.name)], predicate: []) }
  }
  /// What PostgreSQL calls the sequence of a serial or identity column (`ChooseRelationName` in
  /// `indexcmds.c`), where no other relation has that name.
  func sequenceName(of column: String) -> String { "\(self.name.name)_\(column)_seq" }
  /// The columns of a type, or of its arrays.
  func columnNames(ofType type: String) -> [String] {
    self.columns.filter { $0.type == type || $0.type == type + "[]" }.map(\.name)
  }
  /// Nothing tells its rows apart any more.
  mutating func forgetKeys() {
    self.keys = []
    self.exclusions = []
    for index in self.columns.indices {
      self.columns[index].isIdentity = false
      self.columns[index].sequence = nil
      self.columns[index].ownedSequence = nil
    }
  }
  /// Takes over what another definition of the same table says of it that fits, with columns that have
  /// been added since.
  mutating func merge(_ other: Catalog.Relation) {
    let own = Set(self.columns.map(\.name))
    self.columns += other.columns.filter { !own.contains($0.name) }
    let names = Set(self.columns.map(\.name))
    let keys = self.keys
    let hasPrimaryKey = primaryKey != nil
    self.keys += other.keys.filter { key in
      !keys.contains { $0.name == key.name && key.name != nil || $0.parts == key.parts }
        && !(key.isPrimary && hasPrimaryKey)
        && key.columns.map { names.isSuperset(of: $0) } ?? false
    }
    let triggers = Set(self.triggers.map(\.name))
    self.triggers += other.triggers.filter { !triggers.contains($0.name) }
    let rules = Set(self.rules.map(\.name))
    self.rules += other.rules.filter { !rules.contains($0.name) }
  }
  /// The key that foreign keys mean which name no columns.
  package var primaryKey: Catalog.UniqueKey? { self.keys.first(where: \.isPrimary) }
  /// The first of its parents.
  package var parent: RelationName? { self.parents.first }
  /// Whether its rows are those of its partitions.
  package var isPartitioned: Bool { self.partitioning != nil }
  /// Adds the columns of a parent; the sequences stay with that.
  mutating func addColumns(of other: Catalog.Relation) {
    for var column in other.columns where !hasColumn(column.name) {
      column.ownedSequence = nil
      self.columns.append(column)
    }
  }
  /// Whether it has a trigger, rule or policy of a name.
  func hasPart(_ name: String) -> Bool {
    self.triggers.contains { $0.name == name } || self.rules.contains { $0.name == name }
      || self.policies.contains { $0.name == name }
  }
  /// Whether the query of a view, or a rule, names a column.
  func mentions(_ column: String, of table: String) -> Bool {
    let nodes = self.rules.flatMap(\.actions) + (query.map { [$0] } ?? [])
    return nodes.contains { retained in
      let tables = retained.node.tableReferences
      return retained.node.columnReferences.contains { names in
        guard names.last == column || names.last == "*" else { return false }
        guard names.count > 1 else { return true }
        let meant = tables.first { $0.visibleName == names[names.count - 2] }
        return meant.map { $0.name == table } ?? true
      }
    }
  }
  /// Whether a rule without condition takes the place of a write.
  func hasInsteadRule(for event: WriteKind) -> Bool {
    self.rules.contains { $0.event == event && $0.isInstead && !$0.hasCondition }
  }
  /// Whether it is a view with a trigger in place of a write (`view_has_instead_trigger` in
  /// `rewriteHandler.c`).
  func hasInsteadTrigger(for event: WriteKind) -> Bool {
    isView && self.triggers.contains { $0.timing == .insteadOf && $0.events.contains(event) }
  }
  /// Whether it is a sequence.
  var isSequence: Bool {
    if case .sequence = self.kind { return true }
    return false
  }
  /// Whether it is a materialized view.
  var isMaterializedView: Bool {
    if case .materializedView = self.kind { return true }
    return false
  }
  /// The query of a view.
  private var query: RetainedNode? {
    switch self.kind {
    case .view(let query): query
    case .materializedView(let query): query
    case .table, .sequence, .compositeType: nil
    }
  }
  /// Whether the query of a view calls a function.
  func isCalling(_ function: String) -> Bool {
    query?.node.functionCalls.contains { $0.name == function } ?? false
  }
  /// Whether it is a view, not a materialized one.
  package var isView: Bool {
    if case .view = self.kind { return true }
    return false
  }
}
