import PostgresSyntax

/// The relations that COMMENT, REINDEX, CLUSTER, VACUUM and ANALYZE lock.
struct MaintenanceLocks {
  let context: TableLockContext

  init(_ context: TableLockContext) { self.context = context }

  private var catalog: Catalog { context.catalog }

  func comment(_ comment: CommentStatement) -> RelationLockList {
    var list = RelationLockList(context)
    guard let object = comment.object, let name = object.name else { return list }
    switch comment.objectType {
    case .table, .view, .materializedView, .sequence, .foreignTable:
      list.lock(context.resolve(name), .shareUpdateExclusive)
    case .index:
      list.lock(context.resolveIndex(name), .shareUpdateExclusive)
    case .column:
      if let table = object.owner { list.lock(context.resolve(table), .shareUpdateExclusive) }
    case .constraint, .trigger, .rule, .policy:
      if let table = object.owner { list.lock(context.resolve(table), .accessShare) }
    case .schema, .function, .procedure, .routine, .attribute, .type, .domain, .statistics,
      .extension, .other:
      break
    }
    return list
  }

  // MARK: REINDEX

  func reindex(_ command: ReindexStatement) -> RelationLockList {
    var list = RelationLockList(context)
    guard let reference = command.relation else {
      // Catalogs alone.
      if command.kind == .system { return list }
      let schema = command.kind == .schema ? command.name : nil
      for table in catalog.tables() where schema == nil || table.name.schema == schema {
        if !table.isPartitioned { reindex(table.name, command, &list) }
      }
      return list
    }
    guard command.kind == .index else {
      reindexTree(context.resolve(reference), command, &list)
      return list
    }
    let index = context.resolveIndex(reference)
    let children = catalog.indexes(under: index)
    if let table = catalog.indexes[index]?.table { list.lock(table, mode(of: command)) }
    list.lock(index, indexMode(of: command))
    // Those of partitions are looked up first and then built one by one.
    for child in children { list.lock(child.name, mode(of: command)) }
    for child in children { list.lock(child.table, mode(of: command)) }
    return list
  }

  private func mode(of command: ReindexStatement) -> TableLockMode {
    command.isConcurrent ? .shareUpdateExclusive : .share
  }

  private func indexMode(of command: ReindexStatement) -> TableLockMode {
    command.isConcurrent ? .shareUpdateExclusive : .accessExclusive
  }

  private func reindex(
    _ table: RelationName, _ command: ReindexStatement, _ list: inout RelationLockList
  ) {
    list.lock(table, mode(of: command))
    guard !context.isPartitioned(table) else { return }
    for index in catalog.indexes(of: table) {
      list.lock(index.name, indexMode(of: command), reason: [.index(of: table)])
    }
  }

  /// A partitioned table and its partitions, depth first in the order of their creation.
  private func reindexTree(
    _ table: RelationName, _ command: ReindexStatement, _ list: inout RelationLockList
  ) {
    var seen: Set<RelationName> = []
    var next = [table]
    while let table = next.popLast() {
      guard seen.insert(table).inserted else { continue }
      reindex(table, command, &list)
      guard context.isPartitioned(table) else { continue }
      next += catalog.children(of: table).sorted { $1.isOlder(than: $0) }.map(\.name)
    }
  }

  // MARK: CLUSTER and VACUUM

  func cluster(_ table: TableReference?) -> RelationLockList {
    var list = RelationLockList(context)
    if let table {
      list.lock(table, .accessExclusive)
      return list
    }
    for table in catalog.tables() where table.isClustered {
      list.lock(table.name, .accessExclusive)
    }
    list.note("CLUSTER without a table goes over all tables that were clustered before")
    return list
  }

  func vacuum(_ command: VacuumStatement) -> RelationLockList {
    var list = RelationLockList(context)
    let tables = command.tables
    if tables.isEmpty {
      list.note("without a table it goes over tables that the text does not name")
    }
    for table in tables.map(context.resolve) {
      if command.isFull {
        for name in [table] + catalog.inheritors(of: table) where !context.isPartitioned(name) {
          list.lock(name, .accessExclusive)
        }
      } else {
        vacuum(table, analyzes: command.analyzes, &list)
      }
    }
    return list
  }

  private func vacuum(
    _ table: RelationName, analyzes: Bool, _ list: inout RelationLockList
  ) {
    // The table is looked up under a lock that is given back (`expand_vacuum_rel` in `vacuum.c`).
    list.lockForMoment(table, .accessShare)
    list.lock(table, .shareUpdateExclusive)
    let children = catalog.inheritors(of: table)
    let isPartitioned = context.isPartitioned(table)
    let reason: [Reason] = [isPartitioned ? .partition(of: table) : .child(of: table)]
    if analyzes {
      for child in children { list.lock(child, .accessShare, reason: reason) }
    }
    guard isPartitioned else { return }
    for child in children { list.lock(child, .shareUpdateExclusive, reason: reason) }
  }
}
