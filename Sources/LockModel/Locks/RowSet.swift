package import PostgresSyntax

/// How many rows a statement locks at one place.
package enum RowCount: String, Sendable {
  /// A unique key is pinned by equality.
  case one
  /// `LIMIT 1` and the like.
  case atMostOne = "at-most-one"
  case many

  /// Whether an order can matter.
  package var isMany: Bool { self == .many }
}

/// Rows that a transaction has for itself and finds others by.
package enum RowSource: Sendable, Hashable {
  /// Those that fire a trigger.
  case firing
  /// Those of a table that another part of the statement has locked against writers.
  case locked(RelationName)
}

/// The rows that one acquisition locks.
package struct RowSet: Sendable, Hashable {
  /// How many.
  package var count: RowCount
  /// In which order; of no interest for a single row.
  package var order: RowOrder
  /// Columns that have one value throughout, with that value; a literal where there is one.
  package var pinned: [String: Term] = [:]
  /// Columns that are one of the elements of an array that is given, with the array.
  package var listed: [String: Term] = [:]
  /// By rows that are the transaction's own by then, their columns with those that equal them.
  package var ties: [RowSource: [String: String]] = [:]
  /// The conditions of the query, for telling whether two statements speak of the same rows.
  package var conditions: Set<Condition> = []
  /// How many of the conditions leave out one value of a column, as `id <> $1` does.
  package var exceptions = 0
  /// Whether USING or NATURAL leaves out rows as well, which `conditions` does not show.
  package var hasOtherConditions = false
  /// Whether a LIMIT or OFFSET leaves out rows that the conditions allow.
  package var isLimited = false
  /// Whether a key is compared with a list of parameters: the caller knows the rows already.
  package var isByKeyList = false
  /// The columns of the unique key that an INSERT can conflict on; empty when they are not known.
  package var conflictKey: [String] = []
  /// Whether an INSERT makes entries of other unique keys as well, with values of its own choice.
  package var entersOtherKeys = false
  /// Whether a loop goes over them as a query of their table alone finds them.
  package var followsScan = false
  /// Literal values of the sort key, in the order of locking, where all are known.
  package var literalKeys: [[Literal]]?

  /// Rows in an order, of which nothing else is known.
  package init(count: RowCount, order: RowOrder, pinned: [String: Term] = [:]) {
    self.count = count
    self.order = order
    self.pinned = pinned
  }

  /// Whether all rows are meant that have the values that are pinned, but for single exceptions.
  package var areAllOfTheirValues: Bool {
    !isLimited && !hasOtherConditions
      && conditions.count <= pinned.count + listed.count + exceptions
  }

  /// The literal that a column is pinned to, if it is.
  package func literal(of column: String) -> Literal? { pinned[column]?.literal }
}
