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
  var reason = ["direct"]
  /// How many views and rules are being looked into, one inside the other.
  var depth = 0

  /// A relation that a later phase comes back to.
  struct Pending {
    let path: [WalkStep]
    let name: RelationName
    let mode: TableLockMode
    let reason: [String]
    let pruning: PartitionPruning?
  }

  init(range: SourceRange, catalog: Catalog, searchPath: [String]) {
    self.range = range
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
  mutating func finish() {
    rewrite()
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
    catalog.resolve(schema: reference.schema, name: reference.name, searchPath: searchPath)
  }

  /// Adds a lock unless it is there already.
  mutating func lock(_ name: RelationName, _ mode: TableLockMode, reason: [String]? = nil) {
    guard !CatalogSchema.contains(name) else { return }
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
      .table(name, .accessExclusive, reason: ["direct"], range: range, isPrivate: true))
  }

  /// A relation named in a query.
  mutating func lock(
    _ reference: TableReference, _ mode: TableLockMode, pruning: PartitionPruning? = nil
  ) {
    if reference.schema == nil, hidden.contains(where: { $0.contains(reference.name) }) { return }
    let name = resolve(reference)
    lock(name, mode)
    guard let definition = catalog.relations[name] else { return }
    counter += 1
    let pending = Pending(
      path: path + [WalkStep(kind: .table, position: counter)], name: name, mode: mode,
      reason: reason, pruning: pruning)
    if definition.isView { views.append(pending) }
    if !definition.rules.isEmpty || !definition.policies.isEmpty { lockPolicies(of: definition) }
    if reference.includesChildren, definition.hasChildren || definition.isPartitioned {
      parents.append(pending)
    }
  }

  /// The children of a relation: all levels of inheritance in the order of creation, partitions
  /// depth first in the order of their bounds.
  mutating func lockChildren(
    of name: RelationName, _ mode: TableLockMode, _ pruning: PartitionPruning? = nil,
    reason: [String]
  ) {
    let isPartitioned = catalog.relations[name]?.isPartitioned ?? false
    let outer = reason == ["direct"] ? [] : reason
    var level = catalog.children(of: name)
    if isPartitioned {
      let parent = catalog.relations[name]
      for child in level where pruning?.admits(child, of: parent, beside: level) ?? true {
        lock(child.name, mode, reason: outer + ["partition of \(name.short)"])
        lockChildren(of: child.name, mode, pruning, reason: reason)
      }
      return
    }
    while !level.isEmpty {
      for child in level { lock(child.name, mode, reason: outer + ["child of \(name.short)"]) }
      level = level.flatMap { catalog.children(of: $0.name) }
    }
  }
}
