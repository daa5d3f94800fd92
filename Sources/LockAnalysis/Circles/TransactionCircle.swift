import LockModel

/// A circle of transactions of a workload, each of which waits for what the next one holds.
package struct TransactionCircle: Sendable {
  /// A transaction of the circle.
  package struct Member: Sendable {
    /// The number of its sequence.
    let sequence: Int
    /// What it holds, and the one before it waits for.
    package let held: AcquisitionID
    /// What it waits for, and the next one holds.
    package let request: AcquisitionID
    /// Whether it comes to one of the two by a cascade.
    package let followsCascade: Bool
    /// Whether it is a migration or another script that runs once.
    package let runsOnce: Bool
    /// The transaction of the host program that it is, if it is one.
    package let inferred: InferredTransaction?
  }

  /// Each waits for what the next one holds, the last for what the first holds. Two of one transaction
  /// are two copies of it.
  package private(set) var members: [Member]
  /// How many more circles there are over the same tables, with the same statement, or among the same
  /// transactions.
  package internal(set) var others: Int
  /// What it is about; each kind is reported by one rule.
  package let kind: Kind

  /// The same circle, told from another of its members.
  package func first(_ index: Int) -> TransactionCircle {
    var circle = self
    circle.members = Array(members[index...] + members[..<index])
    return circle
  }

  /// Whether some member comes to what it holds or asks for by a cascade.
  package var followsCascade: Bool { members.contains(where: \.followsCascade) }

  /// The kinds of circles.
  package enum Kind: Sendable, Hashable, CaseIterable {
    /// Different tables, rows of different tables, or a table and rows.
    case inversion
    /// One thing, held in a weak mode and asked for in a stronger one.
    case upgrade
    /// Several rows of one table, by one write after another.
    case rowWrites
    /// Rows of parents that foreign keys lock.
    case foreignKeys
    /// What a migration locks, and the application in another order.
    case migration
    /// Advisory locks.
    case advisory
  }
}

extension TransactionCircle {
  init?(_ result: CircleSearch.Result, _ read: WorkloadSequences, _ workload: Workload) {
    let circle = result.circle
    // More than two over fewer tables are a circle of the same statements going round twice.
    let classes = Set(
      circle.members.map { read.sequences[$0.sequence][step: $0.edge.held].lockClass })
    guard circle.members.count <= max(classes.count, 2) else { return nil }
    var members: [Member] = []
    for member in circle.members {
      guard let held = read.place(of: member.sequence, member.edge.held),
        let request = read.place(of: member.sequence, member.edge.request)
      else { return nil }
      members.append(
        Member(
          sequence: member.sequence, held: held, request: request,
          followsCascade: [member.edge.held, member.edge.request].contains { step in
            read.sequences[member.sequence][step: step].isOfCascade
          },
          runsOnce: read.runsOnce(member.sequence), inferred: read.inferred(member.sequence)))
    }
    // A migration is what can still be changed, or else the first in the text.
    let first =
      members.indices.min { left, right in
        let keys = [left, right].map { index in
          (members[index].runsOnce ? 0 : 1, members[index])
        }
        return keys[0].0 == keys[1].0
          ? keys[0].1.request < keys[1].1.request : keys[0].0 < keys[1].0
      } ?? 0
    self.members = Array(members[first...] + members[..<first])
    others = result.others
    kind = Kind(circle, self.members, read, workload)
  }
}

extension TransactionCircle.Kind {
  fileprivate init(
    _ circle: LockCircle, _ members: [TransactionCircle.Member], _ read: WorkloadSequences,
    _ workload: Workload
  ) {
    let locks = members.flatMap { [workload[$0.held], workload[$0.request]] }
    let classes = Set(
      circle.members.map { read.sequences[$0.sequence][step: $0.edge.held].lockClass })
    let isOnOneThing = circle.members.allSatisfy {
      read.sequences[$0.sequence].isOnOneThing($0.edge)
    }
    let isOfOneTable =
      Set(locks.map { $0.target.relation.map(workload.catalog.lockClass) }).count == 1
    if locks.allSatisfy(\.target.isAdvisory) {
      self = isOnOneThing ? .upgrade : .advisory
    } else if members.contains(where: \.runsOnce) {
      self = isOfOneTable ? .upgrade : .migration
    } else if locks.contains(where: { $0.form == .referential }) {
      self = .foreignKeys
    } else if classes.count > 1 {
      self = .inversion
    } else if isOnOneThing {
      self = .upgrade
    } else {
      self = .rowWrites
    }
  }
}

extension LockTarget {
  fileprivate var isAdvisory: Bool {
    if case .advisory = self { true } else { false }
  }
}
