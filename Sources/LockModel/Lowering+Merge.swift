import Diagnostics
import PostgresSyntax

extension Lowering {
  func merge(_ merge: MergeStatement) {
    guard let target = merge.target, let source = merge.source else { return }
    enterWith(merge.with)
    defer { leaveWith() }
    let level = QueryLevel(parent: nil)
    let ((), locks) = collecting {
      addTable(target, to: level, scope: 0)
      add(source, to: level, scope: 0, onlyFor: nil)
      add(Expression.conjuncts(of: merge.condition), to: level, scope: 0, onlyFor: nil)
      for clause in merge.clauses { addSubselects(in: clause.node, to: level) }
      takeSubselects(of: level)
    }
    acquisitions += locks + self.locks(of: level.calls, in: level, nil)
    guard let name = level.members.first?.relation?.name else { return }
    let written = effects(of: merge, name, level)
    let effects = written.flatMap {
      [$0] + parts(of: $0, includesChildren: target.includesChildren)
    }
    acquisitions += sequences(of: merge, name)
    for effect in effects { acquisitions += beforeStatement(effect) }
    defer {
      for effect in effects {
        acquisitions += beforeRow(effect)
        queue(effect)
      }
    }
    if merge.clauses.contains(where: { $0.action == .insert || $0.action == .update }) {
      let range = range(statement.range)
      acquisitions += catalog.relations[name].map { bounds(of: $0, range) } ?? []
    }
    guard let mode = mergeMode(merge, name) else { return }
    let identity = level.identity
    var rows = describe(0, level, identity)
    if rows.count.isMany {
      if let held = HeldRows(level).coverage(of: 0), held.mode.isExclusive {
        rows.order = .alreadyLocked(why: "the rows are locked by the sub-select that picks them")
      } else {
        rows.order = .unordered(
          why: "MERGE writes in the order of its join; an ordered source does not change that")
      }
    }
    acquisitions.append(
      Acquisition(
        target: .rows(name), mode: .row(mode), rows: rows, waits: .blocks, duration: .transaction,
        reason: [], range: headRange("merge", target), form: .plainWrite,
        assumptions: rows.count.isMany
          ? assumption(of: 0, level) : singleAssumption(of: 0, level, identity),
        isPrivate: isPrivate(name)))
  }

  private func merged(_ clause: MergeClause, _ name: RelationName) -> [String] {
    let changed = clause.assignments.filter { !isSameValue($0) }.compactMap(\.name)
    written[name, default: []].formUnion(changed)
    return changed
  }

  /// The strongest mode of the clauses that write an existing row; nil when none does.
  private func mergeMode(_ merge: MergeStatement, _ name: RelationName) -> RowLockMode? {
    merge.clauses.compactMap { clause in
      switch clause.action {
      case .delete: .forUpdate
      case .update: updateMode(of: name, merged(clause, name))
      case .insert, .nothing: nil
      }
    }.max()
  }

  /// The sequences of columns that no INSERT clause gives a value.
  private func sequences(of merge: MergeStatement, _ name: RelationName) -> [Acquisition] {
    guard let relation = catalog.relations[name] else { return [] }
    let inserts = merge.clauses.filter { $0.action == .insert }
    return relation.columns.compactMap { column in
      guard let sequence = column.sequence,
        inserts.contains(where: { clause in
          !clause.assignments.isEmpty && !clause.assignments.contains { $0.name == column.name }
        })
      else { return nil }
      return .table(
        sequence, .rowExclusive, reason: [.columnDefault(column.name)],
        range: range(statement.range))
    }
  }

  /// What triggers and foreign keys see: each kind of write that a clause can make.
  private func effects(
    of merge: MergeStatement, _ name: RelationName, _ level: QueryLevel
  ) -> [RowWrite] {
    let rows = describe(0, level, level.identity)
    let range = range(statement.range)
    return merge.clauses.compactMap { clause in
      switch clause.action {
      case .nothing: return nil
      case .delete: return RowWrite(kind: .delete, table: name, rows: rows, range: range)
      case .insert: return RowWrite(kind: .insert, table: name, rows: rows, range: range)
      case .update:
        return RowWrite(
          kind: .update, table: name, assigned: Set(clause.assignments.compactMap(\.name)),
          changed: Set(clause.assignments.filter { !isSameValue($0) }.compactMap(\.name)),
          rows: rows, range: range)
      }
    }
  }
}
