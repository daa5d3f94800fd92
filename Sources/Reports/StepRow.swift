import Diagnostics

/// The steps of all sessions that happen at one moment.
struct StepRow {
  let moment: Int
  var cells: [Cell]

  /// A step and the index of the flow that it belongs to.
  struct Cell {
    let flow: Int
    let step: Finding.Step
  }

  /// The steps of all flows in their common order; one session takes at most one step per row.
  static func rows(of flows: [Finding.Flow]) -> [StepRow] {
    let cells = flows.enumerated().flatMap { index, flow in
      flow.steps.map { Cell(flow: index, step: $0) }
    }
    // Sorting is stable: at one moment, sessions stay in the order given.
    return cells.sorted { $0.step.moment < $1.step.moment }.reduce(into: []) { rows, cell in
      if let last = rows.last, last.moment == cell.step.moment,
        !last.cells.contains(where: { $0.flow == cell.flow })
      {
        rows[rows.count - 1].cells.append(cell)
      } else {
        rows.append(StepRow(moment: cell.step.moment, cells: [cell]))
      }
    }
  }
}
