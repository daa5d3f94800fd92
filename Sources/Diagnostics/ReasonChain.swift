/// Why a statement comes to a lock, link by link.
package enum ReasonChain {
  /// A longer chain is shown by its ends.
  private static let longest = 7
  private static let ends = (first: 3, last: 2)

  /// The chain, or its ends with how many links are between them.
  package static func shown(_ links: [String]) -> [String] {
    guard links.count > longest else { return links }
    let left = links.count - ends.first - ends.last
    return links.prefix(ends.first) + ["\(left) more"] + links.suffix(ends.last)
  }

  /// What is shown of the chain in words, as in "foreign key a_fkey → trigger t".
  package static func text(_ links: [String]) -> String {
    shown(links).joined(separator: " → ")
  }
}
