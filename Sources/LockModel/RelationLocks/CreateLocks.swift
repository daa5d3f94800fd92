import PostgresSyntax

/// The relations that the making of tables, indexes and what belongs to them locks.
struct CreateLocks {
  let context: TableLockContext

  init(_ context: TableLockContext) { self.context = context }

  private var catalog: Catalog { context.catalog }

  // MARK: Tables

  func createTable(_ definition: CreateTableStatement) -> RelationLockList {
    var list = RelationLockList(context)
    guard let table = definition.table else { return list }
    let name = CatalogBuilder.newName(table, searchPath: context.searchPath)
    if definition.allowsExisting, catalog.relations[name] != nil { return list }
    if definition.bound != nil {
      createPartition(table, of: definition.parents.first, &list)
      return list
    }
    for case .like(let source, _) in definition.elements { list.lock(source, .accessShare) }
    for parent in definition.parents { list.lock(parent, .shareUpdateExclusive) }
    if let type = definition.rowType?.name { list.lock(context.resolve(type), .accessShare) }
    list.create(table)
    for constraint in definition.constraints where constraint.kind == .foreignKey {
      guard let parent = constraint.parent.map({ context.resolve($0) }), parent != name else {
        continue
      }
      list.lock(parent, .shareRowExclusive)
      if context.isPartitioned(parent) { list.lockChildren(of: parent, .shareRowExclusive) }
    }
    return list
  }

  /// CREATE TABLE … PARTITION OF.
  private func createPartition(
    _ table: TableReference, of reference: TableReference?, _ list: inout RelationLockList
  ) {
    guard let parent = reference.map({ context.resolve($0) }) else { return }
    list.lock(parent, .accessExclusive)
    list.create(table)
    list.lockDefault(of: parent)
    list.lockParents(of: parent, .shareRowExclusive)
    for (other, key) in catalog.foreignKeys(to: parent) {
      list.lock(other, .shareRowExclusive, reason: [.foreignKey(key.title)])
    }
  }

  // MARK: What belongs to tables

  func createIndex(_ definition: CreateIndexStatement) -> RelationLockList {
    var list = RelationLockList(context)
    guard let reference = definition.table else { return list }
    let mode: TableLockMode = definition.isConcurrent ? .shareUpdateExclusive : .share
    let table = context.resolve(reference)
    list.lock(table, mode)
    guard reference.includesChildren, context.isPartitioned(table) else { return list }
    list.lockInheritors(of: table, mode)
    // Indexes of partitions that fit become part of the new one (`DefineIndex`).
    let parts = CatalogBuilder.parts(of: definition)
    let fitting = catalog.inheritors(of: table).flatMap { catalog.indexes(of: $0) }
      .filter { $0.parts == parts && $0.parent == nil }.sorted { $0.isOlder(than: $1) }
    for index in fitting {
      list.lock(index.name, .share, reason: [.partitionIndex(of: index.table)])
    }
    return list
  }

  func createTrigger(_ definition: CreateTriggerStatement) -> RelationLockList {
    var list = RelationLockList(context)
    guard let name = definition.table.map({ context.resolve($0) }) else { return list }
    list.lock(name, .shareRowExclusive)
    if let other = definition.constrainedTable { list.lock(other, .accessShare) }
    if context.isPartitioned(name), definition.isRow {
      list.lockInheritors(of: name, .shareRowExclusive)
    }
    return list
  }

  func createStatistics(_ definition: CreateStatisticsStatement) -> RelationLockList {
    var list = RelationLockList(context)
    for table in definition.tables { list.lock(table, .shareUpdateExclusive) }
    return list
  }

  func createSequence(_ definition: SequenceStatement) -> RelationLockList {
    var list = RelationLockList(context)
    lockOwners(of: definition, &list)
    return list
  }

  func alterSequence(_ change: SequenceStatement) -> RelationLockList {
    var list = RelationLockList(context, allowsMissing: change.allowsMissing)
    if let sequence = change.sequence { list.lock(sequence, .shareRowExclusive) }
    lockOwners(of: change, &list)
    return list
  }

  private func lockOwners(of sequence: SequenceStatement, _ list: inout RelationLockList) {
    for owner in sequence.owners { list.lock(context.resolve(owner.table), .accessShare) }
  }

  // MARK: Publications

  func publication(_ definition: PublicationStatement) -> RelationLockList {
    var list = RelationLockList(context)
    for reference in definition.tables {
      let name = context.resolve(reference)
      list.lock(name, .shareUpdateExclusive)
      if reference.includesChildren, !context.isPartitioned(name) {
        list.lockInheritors(of: name, .shareUpdateExclusive)
      }
    }
    // SET TABLE takes tables out of the publication.
    if definition.action == .set, let name = definition.name {
      for table in catalog.publications[name] ?? [] { list.lock(table, .shareUpdateExclusive) }
    }
    return list
  }
}
