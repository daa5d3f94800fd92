import LockAnalysis
import LockModel

extension RandomWorkload: CustomStringConvertible {
  /// One line for each transaction.
  var description: String {
    sequences.map { sequence in
      "\n  \(sequence.kind): " + sequence.steps.map(describe).joined(separator: "; ")
        + sequence.ascending.map { ", \($0.0) ≤ \($0.1)" }.joined()
    }.joined()
  }

  private func describe(_ step: LockSequence.Step) -> String {
    guard case .acquire(let lock) = step else { return "\(step)" }
    let pins = lock.pins.map { literals[$0.term].map(String.init) ?? "$\($0.term)" }
    let branches = lock.branches.map { " if \($0.decision) is \($0.arms.sorted())" }
    return "\(lock.lockClass)(\(pins.joined())) \(lock.mode.spelling) "
      + (lock.form.map { "\($0) " } ?? "") + (lock.waits == .blocks ? "" : "\(lock.waits)")
      + branches.joined()
  }
}
