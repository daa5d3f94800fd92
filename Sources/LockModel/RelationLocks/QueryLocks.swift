import PostgresSyntax

/// The relations that a query locks, in the order of PostgreSQL's analysis, rewriting and planning.
struct QueryLocks {
  let context: TableLockContext
  var list: RelationLockList
  /// Names of CTEs, which hide tables, innermost last.
  var shadowed: [Set<String>]
  /// Views to look into once all names are locked, by the place of the rewriter's visit.
  var views: [Pending] = []
  /// Parents whose children the planner locks, by the place of its visit.
  private var parents: [Pending] = []
  /// Where the walk is, outermost first.
  var path: [WalkStep] = []
  private var counter = 0
  /// The places of CTEs that nothing reads.
  private var unread: Set<Int> = []
  var reason: [Reason] = []
  /// How many views, rules and policies are being looked into, one inside the other.
  var depth = 0
  /// Whether the query is to run, so that the rules of what it writes to are put in.
  var isRewritten = true
  /// The view whose query is walked.
  var view: Catalog.Relation?
  /// Whether the query being walked is a view's, which is kept as it was analysed.
  var isStored = false
  /// The view that is being looked into, with what the query around it says of its columns.
  var outer: PartitionPruning.Outer?
  /// The views, rules and policies that were looked into.
  var visits = Visits()

  /// A relation that a later phase comes back to.
  struct Pending {
    let path: [WalkStep]
    let name: RelationName
    let mode: TableLockMode
    let reason: [Reason]
    var pruning: PartitionPruning?
    var kind: WriteKind?
  }

  /// What holds for all rows of a level of a query.
  struct Scope {
    /// WHERE and the conditions of inner joins.
    var conditions: [Node] = []
    /// Whether it is the query of the view that is being looked into.
    var isOfView = false
  }

  var catalog: Catalog { context.catalog }

  private init(_ context: TableLockContext) {
    self.context = context
    list = RelationLockList(context)
    shadowed = context.shadowed.isEmpty ? [] : [context.shadowed]
  }

  // MARK: Entries

  /// What a query locks through all phases, or before it is planned.
  static func of(
    _ query: SQLQuery, _ context: TableLockContext, isPlanned: Bool = true
  ) -> RelationLockList {
    var locks = QueryLocks(context)
    locks.analyse(query)
    locks.rewrite()
    if isPlanned {
      locks.plan()
      if case .select(let select) = query, let table = select.intoTable {
        locks.list.create(table)
      }
    }
    return locks.list
  }

  /// What the expression of RETURN locks.
  static func ofReturned(_ node: Node, _ context: TableLockContext) -> RelationLockList {
    var locks = QueryLocks(context)
    locks.expression(node)
    locks.rewrite()
    locks.plan()
    return locks.list
  }

  /// What the analysis of a query or an expression locks that is kept for later: nothing is
  /// rewritten yet.
  static func ofNames(in node: Node, _ context: TableLockContext) -> RelationLockList {
    var locks = QueryLocks(context)
    locks.isRewritten = false
    if let query = SQLQuery(node) { locks.analyse(query) } else { locks.expression(node) }
    return locks.list
  }

  // MARK: Phases

  mutating func analyse(_ query: SQLQuery) {
    if case .select(let select) = query {
      self.select(select, mode: .accessShare)
    } else if let write = WriteParts(query) {
      self.write(write)
    }
  }

  private mutating func rewrite() {
    while !views.isEmpty {
      let next = views.sorted { WalkStep.isRewrittenBefore($0.path, $1.path) }
      views = []
      for view in next { expand(view) }
    }
  }

  private mutating func plan() {
    parents.removeAll { parent in parent.path.contains { unread.contains($0.position) } }
    for parent in parents.sorted(by: { WalkStep.isPlannedBefore($0.path, $1.path) }) {
      list.lockChildren(of: parent.name, parent.mode, parent.pruning, reason: parent.reason)
    }
  }

  // MARK: Relations

  func resolve(_ reference: TableReference) -> RelationName {
    guard let view else { return context.resolve(reference) }
    return catalog.resolve(schema: reference.schema, name: reference.name, inside: view)
  }

  /// A relation named in a query.
  mutating func lock(
    _ reference: TableReference, _ mode: TableLockMode, scope: Scope? = nil, kind: WriteKind? = nil
  ) {
    if reference.schema == nil, shadowed.contains(where: { $0.contains(reference.name) }) { return }
    let name = resolve(reference)
    list.lock(name, mode, reason: reason)
    guard let definition = catalog.relations[name] else { return }
    var pending = pending(name, mode, kind)
    let isParent =
      reference.includesChildren && (definition.hasChildren || definition.isPartitioned)
    if definition.isView || isParent, let scope {
      pending.pruning = PartitionPruning(
        conditions: scope.conditions, reference, outer: scope.isOfView ? outer : nil)
    }
    if definition.isView { views.append(pending) }
    if !definition.rules.isEmpty || !definition.policies.isEmpty { lockPolicies(of: definition) }
    if isParent { parents.append(pending) }
  }

  /// INSERT does not lock children: rows go to the table itself, or to a partition when it runs.
  mutating func lockTargetOfInsert(_ reference: TableReference) {
    let name = resolve(reference)
    list.lock(name, .rowExclusive, reason: reason)
    guard let definition = catalog.relations[name] else { return }
    let pending = pending(name, .rowExclusive, .insert)
    guard definition.isView, !definition.hasInsteadTrigger(for: .insert) else { return }
    views.append(pending)
  }

  private mutating func pending(
    _ name: RelationName, _ mode: TableLockMode, _ kind: WriteKind?
  ) -> Pending {
    counter += 1
    return Pending(
      path: path + [WalkStep(kind: .table, position: counter)], name: name, mode: mode,
      reason: reason, kind: kind)
  }

  // MARK: Levels

  /// Walks something that the later phases visit before or after the level's own tables.
  mutating func at(_ kind: WalkStep.Kind, _ body: (inout QueryLocks) -> Void) {
    counter += 1
    let saved = path
    path.append(WalkStep(kind: kind, position: counter))
    body(&self)
    path = saved
  }

  /// Walks the CTEs of a query; `leaveWith` undoes it.
  mutating func enterWith(_ with: WithClause?, of query: Node) {
    guard let with else { return }
    shadowed.append(with.isRecursive ? Set(with.tables.map(\.name)) : [])
    let read = Set(query.tableReferences.compactMap { $0.schema == nil ? $0.name : nil })
    for table in with.tables {
      if let query = table.query.flatMap({ SQLQuery($0) }) {
        // Nobody plans a query that nobody reads.
        if query.isSelect, !read.contains(table.name) { unread.insert(counter + 1) }
        at(.commonTable) { $0.analyse(query) }
      }
      shadowed[shadowed.count - 1].insert(table.name)
    }
  }

  mutating func leaveWith(_ with: WithClause?) {
    if with != nil { shadowed.removeLast() }
  }
}
