import PostgresSyntax

/// The relations that changes of types lock.
struct AlterTypeLocks {
  private var list: RelationLockList

  private var catalog: Catalog { list.context.catalog }

  init(_ context: TableLockContext, _ list: RelationLockList? = nil) {
    self.list = list ?? RelationLockList(context)
  }

  /// ALTER TYPE of a composite type reaches the tables of that type with CASCADE.
  func alterType(_ type: TableReference, _ commands: [AlterTableCommand]) -> RelationLockList {
    var list = self.list
    list.lock(type, .accessExclusive)
    if commands.contains(where: \.cascades) { list.lockTyped(type.name) }
    return list
  }

  /// Constraints of a domain are checked in every table that uses it.
  func alterDomain(_ change: AlterDomainStatement) -> RelationLockList {
    var list = self.list
    guard change.checksValues, let domain = change.name else { return list }
    for table in catalog.tables(using: domain) {
      list.lock(table.name, .share, reason: [.domain(domain)])
    }
    return list
  }
}

extension Catalog {
  /// The tables with a column of a type, or of its arrays, in the order of their creation.
  func tables(using type: String) -> [Relation] {
    tables().filter { !$0.columnNames(ofType: type).isEmpty }
  }
}
