/// A statement that locks several rows of a table in an order that can differ from that of
/// somebody who locks the same rows.
package struct RowOrderHazard: Sendable {
  /// What makes the order differ.
  package enum Cause: Sendable {
    /// The statement itself has no order.
    case unordered(why: String)
    /// There is an ORDER BY, and it leaves some rows undecided.
    case partial(why: String, isExtensible: Bool)
    /// It sorts by a column that is written elsewhere.
    case changing(column: String, by: Int)
    /// Another statement has a different total order.
    case conflicting(own: [SortTerm], other: [SortTerm])
  }

  /// Who the statement can deadlock with.
  package enum Evidence: Sendable {
    /// A second copy of itself.
    case copies
    /// Another statement, by its index.
    case meets(Int)
    /// Something that was not seen; why it would be needed.
    case unseen(String)
  }

  /// Index of the statement in the workload.
  package let statement: Int
  /// Index of the acquisition in the statement.
  package let acquisition: Int
  package let cause: Cause
  package let evidence: Evidence
}
