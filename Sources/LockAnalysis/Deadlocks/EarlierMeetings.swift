import LockModel

/// Where copies of a transaction meet before they come to some rows.
///
/// Two copies that lock the same rows by a value that a caller gives have the same value, or a common
/// element of a list. If each has locked other rows by that value alone before, one of them waits
/// there, as far as there are any.
struct EarlierMeetings {
  private let workload: Workload

  /// So many earlier locks are looked at.
  private static let limit = 256

  init(_ workload: Workload) { self.workload = workload }

  /// The first lock that every copy has taken before which comes to a request, on rows that depend on
  /// the values of the request alone.
  func earlier(than request: AcquisitionID, _ held: HeldSet) -> AcquisitionID? {
    let lock = workload[request]
    guard let rows = lock.rows else { return nil }
    let values = Values(rows)
    return held.all.prefix(Self.limit).first { id in
      id.statement < request.statement && workload[id].certainlyPrecedes(lock)
        && isMeeting(workload[id], values)
    }
  }

  private func isMeeting(_ lock: Acquisition, _ values: Values) -> Bool {
    guard case .row(let mode) = lock.mode, mode.isExclusive, lock.waits == .blocks,
      !lock.isJoined, lock.loop == nil, let rows = lock.rows,
      rows.areAllOfTheirValues, rows.exceptions == 0
    else { return false }
    let own = Values(rows)
    if own.isEmpty { return rows.pinned.isEmpty || rows.count == .one }
    return own.areAmong(values)
  }

  /// What a caller gives to find rows by.
  private struct Values {
    private let single: Set<Term>
    private let lists: Set<Term>

    init(_ rows: RowSet) {
      single = Set(rows.pinned.values.filter { $0.literal == nil })
      lists = Set(rows.listed.values)
    }

    var isEmpty: Bool { single.isEmpty && lists.isEmpty }

    func areAmong(_ other: Values) -> Bool {
      single.isSubset(of: other.single) && lists.isSubset(of: other.lists)
        && single.union(lists).allSatisfy(\.isOneValue)
    }
  }
}
