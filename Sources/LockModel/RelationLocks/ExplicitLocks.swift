import PostgresSyntax

/// The relations that LOCK and TRUNCATE lock.
struct ExplicitLocks {
  let context: TableLockContext

  init(_ context: TableLockContext) { self.context = context }

  private var catalog: Catalog { context.catalog }

  // MARK: LOCK

  func lock(_ command: LockStatement) -> RelationLockList {
    var list = RelationLockList(context)
    let modes = TableLockMode.allCases
    let mode = modes[min(max(command.modeNumber - 1, 0), modes.count - 1)]
    for reference in command.tables {
      let name = context.resolve(reference)
      list.lock(name, mode)
      if reference.includesChildren { list.lockInheritors(of: name, mode) }
      var seen: Set<RelationName> = []
      lockViewed(by: name, mode, reason: [], &seen, &list)
    }
    if command.failsWhenLocked { list.failWhenLocked() }
    return list
  }

  /// LOCK of a view locks what is below it in the same mode (`LockViewRecurse` in `lockcmds.c`).
  private func lockViewed(
    by view: RelationName, _ mode: TableLockMode, reason: [Reason],
    _ seen: inout Set<RelationName>, _ list: inout RelationLockList
  ) {
    guard let definition = catalog.relations[view], case .view(let query) = definition.kind,
      seen.insert(view).inserted
    else { return }
    let inner = reason + [.view(view)]
    guard inner.count < 16 else { return }
    for reference in query.node.tableReferences {
      let name = catalog.resolve(
        schema: reference.schema, name: reference.name, inside: definition)
      guard name != view, catalog.relations[name] != nil || reference.schema != nil else {
        continue
      }
      list.lock(name, mode, reason: inner)
      lockViewed(by: name, mode, reason: inner, &seen, &list)
      if reference.includesChildren { list.lockInheritors(of: name, mode, reason: inner) }
    }
  }

  // MARK: TRUNCATE

  func truncate(_ command: TruncateStatement) -> RelationLockList {
    var list = RelationLockList(context)
    var named: [RelationName] = []
    for reference in command.tables {
      let name = context.resolve(reference)
      named.append(name)
      list.lock(name, .accessExclusive)
      guard reference.includesChildren else { continue }
      list.lockInheritors(of: name, .accessExclusive)
      named += catalog.inheritors(of: name)
    }
    if command.cascades { truncateReferencing(named, &list) }
    if command.restartsSequences {
      for name in list.acquisitions.compactMap(\.target.relation) {
        list.lockSequences(of: name)
      }
    }
    return list
  }

  /// Tables with foreign keys to those that are emptied, level by level, in the order of their
  /// creation (`heap_truncate_find_FKs`).
  private func truncateReferencing(_ names: [RelationName], _ list: inout RelationLockList) {
    var level = names
    var seen = Set(names)
    while !level.isEmpty {
      var next: [(relation: Catalog.Relation, parent: RelationName)] = []
      for parent in level {
        for (child, _) in catalog.foreignKeys(reaching: parent) {
          // Partitions have the foreign key as well; inheritance children don't.
          let partitions = context.isPartitioned(child) ? catalog.inheritors(of: child) : []
          for name in [child] + partitions where seen.insert(name).inserted {
            if let relation = catalog.relations[name] { next.append((relation, parent)) }
          }
        }
      }
      next.sort { $0.relation.isOlder(than: $1.relation) }
      for entry in next {
        list.lock(entry.relation.name, .accessExclusive, reason: [.foreignKeyTo(entry.parent)])
      }
      level = next.map(\.relation.name)
    }
  }
}
