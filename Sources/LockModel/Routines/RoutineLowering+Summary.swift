import Diagnostics
import PostgresSyntax

extension RoutineLowering {
  /// What every call of the routine has in common.
  var summary: RoutineSummary {
    var result = RoutineSummary()
    result.acquisitions = steps.flatMap(\.locks.acquisitions).map(shared)
    result.deferred = steps.flatMap(\.locks.deferred).map(shared)
    result.notes = (notes.map(\.text) + steps.flatMap { $0.locks.notes.map(\.text) }).map {
      LockNote("in \(name)(): \($0)", isDetail: true)
    }
    result.unlocks = steps.contains { $0.locks.unlocks }
    for step in steps {
      for (table, columns) in step.locks.written {
        result.written[table, default: WrittenColumns()].formUnion(columns)
      }
    }
    return result.limited("\(name)()")
  }

  /// A lock as every call takes it, without its place.
  func shared(_ lock: Acquisition) -> Acquisition {
    var lock = lock
    // Copies of what one index orders are a hazard where a caller repeats them only.
    lock.isOwn =
      !lock.locksSeveralRows && lock.rows?.count != .many || catalog.isInIndexOrder(lock)
    lock.alias = nil
    if !certain.isEmpty {
      lock.branches.removeAll { branch in
        certain.contains {
          $0.decision == branch.decision && $0.arms.isSubset(of: branch.arms)
        }
      }
    }
    lock.range = SourceRange(file: file.source, bytes: 0..<0)
    return lock
  }
}
