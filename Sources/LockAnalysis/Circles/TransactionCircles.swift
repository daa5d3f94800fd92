/// What was found among the transactions of a workload.
package struct TransactionCircles: Sendable {
  /// In the order of what is reported of each; of those of one kind that a statement would be reported
  /// for one, which stands for the others.
  package let circles: [TransactionCircle]
  /// What was not looked at.
  package let notes: [RoutineNote]

  private struct Place: Hashable {
    let statement: Int
    let kind: TransactionCircle.Kind
  }

  /// Looks for the circles of a workload.
  package init(_ workload: Workload) { self.init(workload, WorkloadSequences(workload)) }

  /// Looks for the circles of a workload that has been read already.
  package init(_ workload: Workload, _ read: WorkloadSequences) {
    var search = CircleSearch(read.sequences, read.terms)
    let (found, isComplete) = search.circles()
    let all = found.compactMap { TransactionCircle($0, read, workload) }
    var places: [Place: Int] = [:]
    var circles: [TransactionCircle] = []
    // What goes by a cascade is less likely.
    for circle in all.filter({ !$0.followsCascade }) + all.filter(\.followsCascade) {
      let place = Place(statement: circle.members[0].request.statement, kind: circle.kind)
      if let known = places[place] {
        circles[known].others += circle.others + 1
      } else {
        places[place] = circles.count
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
}
