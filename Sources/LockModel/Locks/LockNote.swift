/// Something that could not be modelled.
package struct LockNote: Sendable, Hashable {
  /// One sentence, without a full stop.
  package let text: String
  /// Whether it only matters to those who read the list of locks: it says no more than a note
  /// elsewhere, or leaves open which of several partitions is locked.
  package let isDetail: Bool

  init(_ text: String, isDetail: Bool = false) {
    self.text = text
    self.isDetail = isDetail
  }
}
