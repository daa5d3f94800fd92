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
      if reference.includesChildren { lockInheritors(of: name, mode, reason: []) }
      lockViewed(by: name, mode, reason: [])
    }
  }

  /// LOCK of a view locks what is below it in the same mode (`LockViewRecurse` in `lockcmds.c`).
  private mutating func lockViewed(by view: RelationName, _ mode: TableLockMode, reason: [Reason]) {
    guard let definition = catalog.relations[view], case .view(let query) = definition.kind else {
      return
    }
    let inner = reason + [.view(view)]
    guard inner.count < 16 else { return }
    for node in query.node.descendants where node.tag == .RangeVar {
      let reference = TableReference(node)
      let name = catalog.resolve(
        schema: reference.schema, name: reference.name, inside: definition)
      guard name != view, catalog.relations[name] != nil || reference.schema != nil else {
        continue
      }
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
      lockInheritors(of: name, .accessExclusive, reason: [])
      named += catalog.inheritors(of: name)
    }
    if node.symbol(.behavior, is: "DROP_CASCADE") { truncateReferencing(named) }
    if node.flag(.restart_seqs) {
      for name in lockedTables {
        for column in catalog.relations[name]?.columns ?? [] {
          guard let sequence = column.sequence ?? column.ownedSequence,
            !isInherited(sequence, by: name)
          else { continue }
          lock(sequence, .accessExclusive, reason: [.sequence(of: name.short)])
        }
      }
    }
  }

  /// Whether a table has a sequence from a parent, to which it belongs.
  func isInherited(_ sequence: RelationName, by name: RelationName) -> Bool {
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
        for (child, _) in catalog.foreignKeys(to: parent) {
          // Partitions have the foreign key as well; inheritance children don't.
          let isPartitioned = catalog.relations[child]?.isPartitioned ?? false
          for name in [child] + (isPartitioned ? catalog.inheritors(of: child) : [])
          where seen.insert(name).inserted {
            next.append((catalog.relations[name]?.number ?? 0, name, parent))
          }
        }
      }
      level = []
      for entry in next.sorted(by: { $0.number < $1.number }) {
        lock(entry.name, .accessExclusive, reason: [.foreignKeyTo(entry.parent)])
        level.append(entry.name)
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
