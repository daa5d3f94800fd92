import LockModel

/// What was found among the transactions of a workload.
package struct TransactionCircles: Sendable {
  /// In the order of what is reported of each; of those of one kind that a statement would be reported
  /// for, or that the same transactions are in over several tables, one stands for the others.
  package let circles: [TransactionCircle]
  /// What was not looked at.
  package let notes: [RoutineNote]

  private enum Place: Hashable {
    case statement(Int, TransactionCircle.Kind)
    case transactions(Set<Int>, TransactionCircle.Kind)
    /// Copies of a routine.
    case routine(String, TransactionCircle.Kind)
  }

  /// Looks for the circles of a workload.
  package init(_ workload: Workload) { self.init(workload, WorkloadSequences(workload)) }

  /// Looks for the circles of a workload that has been read already.
  package init(_ workload: Workload, _ read: WorkloadSequences) {
    var search = CircleSearch(read.sequences, read.terms)
    let (found, isComplete) = search.circles()
    let all = found.compactMap { TransactionCircle($0, read, workload) }
    var known: [Place: Int] = [:]
    var circles: [TransactionCircle] = []
    // What goes by a cascade is less likely, and what a call does is told where the routine does it.
    let ranks = all.map { circle in
      (circle.followsCascade ? 2 : 0) + (Self.calls(of: circle, workload).isEmpty ? 0 : 1)
    }
    for circle in (0..<4).flatMap({ rank in zip(all, ranks).filter { $0.1 == rank }.map(\.0) }) {
      let places = Self.places(of: circle, workload)
      let calls = Self.calls(of: circle, workload).map { Place.routine($0, circle.kind) }
      if let place = (places + calls).lazy.compactMap({ known[$0] }).first {
        circles[place].others += circle.others + 1
      } else {
        for place in places { known[place] = circles.count }
        circles.append(circle)
      }
    }
    self.circles = circles.sorted { $0.members[0].request < $1.members[0].request }
    var notes = read.tooLong.map { index in
      RoutineNote(
        text: "this transaction takes too many locks to be compared with others",
        range: workload.statements[index].range)
    }
    if !isComplete, let last = circles.last {
      notes.append(
        RoutineNote(
          text:
            "so many transactions take their locks in different orders that not all were compared",
          range: workload.statements[last.members[0].request.statement].range))
    }
    self.notes = notes
  }

  private static func places(of circle: TransactionCircle, _ workload: Workload) -> [Place] {
    let statement = Place.statement(circle.members[0].request.statement, circle.kind)
    switch circle.kind {
    case .inversion, .foreignKeys:
      return [statement, .transactions(Set(circle.members.map(\.sequence)), circle.kind)]
    case .upgrade, .rowWrites, .migration, .advisory:
      let sequences = Set(circle.members.map(\.sequence))
      let routine = workload.statements[circle.members[0].request.statement].routine
      guard sequences.count == 1, let routine else { return [statement] }
      return [statement, .routine(routine, circle.kind)]
    }
  }

  /// The routines that do all of it: each member comes to both of its locks by one call of one of them.
  private static func calls(of circle: TransactionCircle, _ workload: Workload) -> [String] {
    let perMember = circle.members.map { member -> [String] in
      guard member.held.statement == member.request.statement else { return [] }
      let (held, request) = (workload[member.held].reason, workload[member.request].reason)
      return held.compactMap { reason in
        guard case .function(let name) = reason, request.contains(reason) else { return nil }
        return name
      }
    }
    return perMember.dropFirst().reduce(perMember[0]) { known, next in
      known.filter(next.contains)
    }
  }
}
