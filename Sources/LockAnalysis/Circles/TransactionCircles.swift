/// What was found among the transactions of a workload.
package struct TransactionCircles: Sendable {
  /// In the order of what is reported of each; of those that a statement would be reported for the
  /// first one, which stands for the others.
  package let circles: [TransactionCircle]
  /// What was not looked at.
  package let notes: [RoutineNote]

  /// Looks for the circles of a workload.
  package init(_ workload: Workload) {
    let read = WorkloadSequences(workload)
    var search = CircleSearch(read.sequences, read.terms)
    let (found, isComplete) = search.circles()
    var places: [Int: Int] = [:]
    var circles: [TransactionCircle] = []
    for circle in found.compactMap({ TransactionCircle($0, read, workload) }) {
      let statement = circle.members[0].request.statement
      if let place = places[statement] {
        circles[place].others += 1
      } else {
        places[statement] = circles.count
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
