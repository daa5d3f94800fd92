import PostgresSyntax

/// The rows of a sub-select, a CTE or RETURNING, as the level around it sees them.
final class DerivedTable {
  /// The level that makes the rows; nil for VALUES and set operations.
  let level: QueryLevel?
  let targets: [ResultTarget]
  let columnAliases: [String]
  let rows: RowCount
  /// The query itself, when it is one.
  let select: SelectStatement?
  /// The locks that making the rows takes, until somebody takes them over.
  var acquisitions: [Acquisition] = []
  /// Whether something reads it; a CTE that nothing reads never runs.
  private var isRead = false
  /// Whether it is made again for each row of what comes before it.
  var isRepeated = false
  /// Locks reach into a sub-select of FROM, but not into a CTE.
  let isCommonTable: Bool

  init(
    level: QueryLevel?, targets: [ResultTarget], columnAliases: [String] = [], rows: RowCount,
    select: SelectStatement? = nil, isCommonTable: Bool = false
  ) {
    self.level = level
    self.targets = targets
    self.columnAliases = columnAliases
    self.rows = rows
    self.select = select
    self.isCommonTable = isCommonTable
  }

  /// The locks of making the rows, for the first who reads them: a CTE runs once.
  func read() -> [Acquisition] {
    guard !isRead else { return [] }
    isRead = true
    guard isCommonTable else { return acquisitions }
    return acquisitions.map { lock in
      var lock = lock
      lock.isOfCommonTable = true
      return lock
    }
  }

  /// Whether it has a column of that name; nil when `*` hides what it has.
  func knows(_ name: String) -> Bool? {
    if columnAliases.contains(name) { return true }
    if targets.contains(where: { OutputColumn.name(of: $0) == name }) { return true }
    if targets.isEmpty || targets.contains(where: \.isStar) { return nil }
    return columnAliases.isEmpty ? false : nil
  }

  /// The expression of an output column.
  func value(of name: String) -> Node? {
    if let position = columnAliases.firstIndex(of: name) {
      return position < targets.count ? targets[position].value : nil
    }
    return targets.first { OutputColumn.name(of: $0) == name }?.value
  }

  /// The base table's column that an output is, if it is one.
  func origin(of name: String) -> (level: QueryLevel, column: QueryLevel.Column)? {
    guard let level else { return nil }
    guard let value = value(of: name) else {
      guard targets.contains(where: \.isStar) else { return nil }
      guard case .column(let column) = level.resolve([name], scope: 0) else { return nil }
      return level.origin(of: column)
    }
    return origin(of: value)
  }

  /// The base table's column that the n-th output is, counted from 0.
  func origin(at position: Int) -> (level: QueryLevel, column: QueryLevel.Column)? {
    guard position < targets.count, let value = targets[position].value else { return nil }
    return origin(of: value)
  }

  private func origin(of value: Node) -> (level: QueryLevel, column: QueryLevel.Column)? {
    guard let level, case .column(let names) = Expression(Expression.withoutCasts(value)),
      case .column(let column) = level.resolve(names, scope: 0)
    else { return nil }
    return level.origin(of: column)
  }
}

extension ResultTarget {
  /// Whether it is `*` or `t.*`.
  package var isStar: Bool {
    guard let value, case .star = Expression(value) else { return false }
    return true
  }
}
