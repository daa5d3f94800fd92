/// What lowering a statement gives.
package struct LoweredLocks: Sendable {
  /// In the order in which they are taken.
  package var acquisitions: [Acquisition]
  /// How many of them are taken before the statement runs.
  package var analysed = 0
  /// What could not be modelled.
  package let notes: [LockNote]
  /// The columns of existing rows that are changed, by table.
  package let written: [RelationName: WrittenColumns]
  /// Whether it gives back advisory locks of the session.
  package var unlocks = false
  /// What is locked at COMMIT.
  package var deferred: [Acquisition] = []
  /// What the query of PREPARE or DECLARE locks each time that it runs.
  package var later: [Acquisition] = []

  /// The locks of the query of PREPARE or DECLARE when it runs.
  package static func later(_ locks: [Acquisition]) -> LoweredLocks {
    LoweredLocks(acquisitions: locks, notes: [], written: [:])
  }

  /// Nothing is locked.
  package static let none = LoweredLocks(acquisitions: [], notes: [], written: [:])
}
