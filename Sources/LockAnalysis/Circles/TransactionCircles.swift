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
    // What goes by a cascade is less likely.
    for circle in all.filter({ !$0.followsCascade }) + all.filter(\.followsCascade) {
      let places = Self.places(of: circle)
      if let place = places.lazy.compactMap({ known[$0] }).first {
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

  private static func places(of circle: TransactionCircle) -> [Place] {
    let statement = Place.statement(circle.members[0].request.statement, circle.kind)
    switch circle.kind {
    case .inversion, .foreignKeys:
      return [statement, .transactions(Set(circle.members.map(\.sequence)), circle.kind)]
    case .upgrade, .rowWrites, .migration, .advisory: return [statement]
    }
  }
}
