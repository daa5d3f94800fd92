/// The order in which a statement locks several rows of one table.
package enum RowOrder: Sendable, Hashable {
  /// By these terms, which no two rows share and which don't change.
  case total([SortTerm])
  /// By these terms, which leave some pairs of rows undecided, and why; `isExtensible` when a key
  /// appended to them would decide.
  case partial([SortTerm], why: String, isExtensible: Bool = false)
  /// Whatever the plan delivers, and why.
  case unordered(why: String)
  /// An order that can't be told, and why: nothing is claimed of it.
  case unknown(why: String)
  /// The rows are locked already, by an earlier acquisition of the same transaction.
  case alreadyLocked(why: String)

  /// Whether the order can differ from one run to the next.
  package var isHazardous: Bool {
    switch self {
    case .total, .alreadyLocked, .unknown: false
    case .partial, .unordered: true
    }
  }
}
