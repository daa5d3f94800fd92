/// What happens when a statement has written its rows.
///
/// AFTER ROW triggers and the checks of foreign keys share one queue that runs when the statement
/// ends; what a cascade writes goes to the end of the same queue (`trigger.c`).
final class AfterQueue {
  /// Writes whose AFTER triggers and checks are still to come.
  private var writes: [RowWrite] = []
  /// The locks of rules that run after the statement that they belong to.
  private(set) var rules: [Acquisition] = []
  /// The locks of checks that wait for COMMIT.
  private(set) var deferred: [Acquisition] = []

  /// A circle of cascades goes round until no row is left; once is enough to see its locks.
  private static let limit = 256

  func add(_ write: RowWrite) { writes.append(write) }
  func add(rules locks: [Acquisition]) { rules += locks }
  func add(deferred locks: [Acquisition]) { deferred += locks }

  /// Runs the queue until it is empty; false when that is given up.
  func run(_ body: (RowWrite) -> Void) -> Bool {
    var next = 0
    while next < writes.count {
      guard next < Self.limit else { return false }
      body(writes[next])
      next += 1
    }
    writes = []
    return true
  }
}
