import Diagnostics
import PostgresSyntax

/// Goes over a statement in the order of PostgreSQL's analysis, rewriting and planning.
struct TableLockWalk {
  let range: SourceRange
  let catalog: Catalog
  var searchPath: [String]
  var acquisitions: [Acquisition] = []
  var notes: [String] = []
  /// Names of CTEs, which hide tables, innermost last.
  var hidden: [Set<String>] = []
  /// Views to look into once all names are locked, by the place of the rewriter's visit.
  var views: [Pending] = []
  /// Parents whose children the planner locks, by the place of its visit.
  var parents: [Pending] = []
  /// Where the walk is, outermost first.
  var path: [WalkStep] = []
  var counter = 0
  /// The places of CTEs that nothing reads.
  var unread: Set<Int> = []
  var reason: [Reason] = []
  /// How many views and rules are being looked into, one inside the other.
  var depth = 0

  /// A relation that a later phase comes back to.
  struct Pending {
    let path: [WalkStep]
    let name: RelationName
    let mode: TableLockMode
    let reason: [Reason]
    let pruning: PartitionPruning?
    var kind: WriteKind?
  }

  /// Whether the statement does nothing when its object does not exist.
  var allowsMissing = false
  /// The view whose query is walked.
  var view: Catalog.Relation?
  /// Whether the query being walked is a view's, which is kept as it was analysed.
  var isStored = false
  /// The view that is being looked into, with what the query around it says of its columns.
  var outer: PartitionPruning.Outer?
  /// The body of the routine that the statement makes.
  let routine: RoutineBody?

  init(
    range: SourceRange, catalog: Catalog, searchPath: [String], routine: RoutineBody? = nil,
    hidden: Set<String> = []
  ) {
    self.range = range
    self.routine = routine
    self.hidden = hidden.isEmpty ? [] : [hidden]
    self.catalog = catalog
    self.searchPath = searchPath
  }

  mutating func statement(_ node: Node) {
    switch node.tag {
    case .SelectStmt, .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt: query(node)
    default: utility(node)
    }
  }

  /// Locks what a query reads and writes, through all three phases.
  mutating func query(_ node: Node) {
    nested(node)
    finish()
    if let into = node.child(.intoClause)?.child(.rel) { create(into) }
  }

  /// Rewrites and plans what was analysed.
  mutating func finish(isPlanned: Bool = true) {
    rewrite()
    guard isPlanned else {
      parents = []
      return
    }
    parents.removeAll { parent in parent.path.contains { unread.contains($0.position) } }
    for parent in parents.sorted(by: { WalkStep.isPlannedBefore($0.path, $1.path) }) {
      lockChildren(of: parent.name, parent.mode, parent.pruning, reason: parent.reason)
    }
    parents = []
  }

  mutating func rewrite() {
    while !views.isEmpty {
      let next = views.sorted { WalkStep.isRewrittenBefore($0.path, $1.path) }
      views = []
      for view in next { expand(view) }
    }
  }

  // MARK: Locks

  func resolve(_ reference: TableReference) -> RelationName {
    if let view {
      return catalog.resolve(schema: reference.schema, name: reference.name, inside: view)
    }
    return catalog.resolve(schema: reference.schema, name: reference.name, searchPath: searchPath)
  }

  /// Adds a lock unless it is there already.
  mutating func lock(_ name: RelationName, _ mode: TableLockMode, reason: [Reason]? = nil) {
    guard !CatalogSchema.contains(name) else { return }
    if allowsMissing, catalog.relations[name] == nil, catalog.indexes[name] == nil {
      notes.append(
        "\(name.short) is not defined in what was read; if it exists it is locked \(mode.rawValue)")
      return
    }
    let known = acquisitions.contains { $0.target == .table(name) && $0.mode == .table(mode) }
    guard !known else { return }
    acquisitions.append(
      .table(
        name, mode, reason: reason ?? self.reason, range: range,
        isPrivate: catalog.relations[name]?.isTemporary ?? (name.schema == "pg_temp")))
  }

  /// The lock on something that the statement itself makes.
  mutating func create(_ reference: Node) {
    let name = CatalogBuilder.newName(reference, searchPath: searchPath)
    guard catalog.relations[name] == nil else { return }
    acquisitions.append(
      .table(name, .accessExclusive, reason: [], range: range, isPrivate: true))
  }

  /// A relation named in a query.
  mutating func lock(
    _ reference: TableReference, _ mode: TableLockMode, pruning: PartitionPruning? = nil,
    kind: WriteKind? = nil
  ) {
    if reference.schema == nil, hidden.contains(where: { $0.contains(reference.name) }) { return }
    let name = resolve(reference)
    lock(name, mode)
    guard let definition = catalog.relations[name] else { return }
    counter += 1
    var pending = Pending(
      path: path + [WalkStep(kind: .table, position: counter)], name: name, mode: mode,
      reason: reason, pruning: pruning)
    pending.kind = kind
    if definition.isView { views.append(pending) }
    if !definition.rules.isEmpty || !definition.policies.isEmpty { lockPolicies(of: definition) }
    if reference.includesChildren, definition.hasChildren || definition.isPartitioned {
      parents.append(pending)
    }
  }

  /// The children of a relation as the planner finds them: partitions depth first in the order of
  /// their bounds, other children as below.
  mutating func lockChildren(
    of name: RelationName, _ mode: TableLockMode, _ pruning: PartitionPruning? = nil,
    reason: [Reason]
  ) {
    guard let parent = catalog.relations[name], parent.isPartitioned else {
      lockInheritors(of: name, mode, reason: reason)
      return
    }
    if let above = parent.parent, parent.bound != nil {
      lock(above, .accessShare, reason: [.bounds(of: name)])
    }
    let level = catalog.children(of: name)
    let outer = reason
    for child in level where pruning?.admits(child, of: parent, beside: level) ?? true {
      lock(child.name, mode, reason: outer + [.partition(of: name)])
      guard child.isPartitioned else { continue }
      lockPartitions(of: child, mode, pruning, reason: reason)
    }
  }

  private mutating func lockPartitions(
    of parent: Catalog.Relation, _ mode: TableLockMode, _ pruning: PartitionPruning?,
    reason: [Reason]
  ) {
    let level = catalog.children(of: parent.name)
    let outer = reason
    for child in level where pruning?.admits(child, of: parent, beside: level) ?? true {
      lock(child.name, mode, reason: outer + [.partition(of: parent.name)])
      lockPartitions(of: child, mode, pruning, reason: reason)
    }
  }

  /// The children as utility statements find them: level by level in the order of creation
  /// (`find_all_inheritors` in `pg_inherits.c`).
  mutating func lockInheritors(of name: RelationName, _ mode: TableLockMode, reason: [Reason]) {
    let outer = reason
    let isPartitioned = catalog.relations[name]?.isPartitioned ?? false
    for child in catalog.inheritors(of: name) {
      lock(child, mode, reason: outer + [isPartitioned ? .partition(of: name) : .child(of: name)])
    }
  }
}
