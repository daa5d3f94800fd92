import PostgresSyntax

/// Tells whether the rows of a member are among those that another part of the statement has
/// locked before: `WHERE id IN (SELECT id … FOR UPDATE)` and its many forms.
struct HeldRows {
  let level: QueryLevel

  init(_ level: QueryLevel) { self.level = level }

  private struct Match {
    let level: QueryLevel
    let member: Int
    let column: String
    let ownColumn: String
  }

  /// The strongest lock that covers the rows of a member by a join with the locked rows on a key.
  func coverage(of member: Int) -> RowLockMode? {
    guard let (name, definition) = level.members[member].relation else { return nil }
    let matches = matches(of: member).filter { match in
      match.level.members[match.member].relation?.name == name && match.column == match.ownColumn
    }
    return matches.compactMap { match -> RowLockMode? in
      guard let mode = match.level.locked[match.member] else { return nil }
      let columns = Set(
        matches.filter { $0.level === match.level && $0.member == match.member }.map(\.column))
      return isKey(columns, name, definition, member) ? mode : nil
    }.max()
  }

  /// The columns of a member that equal those of rows that are the transaction's own by then.
  func ties(of member: Int) -> [RowSource: [String: String]] {
    var result: [RowSource: [String: String]] = [:]
    for match in matches(of: member) {
      guard let source = match.level.source(of: match.member),
        match.level !== level || source == .firing
      else { continue }
      let known = result[source]?[match.column]
      result[source, default: [:]][match.column] =
        known.map { min($0, match.ownColumn) }
        ?? match.ownColumn
    }
    return result
  }

  private func isKey(
    _ columns: Set<String>, _ name: RelationName, _ definition: Catalog.Relation?, _ member: Int
  ) -> Bool {
    if columns.contains("ctid") { return true }
    guard let definition else {
      return columns.contains { AssumedKey.isNamedLikeKey($0, of: name.name) }
    }
    let identity = level.identity
    let pinned = identity.pinnedColumns(
      of: member, given: identity.single, nullsCount: false)
    return identity.usableKeys(of: member, definition).contains { key in
      key.columns.map { $0.allSatisfy { columns.contains($0) || pinned.contains($0) } } ?? false
    }
  }

  /// Base columns that a column of the member must equal.
  private func matches(of member: Int) -> [Match] {
    var result: [Match] = []
    func note(_ own: String, _ origin: (level: QueryLevel, column: QueryLevel.Column)?) {
      guard let origin, !(origin.level === level && origin.column.member == member) else { return }
      let equal = origin.level.facts.equal[origin.column] ?? []
      for column in [origin.column] + equal
      where !(origin.level === level && column.member == member) {
        result.append(
          Match(level: origin.level, member: column.member, column: column.name, ownColumn: own))
      }
    }
    for column in level.facts.equal.keys where column.member == member {
      for other in equals(of: column) { note(column.name, level.origin(of: other)) }
    }
    for (own, inner) in correlated(to: member) { note(own, inner) }
    for condition in level.conditions {
      guard let (test, table) = subselect(in: condition.node),
        !(table.level?.isCorrelated ?? false)
      else { continue }
      for (position, side) in parts(of: test).enumerated() {
        guard case .column(let names) = Expression(InjectiveCast.removed(from: side)),
          case .column(let column) = level.resolve(names, scope: condition.scope),
          column.member == member
        else { continue }
        note(column.name, table.origin(at: position))
        if table.targets.count == 1, table.targets[0].isStar {
          note(column.name, table.origin(of: column.name))
        }
      }
    }
    return result
  }

  /// All columns of the level that equal one, also by way of others.
  private func equals(of column: QueryLevel.Column) -> Set<QueryLevel.Column> {
    var found: Set<QueryLevel.Column> = [column]
    var open = [column]
    while let next = open.popLast() {
      for other in level.facts.equal[next] ?? [] where found.insert(other).inserted {
        open.append(other)
      }
    }
    return found.subtracting([column])
  }

  /// `EXISTS (SELECT FROM locked WHERE locked.id = t.id)`: columns of the member with what they
  /// equal in the CTE that the sub-select reads.
  private func correlated(
    to member: Int
  ) -> [(own: String, inner: (level: QueryLevel, column: QueryLevel.Column))] {
    level.subselects.filter { $0.link.kind == .exists }.flatMap { link, table in
      Expression.conjuncts(of: link.select.condition).compactMap { condition in
        guard let inner = table.level,
          case .operation("=", let left?, let right) = Expression(condition)
        else { return nil }
        for (outer, local) in [(left, right), (right, left)] {
          guard case .column(let names) = Expression(outer), names.count > 1,
            case .column(let own) = level.resolve(names, scope: 0), own.member == member,
            case .column(let found) = Expression(local),
            case .column(let column) = inner.resolve(found, scope: 0),
            // A sub-select that locks by itself does so row by row.
            case .derived(let locked) = inner.members[column.member].source, locked.isCommonTable,
            let origin = inner.origin(of: column)
          else { continue }
          return (own.name, origin)
        }
        return nil
      }
    }
  }

  private func parts(of node: Node) -> [Node] {
    if case .row(let parts) = Expression(node) { return parts }
    return [node]
  }

  /// `x IN (SELECT …)`, `x = ANY (ARRAY(SELECT …))`.
  private func subselect(in condition: Node) -> (test: Node, table: DerivedTable)? {
    switch Expression(condition) {
    case .subselect(let link) where link.kind == .any && (link.operatorName ?? "=") == "=":
      guard let test = link.test else { return nil }
      return level.table(of: link).map { (test, $0) }
    case .any("=", let left, let array):
      guard case .subselect(let link) = Expression(Expression.withoutCasts(array)) else {
        return nil
      }
      return level.table(of: link).map { (left, $0) }
    default: return nil
    }
  }
}

extension QueryLevel {
  /// What the rows of a member are to the transaction, when they are its own.
  func source(of member: Int) -> RowSource? {
    if members[member].isTransition { return .firing }
    guard let mode = locked[member], mode.isExclusive else { return nil }
    return members[member].relation.map { .locked($0.name) }
  }
}
