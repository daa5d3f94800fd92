/// A column or expression that rows are sorted by.
package struct SortTerm: Sendable, Hashable {
  /// As it is written in a report: a column's name or an expression.
  package let text: String
  /// Descending.
  package let isDescending: Bool
  /// NULLS FIRST when ascending or NULLS LAST when descending, where there can be nulls.
  package let isNullsReversed: Bool
  /// The columns of the locked table that it is made of.
  package let columns: [String]

  /// A sort term; made of the column of that name when `columns` is not given.
  package init(
    text: String, isDescending: Bool = false, isNullsReversed: Bool = false,
    columns: [String]? = nil
  ) {
    self.text = text
    self.isDescending = isDescending
    self.isNullsReversed = isNullsReversed
    self.columns = columns ?? [text]
  }

  /// What two orders have to share to be one.
  package struct Key: Sendable, Hashable {
    private let text: String
    private let isDescending: Bool
    private let isNullsReversed: Bool

    fileprivate init(_ term: SortTerm) {
      text = term.text
      isDescending = term.isDescending
      isNullsReversed = term.isNullsReversed
    }
  }

  /// What two orders have to share to be one.
  package var key: Key { Key(self) }

  /// For example `id asc`.
  package var description: String {
    let nulls = isNullsReversed ? (isDescending ? " nulls last" : " nulls first") : ""
    return "\(text) \(isDescending ? "desc" : "asc")\(nulls)"
  }
}
