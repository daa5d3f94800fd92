import PostgresSyntax

extension TableLockWalk {
  /// Statements that are not queries.
  mutating func utility(_ node: Node) {
    allowsMissing = node.flag(.missing_ok)
    switch node.tag {
    case .LockStmt: lockTables(node)
    case .TruncateStmt: truncate(node)
    case .CopyStmt: copy(node)
    case .ExplainStmt: explain(node)
    case .PrepareStmt, .DeclareCursorStmt:
      if let query = node.child(.query) { prepare(query) }
    case .ReturnStmt:
      expression(node)
      finish()
    case .ExecuteStmt: execute(node)
    case .CreateStmt, .CreateForeignTableStmt: createTable(node)
    case .CreateTableAsStmt: createTableAs(node)
    case .ViewStmt: createView(node)
    case .IndexStmt: createIndex(node)
    case .CreateTrigStmt: createTrigger(node)
    case .RuleStmt: createRule(node)
    case .CreatePolicyStmt, .AlterPolicyStmt: createPolicy(node)
    case .CreateFunctionStmt: createFunction()
    case .CreateSeqStmt: createSequence(node)
    case .CreateSchemaStmt: createSchema(node)
    case .CreateStatsStmt:
      for relation in node.list(.relations) { lock(relation, .shareUpdateExclusive) }
    case .CreatePublicationStmt, .AlterPublicationStmt: publication(node)
    case .AlterTableStmt: alterTable(node)
    case .AlterSeqStmt: alterSequence(node)
    case .AlterDomainStmt: alterDomain(node)
    case .AlterObjectSchemaStmt: alterSchema(node)
    case .AlterObjectDependsStmt: lock(node.child(.relation), .accessExclusive)
    case .RenameStmt: rename(node)
    case .DropStmt: drop(node)
    case .CommentStmt, .SecLabelStmt: comment(node)
    case .ReindexStmt: reindex(node)
    case .ClusterStmt: cluster(node)
    case .VacuumStmt: vacuum(node)
    case .RefreshMatViewStmt: refresh(node)
    default: otherUtility(node)
    }
  }

  /// What takes no lock on a relation that others wait for, and what is not known.
  private mutating func otherUtility(_ node: Node) {
    guard !UnlockedStatement.kinds.contains(node.kindName) else { return }
    notes.append("the table locks of \(node.kindName) are not modelled")
  }

  /// A relation of a utility statement.
  mutating func lock(_ reference: Node?, _ mode: TableLockMode) {
    guard let reference else { return }
    lock(resolve(TableReference(reference)), mode)
  }

  // MARK: LOCK, TRUNCATE, COPY, EXECUTE

  private mutating func lockTables(_ node: Node) {
    // The grammar numbers the modes from 1, as in PostgreSQL's lockdefs.h.
    let modes = TableLockMode.allCases
    let mode = modes[min(max(node.int(.mode) - 1, 0), modes.count - 1)]
    for relation in node.list(.relations) {
      let reference = TableReference(relation)
      let name = resolve(reference)
      lock(name, mode)
      if reference.includesChildren { lockInheritors(of: name, mode, reason: ["direct"]) }
      lockViewed(by: name, mode, reason: ["direct"])
    }
  }

  /// LOCK of a view locks what is below it in the same mode (`LockViewRecurse` in `lockcmds.c`).
  private mutating func lockViewed(by view: RelationName, _ mode: TableLockMode, reason: [String]) {
    guard let definition = catalog.relations[view], case .view(let query) = definition.kind else {
      return
    }
    let inner = (reason == ["direct"] ? [] : reason) + ["view \(view.short)"]
    guard inner.count < 16 else { return }
    for node in query.node.descendants where node.tag == .RangeVar {
      let reference = TableReference(node)
      let name = resolve(reference)
      guard catalog.relations[name] != nil || reference.schema != nil else { continue }
      lock(name, mode, reason: inner)
      lockViewed(by: name, mode, reason: inner)
      if reference.includesChildren { lockInheritors(of: name, mode, reason: inner) }
    }
  }

  private mutating func truncate(_ node: Node) {
    var named: [RelationName] = []
    for relation in node.list(.relations) {
      let reference = TableReference(relation)
      let name = resolve(reference)
      named.append(name)
      lock(name, .accessExclusive)
      guard reference.includesChildren else { continue }
      lockInheritors(of: name, .accessExclusive, reason: ["direct"])
      named += catalog.inheritors(of: name)
    }
    if node.symbol(.behavior, is: "DROP_CASCADE") { truncateReferencing(named) }
    if node.flag(.restart_seqs) {
      for name in lockedTables {
        for column in catalog.relations[name]?.columns ?? [] {
          guard let sequence = column.sequence ?? column.ownedSequence,
            !isInherited(sequence, by: name)
          else { continue }
          lock(sequence, .accessExclusive, reason: ["sequence of \(name.short)"])
        }
      }
    }
  }

  /// Whether a table has a sequence from a parent, to which it belongs.
  private func isInherited(_ sequence: RelationName, by name: RelationName) -> Bool {
    (catalog.relations[name]?.parents ?? []).contains { parent in
      catalog.relations[parent]?.columns.contains {
        ($0.sequence ?? $0.ownedSequence) == sequence
      } ?? false
    }
  }

  private var lockedTables: [RelationName] { acquisitions.compactMap(\.target.relation) }

  /// Tables with foreign keys to those that are emptied, level by level, in the order of their
  /// creation (`heap_truncate_find_FKs`).
  private mutating func truncateReferencing(_ names: [RelationName]) {
    var level = names
    var seen = Set(names)
    while !level.isEmpty {
      var next: [(number: Int, name: RelationName, parent: RelationName)] = []
      for parent in level {
        for (child, _) in catalog.foreignKeys(to: parent) where seen.insert(child).inserted {
          next.append((catalog.relations[child]?.number ?? 0, child, parent))
        }
      }
      level = []
      for entry in next.sorted(by: { $0.number < $1.number }) {
        lock(entry.name, .accessExclusive, reason: ["foreign key to \(entry.parent.short)"])
        level.append(entry.name)
        // Inheritance children of these stay as they are.
        guard catalog.relations[entry.name]?.isPartitioned ?? false else { continue }
        let children = catalog.inheritors(of: entry.name).filter { seen.insert($0).inserted }
        for child in children {
          lock(child, .accessExclusive, reason: ["partition of \(entry.name.short)"])
        }
        level += children
      }
    }
  }

  private mutating func copy(_ node: Node) {
    if let query = node.child(.query) {
      statement(query)
      return
    }
    guard let relation = node.child(.relation) else { return }
    lock(relation, node.flag(.is_from) ? .rowExclusive : .accessShare)
  }

  /// The plan's tables are locked again, as when it was prepared.
  private mutating func execute(_ node: Node) {
    guard let name = node.string(.name), let query = catalog.prepared[name] else { return }
    statement(query.node)
  }

  /// PREPARE analyses a query and makes no plan yet.
  private mutating func prepare(_ query: Node) {
    nested(query)
    finish(isPlanned: query.tag != .SelectStmt || catalog.relations.isEmpty)
  }

  private mutating func explain(_ node: Node) {
    guard let query = node.child(.query) else { return }
    // CREATE TABLE AS is not carried out.
    if query.tag == .CreateTableAsStmt, !Lowering.isAnalyze(node) {
      if let source = query.child(.query) { statement(source) }
    } else {
      statement(query)
    }
  }
}

/// Statements that lock no relation which others wait for, with the reason.
enum UnlockedStatement {
  static let reasons: [String: String] = [
    "TransactionStmt": "begins and ends transactions; takes no lock of its own",
    "VariableSetStmt": "changes a setting of the session",
    "VariableShowStmt": "reads a setting",
    "GrantStmt": "updates catalog rows only: two at once fail, they don't wait for a table",
    "GrantRoleStmt": "catalog rows of roles",
    "AlterDefaultPrivilegesStmt": "catalog rows of default privileges",
    "CreateRoleStmt": "catalog rows of roles",
    "AlterRoleStmt": "catalog rows of roles",
    "AlterRoleSetStmt": "catalog rows of roles",
    "DropRoleStmt": "catalog rows of roles",
    "ReassignOwnedStmt": "changes owners; the objects are known to the server alone",
    "DropOwnedStmt": "drops what a role owns; known to the server alone",
    "CreatedbStmt": "locks a database, not a relation",
    "AlterDatabaseStmt": "locks a database, not a relation",
    "AlterDatabaseRefreshCollStmt": "locks a database, not a relation",
    "AlterDatabaseSetStmt": "locks a database, not a relation",
    "DropdbStmt": "locks a database, not a relation",
    "AlterSystemStmt": "writes a configuration file",
    "CreateTableSpaceStmt": "catalog rows of tablespaces",
    "DropTableSpaceStmt": "catalog rows of tablespaces",
    "AlterTableSpaceOptionsStmt": "catalog rows of tablespaces",
    "CreateExtensionStmt": "runs a script that is not given",
    "AlterExtensionStmt": "runs a script that is not given",
    "AlterExtensionContentsStmt": "catalog rows of extensions",
    "CreateDomainStmt": "makes a type",
    "CreateEnumStmt": "makes a type",
    "CreateRangeStmt": "makes a type",
    "CompositeTypeStmt": "makes a type",
    "DefineStmt": "makes a type, operator, aggregate or collation",
    "AlterEnumStmt": "adds a value to a type; tables are not touched",
    "AlterTypeStmt": "catalog rows of types",
    "AlterCollationStmt": "catalog rows of collations",
    "CreateCastStmt": "catalog rows",
    "CreateConversionStmt": "catalog rows",
    "CreateTransformStmt": "catalog rows",
    "CreatePLangStmt": "catalog rows",
    "CreateAmStmt": "catalog rows",
    "CreateOpClassStmt": "catalog rows",
    "CreateOpClassItem": "part of CREATE OPERATOR CLASS",
    "CreateOpFamilyStmt": "catalog rows",
    "AlterOpFamilyStmt": "catalog rows",
    "AlterOperatorStmt": "catalog rows",
    "AlterTSDictionaryStmt": "catalog rows",
    "AlterTSConfigurationStmt": "catalog rows",
    "AlterFunctionStmt": "catalog rows of functions",
    "AlterOwnerStmt": "objects that are not relations",
    "AlterStatsStmt": "catalog rows of statistics",
    "CreateEventTrigStmt": "fires at DDL; its function is not followed",
    "AlterEventTrigStmt": "catalog rows of event triggers",
    "CreateFdwStmt": "catalog rows of foreign data wrappers",
    "AlterFdwStmt": "catalog rows of foreign data wrappers",
    "CreateForeignServerStmt": "catalog rows of foreign servers",
    "AlterForeignServerStmt": "catalog rows of foreign servers",
    "CreateUserMappingStmt": "catalog rows of user mappings",
    "AlterUserMappingStmt": "catalog rows of user mappings",
    "DropUserMappingStmt": "catalog rows of user mappings",
    "ImportForeignSchemaStmt": "makes foreign tables that nobody has seen",
    "CreateSubscriptionStmt": "catalog rows of subscriptions",
    "AlterSubscriptionStmt": "catalog rows of subscriptions",
    "DropSubscriptionStmt": "catalog rows of subscriptions",
    "AlterTableMoveAllStmt": "the tables of a tablespace are known to the server alone",
    "ConstraintsSetStmt": "runs deferred checks, which are modelled with their transaction",
    "DeallocateStmt": "forgets a plan",
    "ClosePortalStmt": "closes a cursor; its locks stay",
    "FetchStmt": "locks the rows of its cursor, which are modelled with DECLARE",
    "ListenStmt": "registers for notifications",
    "UnlistenStmt": "registers for notifications",
    "NotifyStmt": "COMMIT queues notifications behind a lock of the database",
    "CheckPointStmt": "writes buffers",
    "DiscardStmt": "forgets what the session has",
    "LoadStmt": "loads a library",
    "CallStmt": "runs a procedure, whose body is modelled",
    "DoStmt": "runs a block, whose body is modelled",
    "ReturnStmt": "part of a function's body",
    "PLAssignStmt": "part of a PL/pgSQL body",
  ]

  static let kinds = Set(reasons.keys)
}
