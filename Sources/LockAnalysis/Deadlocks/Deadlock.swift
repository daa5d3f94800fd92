package import LockModel

/// A circle of waits that can end in 40P01.
package struct Deadlock: Sendable {
  /// The requests of the circle: each is for something that the next one's transaction holds, the
  /// last for what the first's holds. A statement that meets a copy of itself stands alone.
  package let requests: [AcquisitionID]
  /// What makes the orders differ.
  package let cause: Cause
  /// Who the transaction can meet.
  package let evidence: Evidence
  /// What kind of lock it is about; each kind is reported by one rule.
  package let kind: Kind

  /// What makes the orders in which rows are locked differ.
  package enum Cause: Sendable {
    /// The statement itself has no order.
    case unordered(why: String)
    /// There is an ORDER BY, and it leaves some rows undecided.
    case partial(why: String, isExtensible: Bool)
    /// It sorts by a column that is written elsewhere: by which column and which statement.
    case changing(column: String, by: Int)
    /// Another statement has a different total order.
    case conflicting(own: [SortTerm], other: [SortTerm])
  }

  /// Who the transaction can deadlock with.
  package enum Evidence: Sendable, Equatable {
    /// A second copy of itself.
    case copies
    /// Another transaction, with its acquisition.
    case meets(AcquisitionID)
    /// Something that was not seen; why it would be needed.
    case unseen(String)

    /// Of a routine that the application was not seen to call.
    package static let calledOnce = Evidence.unseen(
      "only scripts that run once were seen to call it")
    /// Of a routine that changes what the application stands on.
    package static let changesSchema = Evidence.unseen(
      "its routine adds a column, or drops a schema or an extension, which works once")

    /// Whether it says that what is shown runs once.
    package var isOfRunOnce: Bool { self == .calledOnce || self == .changesSchema }
  }

  /// The kinds of hazards.
  package enum Kind: Sendable, Hashable, CaseIterable {
    /// Several rows, by a locking clause without ORDER BY.
    case lockingSelect
    /// Several rows, by a write whose rows a join or sub-select picks.
    case drivenWrite
    /// Several new keys.
    case insert
    /// Several rows, by any other write, also one that a cascade makes.
    case plainWrite
    /// An ORDER BY that does not settle the order, or sorts by what changes.
    case unstableOrder
    /// Two total orders of one table.
    case conflictingOrders
    /// A loop that locks one row after the other.
    case loop
    /// Several advisory locks.
    case advisory
  }

  /// The acquisition that is reported.
  package var request: AcquisitionID { requests[0] }

  init(
    _ request: AcquisitionID, _ lock: Acquisition, cause: Cause, evidence: Evidence
  ) {
    requests = if case .meets(let partner) = evidence { [request, partner] } else { [request] }
    self.cause = cause
    self.evidence = evidence
    kind = Kind(lock, cause)
  }
}

extension Deadlock.Kind {
  /// Every hazard has one kind.
  init(_ lock: Acquisition, _ cause: Deadlock.Cause) {
    if case .advisory = lock.target {
      self = .advisory
      return
    }
    switch cause {
    case .conflicting: self = .conflictingOrders
    case .changing: self = .unstableOrder
    case .unordered, .partial:
      if lock.loop != nil {
        self = .loop
        return
      }
      switch lock.form {
      case .lockingSelect(isSorted: true)?:
        if case .partial = cause { self = .unstableOrder } else { self = .lockingSelect }
      case .lockingSelect(isSorted: false)?: self = .lockingSelect
      case .drivenWrite?: self = .drivenWrite
      case .upsert?, .insert?: self = .insert
      case .plainWrite?, .referential?, nil: self = .plainWrite
      }
    }
  }
}

extension Deadlock {
  /// Which of several hazards of one statement is shown first: what its own text locks before what
  /// follows from it, the more specific form before the others, what was seen before what was not.
  package func rank(in workload: Workload) -> Int {
    let lock = workload[request]
    let form =
      switch lock.form {
      case .lockingSelect?: 0
      case .drivenWrite?: 1
      case .upsert?: 2
      case .plainWrite?: 3
      case .insert?, nil: 4
      case .referential?: 5
      }
    var rank = lock.reason.isEmpty ? form : form + 6
    if case .unseen = evidence { rank += 20 }
    if case .conflicting = cause { rank += 40 }
    return rank
  }
}
