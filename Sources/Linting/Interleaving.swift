import Diagnostics
import LockAnalysis
import LockModel

/// Two sessions, step by step, from the first lock of rows, keys or advisory locks to the deadlock.
struct Interleaving {
  private let found: RowOrderFinding

  init(_ found: RowOrderFinding) { self.found = found }

  var flows: [Finding.Flow] {
    let own = found.statement
    let other = found.partner ?? own
    let isSame = found.partner == nil
    let otherRange =
      isSame ? found.acquisition.range : found.partnerAcquisition?.range ?? other.range
    let reason = ReasonChain.shown(found.acquisition.reason.texts)
    let otherReason = isSame ? reason : (found.partnerAcquisition?.reason ?? []).texts
    let titles =
      own.title == other.title
      ? ["\(own.title) (1)", "\(own.title) (2)"] : [own.title, other.title]
    return [
      Finding.Flow(
        title: titles[0],
        steps: [
          step(found.acquisition.range, .locks, "\(takes) \(thing("A"))", at: 1, reason),
          step(found.acquisition.range, .waits, "waits for \(thing("B"))", at: 3, reason),
        ]),
      Finding.Flow(
        title: titles[1],
        steps: [
          step(otherRange, .locks, "\(takes) \(thing("B"))", at: 2, otherReason),
          step(otherRange, .waits, "waits for \(thing("A"))", at: 4, otherReason),
        ]),
    ]
  }

  private var takes: String {
    if case .uniqueKey = found.acquisition.target { "inserts" } else { "locks" }
  }

  private func thing(_ name: String) -> String {
    switch found.acquisition.target {
    case .uniqueKey(let table): "key \(name) of \(table.short)"
    case .rows(let table), .table(let table): "row \(name) of \(table.short)"
    case .advisory: "key \(name)"
    }
  }

  private func step(
    _ range: SourceRange, _ action: Finding.Step.Action, _ text: String, at moment: Int,
    _ reason: [String]
  ) -> Finding.Step {
    Finding.Step(
      range: range, action: action, target: found.acquisition.target.nameInReports, text: text,
      moment: moment, reason: reason,
      deadlocks: moment == 4)
  }
}
