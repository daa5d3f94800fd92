import PostgresSyntax

/// The locks on relations that a statement takes, in the order in which it takes them, each once.
struct RelationLockList {
  let context: TableLockContext
  private(set) var acquisitions: [Acquisition] = []
  private(set) var notes: [String] = []
  private var known: Set<Key> = []
  /// Whether the statement does nothing when its object does not exist.
  private let allowsMissing: Bool

  private struct Key: Hashable {
    let name: RelationName
    let mode: TableLockMode
  }

  init(_ context: TableLockContext, allowsMissing: Bool = false) {
    self.context = context
    self.allowsMissing = allowsMissing
  }

  private var catalog: Catalog { context.catalog }

  /// Whether a lock is in the list.
  func contains(_ name: RelationName, _ mode: TableLockMode) -> Bool {
    known.contains(Key(name: name, mode: mode))
  }

  mutating func note(_ text: String) { notes.append(text) }

  /// Adds a lock unless it is there already.
  mutating func lock(_ name: RelationName, _ mode: TableLockMode, reason: [Reason] = []) {
    guard !catalog.isOfSystem(name) else { return }
    if allowsMissing, catalog.relations[name] == nil, catalog.indexes[name] == nil {
      note(
        "\(name.short) is not defined in what was read; if it exists it is locked \(mode.rawValue)")
      return
    }
    guard !contains(name, mode) else { return }
    append(
      .table(
        name, mode, reason: reason, range: context.range,
        isPrivate: catalog.isTemporary(name)))
  }

  /// Adds a lock on a relation that the text names.
  mutating func lock(_ reference: TableReference, _ mode: TableLockMode) {
    lock(context.resolve(reference), mode)
  }

  /// Adds the lock on something that the statement itself makes.
  mutating func create(_ reference: TableReference) {
    let name = CatalogBuilder.newName(reference, searchPath: context.searchPath)
    guard catalog.relations[name] == nil else { return }
    append(
      .table(name, .accessExclusive, reason: [], range: context.range, isPrivate: true))
  }

  /// Adds a lock that is given back before the statement goes on.
  mutating func lockForMoment(_ name: RelationName, _ mode: TableLockMode) {
    guard !catalog.isOfSystem(name) else { return }
    var lock = Acquisition.table(name, mode, reason: [], range: context.range)
    lock.duration = .statement
    append(lock)
  }

  /// Adds what another statement takes that runs as part of this one.
  mutating func add(_ other: RelationLockList, isShared: (Acquisition) -> Bool = { _ in true }) {
    notes += other.notes
    for lock in other.acquisitions where isShared(lock) {
      guard case .table(let mode) = lock.mode, let name = lock.target.relation,
        !contains(name, mode)
      else { continue }
      append(lock)
    }
  }

  /// NOWAIT: none of the locks is waited for.
  mutating func failWhenLocked() {
    for index in acquisitions.indices { acquisitions[index].waits = .fails }
  }

  private mutating func append(_ lock: Acquisition) {
    if case .table(let mode) = lock.mode, let name = lock.target.relation {
      known.insert(Key(name: name, mode: mode))
    }
    acquisitions.append(lock)
  }

  // MARK: Children

  /// The children as utility statements find them: level by level in the order of creation
  /// (`find_all_inheritors` in `pg_inherits.c`).
  mutating func lockInheritors(
    of name: RelationName, _ mode: TableLockMode, reason: [Reason] = []
  ) {
    let step: Reason = context.isPartitioned(name) ? .partition(of: name) : .child(of: name)
    for child in catalog.inheritors(of: name) { lock(child, mode, reason: reason + [step]) }
  }

  /// The children of a relation as the planner finds them: partitions depth first in the order of
  /// their bounds, other children as utility statements do.
  mutating func lockChildren(
    of name: RelationName, _ mode: TableLockMode, _ pruning: PartitionPruning? = nil,
    reason: [Reason] = []
  ) {
    guard let parent = catalog.relations[name], parent.isPartitioned else {
      lockInheritors(of: name, mode, reason: reason)
      return
    }
    if let above = parent.parent, parent.bound != nil {
      lock(above, .accessShare, reason: [.bounds(of: name)])
    }
    var next = admitted(of: parent, pruning)
    var seen: Set<RelationName> = [name]
    while let (child, parent) = next.popLast() {
      guard seen.insert(child.name).inserted else { continue }
      lock(child.name, mode, reason: reason + [.partition(of: parent)])
      if child.isPartitioned { next += admitted(of: child, pruning) }
    }
  }

  /// The partitions that a query can't leave out, last one first.
  private func admitted(
    of parent: Catalog.Relation, _ pruning: PartitionPruning?
  ) -> [(child: Catalog.Relation, parent: RelationName)] {
    let level = catalog.children(of: parent.name)
    return level.filter { pruning?.admits($0, of: parent, beside: level) ?? true }
      .reversed().map { ($0, parent.name) }
  }

  // MARK: What belongs to a table

  /// The tables that the foreign keys of a table refer to.
  mutating func lockParents(of name: RelationName, _ mode: TableLockMode) {
    for key in catalog.relations[name]?.foreignKeys ?? [] {
      lock(key.parent, mode, reason: [.foreignKey(key.title)])
    }
  }

  /// The default partition, whose rows may belong to a new one.
  mutating func lockDefault(of table: RelationName) {
    for child in catalog.defaultPartitions(of: table) {
      lock(child.name, .accessExclusive, reason: [.defaultPartition(of: table)])
    }
  }

  /// The tables that were made of a composite type.
  mutating func lockTyped(_ type: String) {
    for table in catalog.tables() where table.rowType == type {
      lock(table.name, .accessExclusive, reason: [.type(type)])
    }
  }

  /// The sequences that belong to a table's columns.
  mutating func lockSequences(of name: RelationName) {
    for column in catalog.relations[name]?.columns ?? [] {
      guard let sequence = column.ownedSequence else { continue }
      lock(sequence, .accessExclusive, reason: [.sequence(of: name.short)])
    }
  }
}
