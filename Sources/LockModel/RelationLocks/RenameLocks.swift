import PostgresSyntax

/// The relations that RENAME and SET SCHEMA lock.
struct RenameLocks {
  let context: TableLockContext

  init(_ context: TableLockContext) { self.context = context }

  func setSchema(_ change: SetSchemaStatement) -> RelationLockList {
    var list = RelationLockList(context, allowsMissing: change.allowsMissing)
    guard let reference = change.relation else { return list }
    let name = context.resolve(reference)
    list.lock(name, .accessExclusive)
    for column in context.catalog.relations[name]?.columns ?? [] {
      guard let sequence = column.ownedSequence else { continue }
      list.lock(sequence, .accessExclusive, reason: [.sequence(of: name.short)])
    }
    return list
  }

  func rename(_ change: RenameStatement) -> RelationLockList {
    var list = RelationLockList(context, allowsMissing: change.allowsMissing)
    if change.objectType == .type {
      guard let type = change.object?.name.map({ context.resolve($0) }) else { return list }
      if case .compositeType? = context.catalog.relations[type]?.kind {
        list.lock(type, .accessExclusive)
      }
      return list
    }
    guard let reference = change.relation else { return list }
    let name = context.resolve(reference)
    switch change.objectType {
    case .index: list.lock(context.resolveIndex(reference), .shareUpdateExclusive)
    case .column, .trigger:
      list.lock(name, .accessExclusive)
      list.lockInheritors(of: name, .accessExclusive)
    case .attribute:
      list.lock(name, .accessExclusive)
      if change.cascades { list.lockTyped(reference.name) }
    case .table, .view, .materializedView, .foreignTable, .sequence, .schema, .function,
      .procedure, .routine, .rule, .policy, .constraint, .type, .domain, .statistics, .extension,
      .other:
      let index = context.resolveIndex(reference)
      let isIndex = context.catalog.relations[name] == nil && context.catalog.indexes[index] != nil
      list.lock(isIndex ? index : name, .accessExclusive)
    }
    return list
  }
}
