import PostgresSyntax

extension Catalog.Relation {
  // MARK: Keys of others

  /// A partition has its parent's keys, foreign keys and row triggers.
  mutating func inheritKeys(of parent: Catalog.Relation) {
    for key in parent.keys where !self.keys.contains(where: { $0.parts == key.parts }) {
      self.keys.append(key.withoutName)
    }
    for var key in parent.foreignKeys {
      key.isInherited = true
      // One that it has kept since it was a partition before is not made again.
      if let index = self.foreignKeys.firstIndex(where: { $0.number == key.number }) {
        self.foreignKeys[index] = key
      } else {
        self.foreignKeys.append(key)
      }
    }
    let names = Set(self.triggers.map(\.name))
    self.triggers += parent.triggers.filter { $0.isRow && !names.contains($0.name) }
  }

  /// LIKE … INCLUDING INDEXES makes the keys again.
  mutating func copyKeys(of source: Catalog.Relation) {
    for key in source.keys
    where !self.keys.contains(where: { $0.parts == key.parts && $0.predicate == key.predicate }) {
      self.keys.append(key.withoutName)
    }
  }

  // MARK: Own constraints

  /// Adds a primary key or a unique constraint; `column` is the one that it is written with.
  mutating func addKey(_ definition: ConstraintDefinition, column: String?, isPrimary: Bool) {
    var columns = definition.keyColumns
    if let index = definition.usedIndex {
      // ADD … USING INDEX: the index becomes the constraint's and takes its name.
      guard let position = self.keys.firstIndex(where: { $0.name == index }) else { return }
      self.keys[position].name = definition.name ?? index
      self.keys[position].isPrimary = isPrimary
      columns = self.keys[position].columns ?? []
    } else {
      if columns.isEmpty, let column { columns = [column] }
      guard !columns.isEmpty else { return }
      let suffix = isPrimary ? "pkey" : "\(columns.joined(separator: "_"))_key"
      self.keys.append(
        Catalog.UniqueKey(
          name: definition.name ?? "\(self.name.name)_\(suffix)",
          parts: columns.map { .column($0) }, predicate: [], isPrimary: isPrimary,
          nullsNotDistinct: definition.nullsNotDistinct))
    }
    guard isPrimary else { return }
    for index in self.columns.indices where columns.contains(self.columns[index].name) {
      self.columns[index].isNotNull = true
    }
  }

  /// Adds what EXCLUDE says of rows that have equal columns: there is one of them, or one where ranges
  /// that would overlap have no end.
  mutating func addExclusion(_ definition: ConstraintDefinition) {
    let pairs = definition.exclusions.map { ($0.element.string(.name), $0.operator) }
    let equal = pairs.compactMap { $0.1 == "=" ? $0.0 : nil }
    let overlapping = pairs.compactMap { $0.1 == "&&" ? $0.0 : nil }
    guard equal.count + overlapping.count == pairs.count, overlapping.count < 2,
      !equal.isEmpty, !definition.isDeferrable
    else { return }
    let predicate = Expression.conjuncts(of: definition.predicate).map(
      CanonicalExpression.condition)
    let open =
      overlapping.first.map { range in
        ["upper_inf", "lower_inf"].map { [CanonicalExpression.call($0, of: range)] }
      } ?? [[]]
    for ends in open {
      self.exclusions.append(
        Catalog.UniqueKey(
          name: definition.name, parts: equal.map { .column($0) }, predicate: predicate + ends))
    }
  }

  /// Adds what a CHECK says of the rows.
  mutating func addCheck(_ definition: ConstraintDefinition) {
    if definition.skipsValidation {
      if let name = definition.name { self.unvalidated.insert(name) }
    } else if let column = Self.fixedColumn(definition.expression) {
      self.fixedColumns[definition.name ?? "\(self.name.name)_\(column)_check"] = column
    }
  }

  /// The column that a check allows one value for.
  private static func fixedColumn(_ expression: Node?) -> String? {
    guard let expression else { return nil }
    switch Expression(expression) {
    case .column(let names): return names.last
    case .operation("=", let left?, let right):
      guard case .column(let names) = Expression(left), Literal(right) != nil else { return nil }
      return names.last
    case .booleanTest(let inner, "IS_TRUE"):
      guard case .column(let names) = Expression(inner) else { return nil }
      return names.last
    default: return nil
    }
  }
}

extension Catalog.UniqueKey {
  /// A copied key gets a name that PostgreSQL makes up.
  fileprivate var withoutName: Catalog.UniqueKey {
    var key = self
    key.name = nil
    return key
  }
}
