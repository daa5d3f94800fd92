import PostgresSyntax

/// The parts of INSERT, UPDATE, DELETE and MERGE in the order in which they are analysed.
struct WriteParts {
  let node: Node
  /// What is written as far as rules go: MERGE counts as UPDATE.
  let kind: WriteKind
  let target: TableReference?
  let with: WithClause?
  /// The conditions that tell which partitions of the target are written.
  let targetConditions: [Node]
  /// The source of a MERGE.
  var source: Node?
  /// The rows and the ON CONFLICT of an INSERT, the join condition of a MERGE.
  var inputs: [Node] = []
  /// FROM or USING.
  var from: [Node] = []
  var condition: Node?
  /// RETURNING of an UPDATE comes before SET (`transformUpdateStmt`).
  let outputs: [Node]

  /// Takes a statement apart; nil for SELECT.
  init?(_ query: SQLQuery) {
    switch query {
    case .select: return nil
    case .insert(let insert): self.init(insert)
    case .update(let update): self.init(update)
    case .delete(let delete): self.init(delete)
    case .merge(let merge): self.init(merge)
    }
  }

  private init(_ insert: InsertStatement) {
    (node, kind, target, with) = (insert.node, .insert, insert.target, insert.with)
    targetConditions = []
    inputs = [insert.source?.node, insert.onConflict?.node].compactMap { $0 }
    outputs = insert.returning.map(\.node)
  }

  private init(_ update: UpdateStatement) {
    (node, kind, target, with) = (update.node, .update, update.target, update.with)
    targetConditions = QueryLocks.conditions(update.condition, update.from)
    from = Array(update.from)
    condition = update.condition
    outputs = (update.returning + update.assignments).map(\.node)
  }

  private init(_ delete: DeleteStatement) {
    (node, kind, target, with) = (delete.node, .delete, delete.target, delete.with)
    targetConditions = Expression.conjuncts(of: delete.condition)
    from = Array(delete.using)
    condition = delete.condition
    outputs = delete.returning.map(\.node)
  }

  private init(_ merge: MergeStatement) {
    (node, kind, target, with) = (merge.node, .update, merge.target, merge.with)
    // MERGE leaves out partitions only when rows without a match are of no interest.
    let needsAll = merge.clauses.contains { !$0.isMatched }
    targetConditions = needsAll ? [] : Expression.conjuncts(of: merge.condition)
    source = merge.source
    inputs = [merge.condition].compactMap { $0 }
    outputs = merge.clauses.map(\.node)
  }
}
