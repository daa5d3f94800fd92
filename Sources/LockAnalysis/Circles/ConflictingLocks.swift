import LockModel
import PostgresSyntax

/// Which locks anybody else of a workload can wait for or hold up.
struct ConflictingLocks {
  private struct Form: Hashable {
    let mode: LockMode
    let form: RowLockForm?
    let isOfMigration: Bool
  }

  private enum Class: Hashable {
    case table(RelationName)
    case rows(RelationName)
    case advisory
  }

  private let workload: Workload
  private var forms: [Class: Set<Form>] = [:]

  init(_ workload: Workload) { self.workload = workload }

  private func lockClass(_ lock: Acquisition) -> Class {
    switch lock.target {
    case .table(let name): .table(name)
    case .rows(let name), .uniqueKey(let name): .rows(workload.catalog.lockClass(name))
    case .advisory: .advisory
    }
  }

  /// Takes the locks of a transaction into account.
  mutating func add(_ statements: [Int], _ kind: LockSequence.Kind) {
    for index in statements {
      for lock in workload.statements[index].acquisitions where Self.isSeen(lock) {
        forms[lockClass(lock), default: []].insert(
          Form(mode: lock.mode, form: lock.form, isOfMigration: kind == .migration))
      }
    }
  }

  /// Whether others can see a lock until the end of its transaction, on a table that has a place in
  /// an order: the next call may give an EXECUTE any other.
  static func isSeen(_ lock: Acquisition) -> Bool {
    !lock.isPrivate && lock.duration == .transaction
      && !(lock.target.relation.map { DynamicNames.isLocal($0.name) } ?? false)
  }

  /// Whether somebody who can run at the same time has a lock of the kind that it conflicts with.
  func matters(_ lock: Acquisition, in kind: LockSequence.Kind) -> Bool {
    forms[lockClass(lock)]?.contains { other in
      !(kind == .migration && other.isOfMigration)
        && (lock.mode.waits(for: other.mode, lock.form, other.form)
          || other.mode.waits(for: lock.mode, other.form, lock.form))
    } ?? false
  }
}
