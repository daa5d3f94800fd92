import PostgresSyntax

/// The relations that ALTER TABLE locks.
struct AlterTableLocks {
  private let table: RelationName
  /// The table as it is known.
  private let relation: Catalog.Relation?
  private var list: RelationLockList

  private var context: TableLockContext { list.context }
  private var catalog: Catalog { list.context.catalog }

  /// The locks of a statement, also of one that alters an index or a type.
  static func of(
    _ statement: AlterTableStatement, _ context: TableLockContext
  ) -> RelationLockList {
    let list = RelationLockList(context, allowsMissing: statement.allowsMissing)
    guard let reference = statement.relation else { return list }
    let name = context.resolve(reference)
    let index = context.resolveIndex(reference)
    let isIndex = context.catalog.relations[name] == nil && context.catalog.indexes[index] != nil
    if statement.objectType == .type {
      return AlterTypeLocks(context, list).alterType(reference, statement.commands)
    }
    if statement.objectType == .index || isIndex {
      return AlterIndexLocks.of(statement.commands, index, list)
    }
    var locks = AlterTableLocks(name, list)
    locks.add(statement.commands, includesChildren: reference.includesChildren)
    return locks.list
  }

  private init(_ table: RelationName, _ list: RelationLockList) {
    self.table = table
    self.list = list
    relation = list.context.catalog.relations[table]
  }

  private mutating func add(_ commands: [AlterTableCommand], includesChildren: Bool) {
    let actions = commands.map(\.action)
    let mode = AlterTableMode.strongest(of: actions)
    list.lock(table, mode)
    let reaching =
      includesChildren ? actions.filter { AlterTableMode.reachesChildren($0, of: relation) } : []
    // A foreign key comes to the partitions after it has been made, as does the state of a trigger.
    let isLate = !reaching.isEmpty && reaching.allSatisfy(AlterTableMode.reachesChildrenLate)
    if !reaching.isEmpty, !isLate {
      // A unique key is an index of each partition; a primary key makes columns NOT NULL as well.
      let isIndex = reaching.allSatisfy(AlterTableMode.addsUnique)
      list.lockInheritors(of: table, isIndex ? .share : mode)
    }
    for command in commands { lockOthers(command.action, cascades: command.cascades) }
    if isLate { list.lockChildren(of: table, mode) }
    for action in actions { validate(action) }
  }

  /// The other relations that one command locks.
  private mutating func lockOthers(_ action: AlterTableCommand.Action, cascades: Bool) {
    switch action {
    case .addColumn(let definition, _):
      for constraint in definition.constraints { addConstraint(constraint) }
    case .addConstraint(let definition): addConstraint(definition)
    case .validateConstraint(let name):
      guard let key = unvalidatedKey(name) else { return }
      list.lock(key.parent, .rowShare, reason: [.foreignKey(key.title)])
    case .dropConstraint(let name): dropConstraint(name, cascades: cascades)
    case .dropColumn(let column): dropColumn(column, cascades: cascades)
    case .alterType(let column, _): alterType(of: column)
    case .attachPartition(let child, _): attach(child)
    case .detachPartition(let child, let isConcurrent):
      if isConcurrent { detachConcurrently(child) } else { detach(child) }
    case .finalizeDetach(let child): list.lock(child, .accessExclusive)
    case .addInherit(let parent): list.lock(parent, .shareUpdateExclusive)
    case .dropInherit(let parent): list.lock(parent, .accessShare)
    case .addType(let type):
      if let name = type.name { list.lock(context.resolve(name), .accessShare) }
    case .clusterOn(let name): list.lock(index(name), .shareUpdateExclusive)
    case .replicaIdentity(let name?): list.lock(index(name), .share)
    case .setIdentity(let column):
      if let sequence = relation?.column(column)?.ownedSequence {
        list.lock(sequence, .shareRowExclusive, reason: [.sequence(of: column)])
      }
    case .dropIdentity(let column): dropSequence(of: column)
    case .changeOwner:
      for column in relation?.columns ?? [] {
        guard let sequence = column.ownedSequence else { continue }
        list.lock(sequence, .accessExclusive, reason: [.sequence(of: column.name)])
      }
    case .setDefault, .setNotNull, .dropNotNull, .addIdentity, .tuneColumn, .alterConstraint,
      .dropType, .dropCluster, .replicaIdentity(nil), .setRowSecurity, .forceRowSecurity,
      .setTrigger, .setRule, .setOptions, .replaceOptions, .setStorage, .other:
      return
    }
  }

  /// An index of the table, by its name.
  private func index(_ name: String) -> RelationName {
    RelationName(schema: table.schema, name: name)
  }

  // MARK: Constraints

  private mutating func addConstraint(_ definition: ConstraintDefinition) {
    if let index = definition.usedIndex { list.lock(self.index(index), .shareUpdateExclusive) }
    guard definition.kind == .foreignKey,
      let parent = definition.parent.map({ context.resolve($0) }), parent != table
    else { return }
    list.lock(parent, .shareRowExclusive)
    if context.isPartitioned(parent) { list.lockChildren(of: parent, .shareRowExclusive) }
  }

  /// New foreign keys are checked when all commands are done: the parent is opened for its key
  /// locks, the rows of both are read (`validateForeignKeyConstraint` in `tablecmds.c`).
  private mutating func validate(_ action: AlterTableCommand.Action) {
    if case .addConstraint(let definition) = action, definition.kind == .foreignKey,
      !definition.skipsValidation, let parent = definition.parent.map({ context.resolve($0) })
    {
      list.lock(parent, .rowShare)
      list.lock(table, .accessShare)
      list.lock(parent, .accessShare)
    }
    if case .validateConstraint(let name) = action, let key = unvalidatedKey(name) {
      list.lock(table, .accessShare)
      list.lock(key.parent, .accessShare, reason: [.foreignKey(key.title)])
    }
  }

  private func unvalidatedKey(_ name: String) -> Catalog.ForeignKey? {
    guard let relation, relation.unvalidated.contains(name) else { return nil }
    return relation.foreignKeys.first { $0.name == name }
  }

  private mutating func dropConstraint(_ name: String, cascades: Bool) {
    if let key = relation?.foreignKeys.first(where: { $0.name == name }) {
      list.lock(key.parent, .accessExclusive, reason: [.foreignKey(key.title)])
      list.lockForDrop(of: key, of: table)
    }
    guard cascades else { return }
    lockReferencing(relation?.keys.first { $0.name == name }?.columns ?? [])
  }

  /// CASCADE drops the foreign keys that refer to a key, the latest first.
  private mutating func lockReferencing(_ columns: [String]) {
    for (child, key) in catalog.foreignKeys(to: table).reversed()
    where !Set(columns).isDisjoint(with: key.parentColumns) {
      list.lockForDrop(of: key, of: child)
    }
  }

  // MARK: Columns

  private mutating func dropColumn(_ column: String, cascades: Bool) {
    dropSequence(of: column)
    if cascades {
      var views = DependentLocks(list)
      for table in [table] + catalog.inheritors(of: table) {
        views.findViews(on: table, column: column)
      }
      list = views.list
      lockReferencing([column])
    }
    for key in (relation?.foreignKeys ?? []).reversed() where key.columns.contains(column) {
      list.lockForDrop(of: key, of: table)
    }
  }

  private mutating func dropSequence(of column: String) {
    guard let sequence = relation?.column(column)?.ownedSequence else { return }
    list.lock(sequence, .accessExclusive, reason: [.sequence(of: column)])
  }

  /// Foreign keys over a column are made again when its type changes.
  private mutating func alterType(of column: String) {
    for key in (relation?.foreignKeys ?? []).reversed() where key.columns.contains(column) {
      list.lockForDrop(of: key, of: table)
    }
    for (child, key) in catalog.foreignKeys(to: table) where key.parentColumns.contains(column) {
      list.lock(child, .accessExclusive, reason: [.foreignKey(key.title)])
      list.lockForDrop(of: key, of: child)
    }
  }

  // MARK: Partitions

  private mutating func attach(_ reference: TableReference) {
    let child = context.resolve(reference)
    list.lockDefault(of: table)
    list.lock(child, .accessExclusive)
    list.lockInheritors(of: child, .accessExclusive)
    for index in catalog.indexes(of: table) {
      list.lock(index.name, .shareUpdateExclusive, reason: [.index(of: table)])
    }
    list.lockParents(of: table, .shareRowExclusive)
    for (other, key) in catalog.foreignKeys(to: table) {
      list.lock(other, .shareRowExclusive, reason: [.foreignKey(key.title)])
    }
  }

  private mutating func detachConcurrently(_ reference: TableReference) {
    list.lock(reference, .shareUpdateExclusive)
    list.lock(reference, .accessExclusive)
  }

  private mutating func detach(_ reference: TableReference) {
    let child = context.resolve(reference)
    list.lockDefault(of: table)
    list.lock(child, .accessExclusive)
    list.lockInheritors(of: child, .accessExclusive)
    let referencing = catalog.foreignKeys(to: table)
    for (other, key) in referencing { list.lock(other, .share, reason: [.foreignKey(key.title)]) }
    list.lockParents(of: table, .shareRowExclusive)
    // The foreign key that the partition keeps is made anew, on partitions of its parent as well.
    for key in relation?.foreignKeys ?? [] where context.isPartitioned(key.parent) {
      list.lockChildren(of: key.parent, .shareRowExclusive, reason: [.foreignKey(key.title)])
    }
    for (other, key) in referencing {
      list.lock(other, .accessExclusive, reason: [.foreignKey(key.title)])
    }
  }
}

/// The relations that ALTER INDEX locks.
enum AlterIndexLocks {
  static func of(
    _ commands: [AlterTableCommand], _ index: RelationName, _ list: RelationLockList
  ) -> RelationLockList {
    var list = list
    let context = list.context
    for command in commands {
      switch command.action {
      case .attachPartition(let reference, _):
        list.lock(index, .shareUpdateExclusive)
        let child = context.resolveIndex(reference)
        for name in [index, child] {
          if let table = context.catalog.indexes[name]?.table { list.lock(table, .accessShare) }
        }
        list.lock(child, .accessExclusive)
      case .setOptions(let names) where names.contains(where: AlterTableMode.strongOptions.contains):
        list.lock(index, .accessExclusive)
      case .tuneColumn, .setOptions: list.lock(index, .shareUpdateExclusive)
      case .addColumn, .dropColumn, .alterType, .setDefault, .setNotNull, .dropNotNull,
        .addIdentity, .setIdentity, .dropIdentity, .addConstraint, .alterConstraint,
        .validateConstraint, .dropConstraint, .detachPartition, .finalizeDetach, .addInherit,
        .dropInherit, .addType, .dropType, .clusterOn, .dropCluster, .replicaIdentity,
        .changeOwner, .setRowSecurity, .forceRowSecurity, .setTrigger, .setRule, .replaceOptions,
        .setStorage, .other:
        list.lock(index, .accessExclusive)
      }
    }
    return list
  }
}
