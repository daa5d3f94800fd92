import Diagnostics
import PostgresSyntax

/// MERGE: the rows that its clauses write.
struct MergeLocks: InScope {
  let scope: QueryScope

  /// The locks of a MERGE.
  static func lower(_ merge: MergeStatement, _ scope: QueryScope) -> [Acquisition] {
    guard let target = merge.target, let source = merge.source else { return [] }
    return MergeLocks(scope: QueryAnalysis(scope: scope).inside(merge.with).scope)
      .lower(merge, target, source)
  }

  private func lower(
    _ merge: MergeStatement, _ target: TableReference, _ source: Node
  ) -> [Acquisition] {
    let analysis = QueryAnalysis(scope: scope)
    let level = QueryLevel(parent: nil)
    analysis.addTable(target, to: level, scope: 0)
    analysis.add(source, to: level, scope: 0)
    analysis.add(Expression.conjuncts(of: merge.condition), to: level, scope: 0)
    for clause in merge.clauses { analysis.addSubselects(in: clause.node, to: level) }
    var result =
      level.takeLocks() + CallLocks(scope: scope).locks(of: level.calls, in: level, nil)
    guard let name = level.members.first?.relation?.name else { return result }
    let triggers = TriggerLocks(scope: scope)
    let partitions = PartitionLocks(scope: scope)
    let effects = effects(of: merge, name, level).flatMap {
      [$0] + partitions.parts(of: $0, includesChildren: target.includesChildren)
    }
    result += sequences(of: merge, name) + effects.flatMap(triggers.beforeStatement)
    if merge.clauses.contains(where: { $0.action == .insert || $0.action == .update }) {
      result += partitions.bounds(of: name, context.range)
    }
    if let mode = mode(of: merge, name) { result.append(lock(name, mode, target, level)) }
    for effect in effects {
      result += triggers.beforeRow(effect)
      context.after.add(effect)
    }
    return result
  }

  private func lock(
    _ name: RelationName, _ mode: RowLockMode, _ target: TableReference, _ level: QueryLevel
  ) -> Acquisition {
    var rows = level.rows(of: 0)
    if rows.count.isMany {
      if let held = HeldRows(level).coverage(of: 0), held.isExclusive {
        rows.order = .alreadyLocked(why: "the rows are locked by the sub-select that picks them")
      } else {
        rows.order = .unordered(
          why: "MERGE writes in the order of its join; an ordered source does not change that")
      }
    }
    return Acquisition(
      target: .rows(name), mode: .row(mode), rows: rows, waits: .blocks, duration: .transaction,
      reason: [], range: context.headRange("merge", target), form: .plainWrite,
      assumptions: level.assumptions(of: 0, rows.count), isPrivate: isPrivate(name))
  }

  private func merged(_ clause: MergeClause, _ name: RelationName) -> [String] {
    let changed = clause.assignments.filter { !$0.isSameValue }.compactMap(\.name)
    context.noteWritten(name, changed)
    return changed
  }

  /// The strongest mode of the clauses that write an existing row; nil when none does.
  private func mode(of merge: MergeStatement, _ name: RelationName) -> RowLockMode? {
    merge.clauses.compactMap { clause in
      switch clause.action {
      case .delete: .forUpdate
      case .update: catalog.updateMode(of: name, merged(clause, name))
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
        range: context.range)
    }
  }

  /// What triggers and foreign keys see: each kind of write that a clause can make.
  private func effects(
    of merge: MergeStatement, _ name: RelationName, _ level: QueryLevel
  ) -> [RowWrite] {
    let rows = level.rows(of: 0)
    let range = context.range
    var effects: [RowWrite] = []
    for clause in merge.clauses {
      let kind: WriteKind
      switch clause.action {
      case .nothing: continue
      case .delete: kind = .delete
      case .insert: kind = .insert
      case .update: kind = .update
      }
      let index = effects.firstIndex { $0.kind == kind } ?? effects.endIndex
      if index == effects.endIndex {
        effects.append(RowWrite(kind: kind, table: name, rows: rows, range: range))
      }
      guard kind == .update else { continue }
      effects[index].assigned.formUnion(clause.assignments.compactMap(\.name))
      effects[index].changed.formUnion(
        clause.assignments.filter { !$0.isSameValue }.compactMap(\.name))
    }
    return effects
  }
}
