import Diagnostics
import PostgresSyntax

/// The locks on partitions that are found when a statement runs.
struct PartitionLocks: InScope {
  let scope: QueryScope

  /// A row that is written to a partition by its own name is checked against the partition's
  /// bounds; the parent is read for them, once in a session.
  func bounds(of name: RelationName, _ range: SourceRange) -> [Acquisition] {
    guard let relation = catalog.relations[name], relation.bound != nil,
      let parent = relation.parent
    else { return [] }
    return [.table(parent, .accessShare, reason: [.bounds(of: name)], range: range)]
  }

  /// The partitions that a check or a cascade reaches.
  func leaves(
    of table: RelationName, pinned: [String: Term], _ mode: TableLockMode, _ reason: [Reason],
    _ range: SourceRange
  ) -> [Acquisition] {
    guard let relation = catalog.relations[table], relation.isPartitioned else { return [] }
    let pruning = PartitionPruning(pinned: pinned)
    let children = catalog.children(of: table)
    return children.filter { pruning?.admits($0, of: relation, beside: children) ?? true }
      .flatMap { child in
        [
          Acquisition.table(
            child.name, mode, reason: reason + [.partition(of: table)], range: range)
        ] + leaves(of: child.name, pinned: pinned, mode, reason, range)
      }
  }

  /// What goes along with a write: the same of the rows of inheritance children, and the DELETE and
  /// INSERT of rows that move to another partition.
  func parts(of write: RowWrite, includesChildren: Bool) -> [RowWrite] {
    guard includesChildren, let relation = catalog.relations[write.table],
      relation.hasChildren || relation.isPartitioned
    else { return [] }
    var part = write
    part.isPart = true
    let below = catalog.inheritors(of: write.table)
    guard relation.isPartitioned else {
      guard write.kind != .insert else { return [] }
      return below.map { child in
        part.table = child
        return part
      }
    }
    let levels = [relation] + below.compactMap { catalog.relations[$0] }
    let key = Set(levels.flatMap { $0.partitioning?.columns ?? [] }.compactMap { $0 })
    guard write.kind == .update, !write.changed.isDisjoint(with: key) else { return [] }
    part.isMove = true
    return [WriteKind.delete, .insert].map { kind in
      part.kind = kind
      return part
    }
  }
}
