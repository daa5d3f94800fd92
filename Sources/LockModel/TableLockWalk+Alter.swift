import PostgresSyntax

extension TableLockWalk {
  mutating func alterTable(_ node: Node) {
    guard let relation = node.child(.relation) else { return }
    let reference = TableReference(relation)
    let name = resolve(reference)
    switch node.string(.objtype) {
    case "OBJECT_INDEX":
      alterIndex(node, name)
      return
    case "OBJECT_TYPE":
      alterType(node, TableReference(relation).name)
      return
    default: break
    }
    if catalog.relations[name] == nil, catalog.indexes[name] != nil {
      alterIndex(node, name)
      return
    }
    let mode = AlterTableMode.strongest(of: node)
    let commands = node.list(.cmds).filter { $0.tag == .AlterTableCmd }
    let definition = catalog.relations[name]
    lock(name, mode)
    let reaching = commands.filter { AlterTableMode.reachesChildren($0, of: definition) }
    // A foreign key comes to the partitions after it has been made, as does the state of a trigger.
    let isLate =
      !reaching.isEmpty
      && reaching.allSatisfy {
        AlterTableMode.addsForeignKey($0) || AlterTableMode.switchesTrigger($0)
      }
    if reference.includesChildren, !reaching.isEmpty, !isLate {
      // A unique key is an index of each partition; a primary key makes columns NOT NULL as well.
      let isIndex = reaching.allSatisfy(AlterTableMode.addsUnique)
      lockInheritors(of: name, isIndex ? .share : mode, reason: [])
    }
    for command in commands { others(of: command, name) }
    if reference.includesChildren, isLate { lockChildren(of: name, mode, reason: []) }
    for command in commands { validate(command, name) }
  }

  /// The other tables that one command of ALTER TABLE locks.
  private mutating func others(of command: Node, _ table: RelationName) {
    let column = command.string(.name) ?? ""
    let relation = catalog.relations[table]
    switch command.string(.subtype) {
    case "AT_AddConstraint":
      guard let definition = command.child(.def) else { return }
      if let index = definition.string(.indexname) {
        lock(self.index(index, of: table), .shareUpdateExclusive, reason: [])
      }
      guard definition.symbol(.contype, is: "CONSTR_FOREIGN") else { return }
      lockParent(definition, table)
    case "AT_AddColumn":
      for constraint in command.child(.def)?.list(.constraints).map({ $0 }) ?? []
      where constraint.symbol(.contype, is: "CONSTR_FOREIGN") {
        lockParent(constraint, table)
      }
    case "AT_ValidateConstraint":
      guard relation?.unvalidated.contains(column) ?? false,
        let key = relation?.foreignKeys.first(where: { $0.name == column })
      else { return }
      lock(key.parent, .rowShare, reason: [.foreignKey(key.title)])
    case "AT_ClusterOn":
      lock(index(column, of: table), .shareUpdateExclusive, reason: [])
    case "AT_ReplicaIdentity":
      guard let index = command.child(.def)?.string(.name) else { return }
      lock(self.index(index, of: table), .share, reason: [])
    case "AT_DropConstraint":
      if let key = relation?.foreignKeys.first(where: { $0.name == column }), key.parent != table {
        lock(key.parent, .accessExclusive, reason: [.foreignKey(key.title)])
      }
      let dropped = relation?.keys.first { $0.name == column }?.columns ?? []
      lockReferencing(table, dropped, command)
    case "AT_DropColumn":
      for key in relation?.foreignKeys ?? [] where key.columns.contains(column) {
        lock(key.parent, .accessExclusive, reason: [.foreignKey(key.title)])
      }
      lockReferencing(table, [column], command)
      if command.symbol(.behavior, is: "DROP_CASCADE") {
        for table in [table] + catalog.inheritors(of: table) {
          dropViews(on: table, column: column)
        }
      }
      dropSequence(of: column, relation)
    case "AT_AlterColumnType": alterType(of: column, table)
    case "AT_AttachPartition": attach(command, table)
    case "AT_DetachPartition", "AT_DetachPartitionFinalize": detach(command, table)
    case "AT_AddInherit", "AT_DropInherit":
      if let parent = command.child(.def) {
        lock(
          parent,
          command.symbol(.subtype, is: "AT_AddInherit") ? .shareUpdateExclusive : .accessShare)
      }
    case "AT_AddOf":
      if let type = command.child(.def) {
        lock(CatalogName.of(type, catalog, searchPath), .accessShare, reason: [])
      }
    case "AT_SetIdentity":
      if let sequence = relation?.column(column)?.sequence {
        lock(sequence, .shareRowExclusive, reason: [.sequence(of: column)])
      }
    case "AT_DropIdentity": dropSequence(of: column, relation)
    case "AT_ChangeOwner":
      for column in relation?.columns ?? [] {
        guard let sequence = column.sequence ?? column.ownedSequence else { continue }
        lock(sequence, .accessExclusive, reason: [.sequence(of: column.name)])
      }
    default: return
    }
  }

  private mutating func dropSequence(of column: String, _ relation: Catalog.Relation?) {
    guard let column = relation?.column(column),
      let sequence = column.ownedSequence ?? column.sequence
    else { return }
    lock(sequence, .accessExclusive, reason: [.sequence(of: column.name)])
  }

  private mutating func lockParent(_ constraint: Node, _ table: RelationName) {
    guard let parent = constraint.child(.pktable).map({ resolve(TableReference($0)) }),
      parent != table
    else { return }
    lock(parent, .shareRowExclusive, reason: [])
    if catalog.relations[parent]?.isPartitioned ?? false {
      lockChildren(of: parent, .shareRowExclusive, reason: [])
    }
  }

  /// New foreign keys are checked when all commands are done: the parent is opened for its key
  /// locks, the rows of both are read (`validateForeignKeyConstraint` in `tablecmds.c`).
  private mutating func validate(_ command: Node, _ table: RelationName) {
    switch command.string(.subtype) {
    case "AT_AddConstraint":
      guard let definition = command.child(.def),
        definition.symbol(.contype, is: "CONSTR_FOREIGN"), !definition.flag(.skip_validation),
        let parent = definition.child(.pktable).map({ resolve(TableReference($0)) })
      else { return }
      lock(parent, .rowShare, reason: [])
      lock(table, .accessShare, reason: [])
      lock(parent, .accessShare, reason: [])
    case "AT_ValidateConstraint":
      guard let relation = catalog.relations[table],
        relation.unvalidated.contains(command.string(.name) ?? ""),
        let key = relation.foreignKeys.first(where: { $0.name == command.string(.name) })
      else { return }
      lock(table, .accessShare, reason: [])
      lock(key.parent, .accessShare, reason: [.foreignKey(key.title)])
    default: return
    }
  }

  /// CASCADE drops the foreign keys that refer to a key.
  private mutating func lockReferencing(
    _ table: RelationName, _ columns: [String], _ command: Node
  ) {
    guard command.symbol(.behavior, is: "DROP_CASCADE") else { return }
    for (child, key) in catalog.foreignKeys(to: table)
    where !Set(columns).isDisjoint(with: key.parentColumns) {
      lock(child, .accessExclusive, reason: [.foreignKey(key.title)])
    }
  }

  /// Foreign keys over a column are made again when its type changes.
  private mutating func alterType(of column: String, _ table: RelationName) {
    for key in catalog.relations[table]?.foreignKeys ?? [] where key.columns.contains(column) {
      lock(key.parent, .accessExclusive, reason: [.foreignKey(key.title)])
    }
    for (child, key) in catalog.foreignKeys(to: table) where key.parentColumns.contains(column) {
      lock(child, .accessExclusive, reason: [.foreignKey(key.title)])
    }
  }

  private mutating func attach(_ command: Node, _ table: RelationName) {
    guard let reference = command.child(.def)?.child(.name) else { return }
    let child = resolve(TableReference(reference))
    lockDefault(of: table)
    lock(child, .accessExclusive)
    lockInheritors(of: child, .accessExclusive, reason: [])
    for index in catalog.indexes.values.filter({ $0.table == table })
      .sorted(by: { $0.number < $1.number })
    {
      lock(index.name, .shareUpdateExclusive, reason: [.index(of: table)])
    }
    lockParents(of: table, .shareRowExclusive)
    for (other, key) in catalog.foreignKeys(to: table) {
      lock(other, .shareRowExclusive, reason: [.foreignKey(key.title)])
    }
  }

  private mutating func lockDefault(of table: RelationName) {
    for child in catalog.children(of: table) {
      guard case .default? = child.bound else { continue }
      lock(child.name, .accessExclusive, reason: [.defaultPartition(of: table)])
    }
  }

  private mutating func detach(_ command: Node, _ table: RelationName) {
    guard let definition = command.child(.def), let reference = definition.child(.name) else {
      return
    }
    let child = resolve(TableReference(reference))
    if command.symbol(.subtype, is: "AT_DetachPartitionFinalize") {
      lock(child, .accessExclusive)
      return
    }
    guard !definition.flag(.concurrent) else {
      lock(child, .shareUpdateExclusive)
      lock(child, .accessExclusive)
      return
    }
    lockDefault(of: table)
    lock(child, .accessExclusive)
    lockInheritors(of: child, .accessExclusive, reason: [])
    let referencing = catalog.foreignKeys(to: table)
    for (other, key) in referencing { lock(other, .share, reason: [.foreignKey(key.title)]) }
    lockParents(of: table, .shareRowExclusive)
    // The foreign key that the partition keeps is made anew, on partitions of its parent as well.
    for key in catalog.relations[table]?.foreignKeys ?? []
    where catalog.relations[key.parent]?.isPartitioned ?? false {
      lockChildren(of: key.parent, .shareRowExclusive, reason: [.foreignKey(key.title)])
    }
    for (other, key) in referencing {
      lock(other, .accessExclusive, reason: [.foreignKey(key.title)])
    }
  }

  /// An index of a table, by its name.
  private func index(_ name: String, of table: RelationName) -> RelationName {
    RelationName(schema: table.schema, name: name)
  }

  private mutating func alterIndex(_ node: Node, _ index: RelationName) {
    for command in node.list(.cmds) {
      switch command.string(.subtype) {
      case "AT_AttachPartition":
        lock(index, .shareUpdateExclusive)
        guard let child = command.child(.def)?.child(.name) else { continue }
        let name = resolveIndex(TableReference(child))
        if let table = catalog.indexes[index]?.table { lock(table, .accessShare) }
        if let table = catalog.indexes[name]?.table { lock(table, .accessShare) }
        lock(name, .accessExclusive)
      case "AT_SetStatistics", "AT_SetRelOptions", "AT_ResetRelOptions":
        lock(index, .shareUpdateExclusive)
      default: lock(index, .accessExclusive)
      }
    }
  }

  /// The index that a name means.
  func resolveIndex(_ reference: TableReference) -> RelationName {
    for schema in reference.schema.map({ [$0] }) ?? searchPath {
      let name = RelationName(schema: schema, name: reference.name)
      if catalog.indexes[name] != nil { return name }
    }
    return RelationName(
      schema: reference.schema ?? searchPath.first ?? "public", name: reference.name)
  }

  /// ALTER TYPE of a composite type reaches the tables of that type with CASCADE.
  private mutating func alterType(_ node: Node, _ type: String) {
    lock(node.child(.relation), .accessExclusive)
    if node.list(.cmds).contains(where: { $0.symbol(.behavior, is: "DROP_CASCADE") }) {
      lockTyped(type)
    }
  }

  /// The tables that were made of a composite type.
  mutating func lockTyped(_ type: String) {
    for table in catalog.tables() where table.rowType == type {
      lock(table.name, .accessExclusive, reason: [.type(type)])
    }
  }

  /// Constraints of a domain are checked in every table that uses it.
  mutating func alterDomain(_ node: Node) {
    let kind = node.string(.subtype) ?? ""
    guard kind == "C" || kind == "O" || kind == "V",
      let domain = node.list(.typeName).compactMap({ $0.string(.sval) }).last
    else { return }
    if node.child(.def)?.flag(.skip_validation) ?? false { return }
    for table in tables(using: domain) { lock(table, .share, reason: [.domain(domain)]) }
  }

  func tables(using type: String) -> [RelationName] {
    catalog.relations.values
      .filter { relation in
        if case .table = relation.kind {
          return relation.columns.contains { $0.type == type || $0.type == type + "[]" }
        }
        return false
      }
      .sorted { $0.number < $1.number }.map(\.name)
  }

  mutating func alterSchema(_ node: Node) {
    guard let relation = node.child(.relation) else { return }
    let name = resolve(TableReference(relation))
    lock(name, .accessExclusive)
    for column in catalog.relations[name]?.columns ?? [] {
      guard let sequence = column.sequence ?? column.ownedSequence else { continue }
      lock(sequence, .accessExclusive, reason: [.sequence(of: name.short)])
    }
  }

  mutating func rename(_ node: Node) {
    if node.symbol(.renameType, is: "OBJECT_TYPE") {
      let parts = node.child(.object)?.list(.items).compactMap { $0.string(.sval) } ?? []
      if case .compositeType? = catalog.relations[name(parts)]?.kind {
        lock(name(parts), .accessExclusive)
      }
      return
    }
    guard let relation = node.child(.relation) else { return }
    let reference = TableReference(relation)
    switch node.string(.renameType) {
    case "OBJECT_INDEX": lock(resolveIndex(reference), .shareUpdateExclusive)
    case "OBJECT_COLUMN", "OBJECT_TRIGGER":
      let name = resolve(reference)
      lock(name, .accessExclusive)
      lockInheritors(of: name, .accessExclusive, reason: [])
    case "OBJECT_ATTRIBUTE":
      lock(resolve(reference), .accessExclusive)
      if node.symbol(.behavior, is: "DROP_CASCADE") { lockTyped(reference.name) }
    default:
      let name = resolve(reference)
      if catalog.relations[name] == nil, catalog.indexes[resolveIndex(reference)] != nil {
        lock(resolveIndex(reference), .accessExclusive)
      } else {
        lock(name, .accessExclusive)
      }
    }
  }
}
