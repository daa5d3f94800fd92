import Diagnostics
import PostgresSyntax

/// INSERT: the entries that it makes, and the rows that it updates instead.
struct InsertLocks: InScope {
  let scope: QueryScope

  /// The locks of an INSERT; the table returned has what RETURNING gives.
  static func lower(_ insert: InsertStatement, _ scope: QueryScope) -> DerivedTable {
    let analysis = QueryAnalysis(scope: scope).inside(insert.with)
    return InsertLocks(scope: analysis.scope).lower(insert)
  }

  private func lower(_ insert: InsertStatement) -> DerivedTable {
    guard let target = insert.target else {
      return DerivedTable(level: nil, targets: [], rows: .many)
    }
    let analysis = QueryAnalysis(scope: scope)
    let named = scope.resolve(target)
    let name = baseTable(of: named)
    let source = insert.source.map { analysis.select($0, parent: nil) }
    let columns =
      insert.columns.isEmpty
      ? catalog.relations[name]?.columns.map(\.name) ?? [] : insert.columns
    let place = InsertPlace(
      name: name, columns: columns, source: source,
      valueRows: source?.select?.valueRows.map { Array($0.list(.items)) } ?? [],
      conflict: insert.onConflict,
      range: context.headRange("insert", target),
      assumptions: catalog.relations[name] == nil ? [AssumedKey.sentence(table: name)] : [])
    // RETURNING gives rows of the table, so the result's level knows the table alone.
    let level = QueryLevel(parent: nil)
    analysis.addTable(target, to: level, scope: 0)
    // Nobody else sees rows that are new, and those that ON CONFLICT updates are locked.
    level.locked[0] = .forUpdate
    level.isOfNewRows = insert.onConflict == nil
    let result = DerivedTable(
      level: level, targets: insert.returning, rows: source?.rows ?? .one)
    let effect = effect(of: place, as: name, named)
    let read = (source?.acquisitions ?? []) + defaults(of: place, insert)
    if let instead = RuleLocks(scope: scope).rewritten(named, effect) {
      result.acquisitions = read + instead
    } else {
      result.acquisitions = locks(of: place, insert, effect, read)
      let rules = RuleLocks(scope: scope)
      context.after.add(rules: rules.ruleActions(of: named, effect))
      if name != named { context.after.add(rules: rules.ruleActions(of: name, effect)) }
    }
    return result
  }

  /// The locks of the rows themselves and of what happens with them.
  private func locks(
    of place: InsertPlace, _ insert: InsertStatement, _ effect: RowWrite, _ read: [Acquisition]
  ) -> [Acquisition] {
    let triggers = TriggerLocks(scope: scope)
    let update = place.conflict.flatMap { $0.updates ? self.update(for: $0, effect) : nil }
    var result = triggers.beforeStatement(effect)
    if let update { result += triggers.beforeStatement(update) }
    result += read
    // A row is sent to its partition before its triggers run; the bounds of a partition that is
    // named are looked at afterwards (`ExecInsert`).
    let isRouted = catalog.relations[place.name]?.isPartitioned ?? false
    let triggered = triggers.beforeRow(effect)
    let leaves = leaves(of: place)
    result += isRouted ? leaves + triggered : triggered + leaves
    result += CheckLocks(scope: scope).locks(of: place.name)
    result += entries(of: place)
    if let update { result += triggers.beforeRow(update) }
    let others = (place.conflict.map { [$0.node] } ?? []) + insert.returning.map(\.node)
    let values = values(of: place)
    result += QueryAnalysis(scope: scope).locks(in: others).map { $0.replacing(columns: values) }
    context.after.add(effect)
    if let update { context.after.add(update) }
    return result
  }

  /// What an INSERT puts where.
  struct InsertPlace {
    let name: RelationName
    let columns: [String]
    let source: DerivedTable?
    /// The values of VALUES, row by row; empty where the rows come from a query.
    let valueRows: [[Node]]
    let conflict: ConflictClause?
    let range: SourceRange
    let assumptions: [String]
  }

  /// The table behind a view that INSERT can write through.
  private func baseTable(of name: RelationName) -> RelationName {
    let level = QueryLevel(parent: nil)
    guard let definition = catalog.relations[name], case .view(let query) = definition.kind,
      case .select(let select)? = SQLQuery(query.node), let first = select.from.first
    else { return name }
    QueryAnalysis(scope: scope).add(first, to: level, scope: 0)
    return level.members.first?.relation?.name ?? name
  }

  /// The entries of unique keys that other inserts wait for.
  private func entries(of place: InsertPlace) -> [Acquisition] {
    guard let key = conflictKey(of: place) else { return [] }
    let form: RowLockForm = place.conflict == nil ? .insert : .upsert
    let order = InsertOrder(
      columns: place.columns, key: key.parts, source: place.source, catalog: catalog,
      definition: catalog.relations[place.name])
    var rows = order.rows
    rows.conflictKey = key.columns
    rows.entersOtherKeys = entersOtherKeys(than: key.columns, place)
    if rows.count != .many { rows.pinned = keyValues(key.columns, place) }
    rows.ties = ties(of: key.columns, place)
    rows.isLimited = place.source?.select?.limit != nil
    var entry = Acquisition(
      target: .uniqueKey(place.name), mode: .uniqueEntry, rows: rows, waits: .blocks,
      duration: .transaction, reason: [],
      range: place.range, form: form, assumptions: rows.count.isMany ? key.assumptions : [],
      isPrivate: isPrivate(place.name)
        || !rows.entersOtherKeys && key.columns.contains { isOwn($0, in: place) })
    guard let conflict = place.conflict, conflict.updates else { return [entry] }
    noteWritten(conflict, place.name, key: key.columns)
    entry.target = .rows(place.name)
    entry.mode = .row(upsertMode(conflict, place.name))
    entry.reason = []
    return [entry]
  }

  /// The columns of a key that get their values from rows that are the transaction's own.
  private func ties(of key: [String], _ place: InsertPlace) -> [RowSource: [String: String]] {
    var result: [RowSource: [String: String]] = [:]
    for (position, column) in place.columns.enumerated() where key.contains(column) {
      guard let origin = place.source?.origin(at: position),
        let source = origin.level.source(of: origin.column.member)
      else { continue }
      result[source, default: [:]][origin.column.name] = column
    }
    return result
  }

  /// `SET key = excluded.key` gives the key the value by which the row was found.
  private func noteWritten(_ conflict: ConflictClause, _ name: RelationName, key: [String]) {
    let changed = conflict.assignments.filter { assignment in
      guard let value = assignment.value, case .column(let names) = Expression(value) else {
        return true
      }
      return
        !(names.first == "excluded" && names.last == assignment.name
        && key.contains(assignment.name ?? ""))
    }
    context.noteWritten(name, changed.compactMap(\.name))
  }

  /// ON CONFLICT DO UPDATE locks the row by the columns that SET names, whatever their values.
  private func upsertMode(_ conflict: ConflictClause, _ name: RelationName) -> RowLockMode {
    let changed = conflict.assignments.compactMap(\.name)
    return catalog.updateMode(of: name, changed)
  }

  /// The unique key whose entries an INSERT can wait for.
  private struct ConflictKey {
    let parts: [InsertOrder.KeyPart]
    let assumptions: [String]

    /// As a report shows them.
    var columns: [String] { parts.map(\.label) }

    init(parts: [InsertOrder.KeyPart], assumptions: [String] = []) {
      self.parts = parts
      self.assumptions = assumptions
    }

    init(columns: [String], assumptions: [String] = []) {
      let parts = columns.map { InsertOrder.KeyPart(column: $0, expression: nil) }
      self.init(parts: parts, assumptions: assumptions)
    }
  }

  private func conflictKey(of place: InsertPlace) -> ConflictKey? {
    let definition = catalog.relations[place.name]
    if let conflict = place.conflict {
      let parts = conflict.keyParts
      if !parts.isEmpty {
        // The target is a set of columns; the order that counts is that of the key.
        let columns = parts.compactMap(\.column)
        let known = definition?.keys.first { $0.columns.map(Set.init) == Set(columns) }?.columns
        if let known, columns.count == parts.count { return ConflictKey(columns: known) }
        return ConflictKey(
          parts: parts.map { .init(column: $0.column, expression: $0.expression) })
      }
      if let constraint = conflict.constraint {
        let key = definition?.keys.first { $0.name == constraint }
        return ConflictKey(
          columns: key?.columns ?? [],
          assumptions: key == nil ? place.assumptions : [])
      }
    }
    guard let definition else {
      return place.conflict == nil ? nil : assumedKey(of: place)
    }
    // Without a target any unique key of the table can conflict; the first whose columns are all
    // given a value is the one that callers mean.
    let keys = definition.keys.filter { key in
      key.columns.map { columns in
        !columns.isEmpty && columns.contains { isGiven($0, in: place) }
          && columns.allSatisfy { isGiven($0, in: place) || hasConstantDefault($0, definition) }
      } ?? false
    }
    guard let key = keys.first(where: \.isPrimary) ?? keys.first else {
      return nil
    }
    return ConflictKey(columns: key.columns ?? [])
  }

  private func assumedKey(of place: InsertPlace) -> ConflictKey {
    let key = place.columns.first { AssumedKey.isNamedLikeKey($0, of: place.name.name) }
    return ConflictKey(
      columns: key.map { [$0] } ?? [], assumptions: place.assumptions)
  }

  private func hasConstantDefault(_ column: String, _ definition: Catalog.Relation) -> Bool {
    guard let column = definition.column(column) else { return false }
    return column.hasDefault
      && !["uuid", "serial", "bigserial", "int8", "int4"].contains(column.type)
  }

  /// Whether an INSERT gives a column values of its own, not those of a default or a generator.
  private func isGiven(_ column: String, in place: InsertPlace) -> Bool {
    guard let position = place.columns.firstIndex(of: column) else { return false }
    guard let select = place.source?.select else { return false }
    if place.valueRows.isEmpty {
      guard position < select.targets.count, let value = select.targets[position].value else {
        return true
      }
      return !isGenerated(value)
    }
    return place.valueRows.contains { row in
      position < row.count && !isGenerated(row[position])
    }
  }

  /// Whether some other unique key gets values that others may give it too.
  private func entersOtherKeys(than columns: [String], _ place: InsertPlace) -> Bool {
    catalog.relations[place.name]?.keys.contains { key in
      guard let other = key.columns, Set(other) != Set(columns), !other.isEmpty else {
        return false
      }
      return other.contains { isGiven($0, in: place) } && !other.contains { isOwn($0, in: place) }
    } ?? false
  }

  /// Whether a column gets values in all rows that nobody else gives it.
  private func isOwn(_ column: String, in place: InsertPlace) -> Bool {
    guard let position = place.columns.firstIndex(of: column), let source = place.source else {
      return false
    }
    if !place.valueRows.isEmpty {
      return place.valueRows.allSatisfy { row in
        position < row.count && OwnValues.isOwn(Term(row[position]))
      }
    }
    guard position < source.targets.count,
      !source.targets.prefix(position + 1).contains(where: \.isStar)
    else { return false }
    return source.targets[position].value.map { OwnValues.isOwn(Term($0)) } ?? false
  }

  private func isGenerated(_ value: Node) -> Bool {
    if case .setToDefault = Expression(value) { return true }
    return Volatility.reason(for: value, catalog: catalog) != nil
  }
}
