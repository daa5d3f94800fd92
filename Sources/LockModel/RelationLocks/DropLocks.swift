import PostgresSyntax

/// The relations that DROP locks.
struct DropLocks {
  private let statement: DropStatement
  private var list: RelationLockList

  private var context: TableLockContext { list.context }
  private var catalog: Catalog { list.context.catalog }

  static func of(_ statement: DropStatement, _ context: TableLockContext) -> RelationLockList {
    var locks = DropLocks(
      statement: statement,
      list: RelationLockList(context, allowsMissing: statement.allowsMissing))
    locks.add()
    return locks.list
  }

  private mutating func add() {
    let objects = statement.objects
    let names = objects.compactMap(\.name)
    switch statement.objectType {
    case .table, .foreignTable: dropTables(names.map(context.resolve))
    case .view, .materializedView:
      dropEach(names) { dependents, view in dependents.findViews(on: view) }
    case .sequence:
      dropEach(names) { dependents, sequence in dependents.dropDefaults(of: sequence) }
    case .index: for name in names { dropIndex(name) }
    case .trigger, .rule, .policy: for object in objects { dropPart(object) }
    case .type, .domain: for name in names { dropType(name) }
    case .function, .procedure, .routine:
      for name in names { cascade { $0.dropUsers(ofFunction: name.name) } }
    case .statistics:
      for table in names.compactMap({ catalog.statistics[$0.name] }) {
        list.lock(table, .shareUpdateExclusive)
      }
    case .schema: for name in names { dropSchema(name.name) }
    case .column, .attribute, .constraint, .extension, .other: return
    }
  }

  /// Adds what depends on something, when CASCADE is written.
  private mutating func cascade(_ body: (inout DependentLocks) -> Void) {
    if statement.cascades { depending(body) }
  }

  private mutating func depending(_ body: (inout DependentLocks) -> Void) {
    var dependents = DependentLocks(list)
    body(&dependents)
    list = dependents.list
  }

  /// All names first, then what depends on them.
  private mutating func dropEach(
    _ names: [QualifiedName], _ dependents: (inout DependentLocks, RelationName) -> Void
  ) {
    let relations = names.map(context.resolve)
    for relation in relations { list.lock(relation, .accessExclusive) }
    cascade { locks in
      for relation in relations { dependents(&locks, relation) }
    }
  }

  // MARK: Tables

  /// All names first, a partition's parent before the partition, then what depends on them
  /// (`RemoveRelations` in `tablecmds.c`).
  private mutating func dropTables(_ names: [RelationName]) {
    for name in names { lockNamed(name) }
    dropAll(names)
  }

  /// What depends on relations that are locked.
  private mutating func dropAll(_ names: [RelationName]) {
    let cascades = statement.cascades
    depending { locks in
      for name in names { locks.find(name, cascades: cascades) }
      locks.drop(cascades: cascades)
    }
  }

  private mutating func lockNamed(_ name: RelationName) {
    guard let relation = catalog.relations[name], relation.bound != nil,
      let parent = relation.parent
    else {
      list.lock(name, .accessExclusive)
      return
    }
    list.lock(parent, .accessExclusive, reason: [.parent(of: name)])
    list.lock(name, .accessExclusive)
  }

  private mutating func dropSchema(_ schema: String) {
    guard statement.cascades else { return }
    let relations = catalog.relations.values.filter { $0.name.schema == schema }
      .sorted { $0.isOlder(than: $1) }.map(\.name)
    for relation in relations {
      list.lock(relation, .accessExclusive, reason: [.schema(schema)])
    }
    dropAll(relations.reversed())
  }

  // MARK: What belongs to tables

  private mutating func dropIndex(_ name: QualifiedName) {
    let mode: TableLockMode = statement.isConcurrent ? .shareUpdateExclusive : .accessExclusive
    let resolved = context.resolveIndex(name)
    guard let index = catalog.indexes[resolved] else {
      list.note("the table of index \(name.name) is not known; it is locked \(mode.rawValue)")
      list.lock(resolved, mode)
      return
    }
    list.lock(index.table, mode)
    list.lock(resolved, mode)
    if context.isPartitioned(index.table) { list.lockInheritors(of: index.table, mode) }
    for child in catalog.indexes(under: resolved) {
      list.lock(child.name, mode, reason: [.partition(of: index.table)])
    }
  }

  /// Triggers, rules and policies: the table is read first, then locked for good.
  private mutating func dropPart(_ object: ObjectName) {
    guard let owner = object.owner, let part = object.parts.last else { return }
    let table = context.resolve(owner)
    let relation = catalog.relations[table]
    if statement.allowsMissing, let relation, !relation.hasPart(part) { return }
    list.lock(table, .accessShare)
    if statement.objectType == .trigger, let relation, relation.isPartitioned,
      let trigger = relation.triggers.first(where: { $0.isRow && $0.name == part })
    {
      list.lockForDrop(below: table, number: trigger.number, reason: [])
    }
    list.lock(table, .accessExclusive)
  }

  private mutating func dropType(_ name: QualifiedName) {
    let type = context.resolve(name)
    if case .compositeType? = catalog.relations[type]?.kind { list.lock(type, .accessExclusive) }
    let tables = catalog.tables(using: name.name)
    for table in tables {
      list.lock(table.name, .accessExclusive, reason: [.columnOfType(name.name)])
    }
    list.lockTyped(name.name)
    depending { dependents in
      for table in tables.reversed() {
        for column in table.columnNames(ofType: name.name) {
          dependents.findViews(on: table.name, column: column)
        }
      }
    }
  }
}
