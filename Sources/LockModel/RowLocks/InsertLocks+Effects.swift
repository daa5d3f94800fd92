import Diagnostics
import PostgresSyntax

extension InsertLocks {
  /// What triggers and foreign keys see of an INSERT.
  func effect(
    of place: InsertPlace, as table: RelationName, _ named: RelationName
  ) -> RowWrite {
    var rows = RowSet.unknown
    rows.count = place.source?.rows ?? .one
    rows.order = .unordered(why: "the rows come as the source gives them")
    var effect = RowWrite(kind: .insert, table: table, rows: rows, range: place.range)
    guard catalog.hasEffects(table, .insert) || catalog.hasEffects(named, .insert) else {
      return effect
    }
    effect.new = values(of: place)
    effect.rows.order = sourceOrder(of: place) ?? rows.order
    effect.sorted = sortedColumns(of: place)
    for column in catalog.relations[table]?.columns ?? []
    where !place.columns.contains(column.name) && !column.hasDefault {
      effect.new[column.name] = .null
    }
    return effect
  }

  /// The columns that get the same value in all rows, with it.
  func values(of place: InsertPlace) -> [String: Term] {
    var values: [String: Term] = [:]
    for (position, column) in place.columns.enumerated() {
      if let term = value(at: position, of: place) { values[column] = term }
    }
    return values
  }

  private func value(at position: Int, of place: InsertPlace) -> Term? {
    guard let source = place.source, source.select != nil else { return nil }
    if let first = place.valueRows.first {
      guard let term = value(at: position, in: first, isOnly: place.valueRows.count == 1),
        place.valueRows.dropFirst().allSatisfy({
          value(at: position, in: $0, isOnly: false) == term
        })
      else { return nil }
      return term
    }
    guard position < source.targets.count,
      !source.targets.prefix(position + 1).contains(where: \.isStar),
      let value = source.targets[position].value
    else { return nil }
    if value.flag(.isnull) { return .null }
    if SetFunctions.occur(in: value) { return nil }
    let columns = source.level?.columns(in: value, scope: 0)
    let isConstant =
      columns?.allSatisfy { source.level?.identity.single.contains($0.member) ?? false } ?? false
    return isConstant || source.rows == .one ? Term(value) : nil
  }

  private func value(at position: Int, in row: [Node], isOnly: Bool) -> Term? {
    guard position < row.count else { return nil }
    if case .setToDefault = Expression(row[position]) { return nil }
    if row[position].flag(.isnull) { return .null }
    let isKnown =
      isOnly
      ? Volatility.reason(for: row[position], catalog: catalog) == nil
      : InsertedValues.isRepeatable(row[position], catalog)
    return isKnown ? Term(row[position]) : nil
  }

  /// Columns of VALUES whose literals go up or down.
  private func sortedColumns(of place: InsertPlace) -> [String: Bool] {
    guard place.valueRows.count > 1 else { return [:] }
    let values = place.valueRows.map { row in row.map { Literal($0) } }
    var sorted: [String: Bool] = [:]
    for (position, column) in place.columns.enumerated() {
      let column = (column, values.map { position < $0.count ? $0[position] : nil })
      let pairs = zip(column.1, column.1.dropFirst())
      func keeps(_ isBefore: (Literal, Literal) -> Bool) -> Bool {
        pairs.allSatisfy { left, right in
          guard let left, let right else { return false }
          return left == right || isBefore(left, right)
        }
      }
      if keeps({ $0.precedes($1) == true }) { sorted[column.0] = false }
      if keeps({ $1.precedes($0) == true }) { sorted[column.0] = true }
    }
    return sorted
  }

  /// The order in which the columns of the target come, from the ORDER BY of the source.
  private func sourceOrder(of place: InsertPlace) -> RowOrder? {
    guard let source = place.source, let select = source.select, !select.sortKeys.isEmpty else {
      return nil
    }
    var terms: [SortTerm] = []
    for key in select.sortKeys {
      guard let expression = key.expression,
        let position = source.targets.firstIndex(where: { target in
          guard let value = target.value else { return false }
          return CanonicalExpression.text(value) == CanonicalExpression.text(expression)
            || OutputColumn.name(of: target) == CanonicalExpression.text(expression)
        }), position < place.columns.count
      else { break }
      terms.append(SortTerm(text: place.columns[position], isDescending: key.isDescending))
    }
    return .partial(terms, why: "the rows come as the source gives them")
  }

  /// The values of a key's columns in a single row.
  func keyValues(_ columns: [String], _ place: InsertPlace) -> [String: Term] {
    var values: [String: Term] = [:]
    for column in columns {
      guard let position = place.columns.firstIndex(of: column) else { continue }
      values[column] = value(at: position, of: place)
    }
    return values
  }

  /// ON CONFLICT DO UPDATE fires the triggers of UPDATE as well.
  func update(for conflict: ConflictClause, _ insert: RowWrite) -> RowWrite {
    let columns = Set(conflict.assignments.compactMap(\.name))
    var update = RowWrite(
      kind: .update, table: insert.table, assigned: columns, changed: columns, rows: insert.rows,
      range: insert.range)
    update.old = insert.new.filter { !columns.contains($0.key) && $0.value != .null }
    return update
  }

  /// The sequences of columns that are not given, and what their defaults call.
  func defaults(of place: InsertPlace, _ insert: InsertStatement) -> [Acquisition] {
    guard let relation = catalog.relations[place.name] else { return [] }
    let isOverridden = insert.overridesUserValues
    return relation.columns.flatMap { column -> [Acquisition] in
      guard isDefault(column.name, in: place) || isOverridden && column.sequence != nil else {
        return []
      }
      if let sequence = column.sequence {
        return [
          .table(
            sequence, .rowExclusive, reason: [.columnDefault(column.name)], range: place.range,
            isPrivate: isPrivate(sequence))
        ]
      }
      guard let value = column.defaultValue else { return [] }
      return QueryAnalysis(scope: scope).locks(in: [value.node]).map {
        $0.inside([.columnDefault(column.name)], at: place.range)
      }
    }
  }

  private func isDefault(_ column: String, in place: InsertPlace) -> Bool {
    guard let position = place.columns.firstIndex(of: column), let source = place.source else {
      return true
    }
    guard source.select != nil else { return false }
    if place.valueRows.isEmpty {
      return position >= source.targets.count && !source.targets.contains(where: \.isStar)
    }
    return place.valueRows.contains { row in
      guard position < row.count else { return true }
      if case .setToDefault = Expression(row[position]) { return true }
      return false
    }
  }

  // MARK: Partitions

  /// The partitions that the rows go to, where literals tell; of a partition the parent, whose
  /// bounds are checked.
  func leaves(of place: InsertPlace) -> [Acquisition] {
    guard let relation = catalog.relations[place.name] else { return [] }
    return PartitionLocks(scope: scope).bounds(of: place.name, place.range)
      + (relation.isPartitioned ? route(place, relation) : [])
  }

  private func route(_ place: InsertPlace, _ relation: Catalog.Relation) -> [Acquisition] {
    let columns = relation.partitioning?.columns ?? []
    let rows = literalRows(of: place, columns)
    guard !rows.isEmpty, rows.allSatisfy({ $0.contains { $0 != nil } }) else {
      context.note(
        "which partition of \(relation.name.short) the rows go to is not known", isDetail: true)
      return []
    }
    var locks: [Acquisition] = []
    for values in rows {
      let children = catalog.children(of: relation.name)
      let pruning = PartitionPruning(
        values: Dictionary(
          zip(columns, values).compactMap { column, value in
            column.flatMap { column in value.map { (column, $0) } }
          }
        ) { first, _ in first })
      let fitting = children.filter { pruning.admits($0, of: relation, beside: children) }
      guard fitting.count == 1, let leaf = fitting.first, relation.partitioning?.strategy != .hash
      else {
        context.note(
          "which partition of \(relation.name.short) the rows go to is not known", isDetail: true)
        return locks
      }
      locks.append(
        .table(
          leaf.name, .rowExclusive, reason: [.partition(of: relation.name)],
          range: place.range))
      if leaf.isPartitioned { locks += route(place, leaf) }
    }
    return locks
  }

  /// For each row the literal values of columns.
  private func literalRows(of place: InsertPlace, _ columns: [String?]) -> [[Literal?]] {
    guard let source = place.source, source.select != nil else { return [] }
    let positions = columns.map { column in column.flatMap { place.columns.firstIndex(of: $0) } }
    if !place.valueRows.isEmpty {
      return place.valueRows.map { row in
        positions.map { position in position.flatMap { $0 < row.count ? Literal(row[$0]) : nil } }
      }
    }
    return [
      positions.map { position in
        position.flatMap { index in
          index < source.targets.count ? source.targets[index].value.flatMap { Literal($0) } : nil
        }
      }
    ]
  }
}
