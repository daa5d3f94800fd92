import LockAnalysis
import LockModel

/// Tries a random workload out: with all sets of some transactions, all values of parameters, all ways
/// through decisions.
struct BruteForce {
  let workload: RandomWorkload

  /// Whether any of them can deadlock.
  var canDeadlock: Bool {
    // Few find most of what can be found.
    let sets = sets(of: 2) + (workload.longest > 2 ? sets(of: workload.longest) : [])
    return sets.contains { instances in runs(of: instances).contains { $0.canDeadlock } }
  }

  /// Whether the members of a circle can come to it.
  func canReach(_ circle: LockCircle) -> Bool {
    runs(of: circle.members.map(\.sequence)).contains { $0.canReach(circle.members.map(\.edge)) }
  }

  /// All sets of transactions that can run at the same time: of `size`, or as large as can be.
  private func sets(of size: Int) -> [[Int]] {
    var result: [[Int]] = [[]]
    for (index, sequence) in workload.sequences.enumerated() {
      let most = sequence.kind == .repeated ? size : 1
      result = result.flatMap { set in
        let hasMigration = set.contains { workload.sequences[$0].kind == .migration }
        return (0...(sequence.kind == .migration && hasMigration ? 0 : most)).compactMap { count in
          set.count + count <= size ? set + Array(repeating: index, count: count) : nil
        }
      }
    }
    let largest = result.map(\.count).max() ?? 0
    return result.filter { $0.count == largest || isLargest($0, size) }
  }

  /// Whether no transaction can be added to a set.
  private func isLargest(_ set: [Int], _ size: Int) -> Bool {
    guard set.count < size else { return true }
    let hasMigration = set.contains { workload.sequences[$0].kind == .migration }
    return workload.sequences.indices.allSatisfy { index in
      switch workload.sequences[index].kind {
      case .repeated: false
      case .single: set.contains(index)
      case .migration: hasMigration
      }
    }
  }

  private func runs(of instances: [Int]) -> some Sequence<LockInterpreter> {
    let values = combinations(instances.map(values(of:)))
    let arms = combinations(instances.map(arms(of:)))
    return values.lazy.flatMap { values in
      arms.lazy.map { arms in
        LockInterpreter(workload.sequences, instances, values: values, arms: arms)
      }
    }
  }

  private func combinations(_ choices: [[[Int: Int]]]) -> [[[Int: Int]]] {
    choices.reduce([[]]) { result, choices in
      result.flatMap { chosen in choices.map { chosen + [$0] } }
    }
  }

  /// All values of the parameters of a transaction, beside those of literals.
  private func values(of index: Int) -> [[Int: Int]] {
    let sequence = workload.sequences[index]
    return workload.parameters[index].reduce([workload.literals]) { result, parameter in
      result.flatMap { known in
        RandomWorkload.values.map { known.merging([parameter: $0]) { $1 } }
      }
    }.filter { known in
      sequence.ascending.allSatisfy { (known[$0.0] ?? 0) <= (known[$0.1] ?? 0) }
    }
  }

  /// All ways through the decisions of a transaction; arm 2 locks nothing.
  private func arms(of index: Int) -> [[Int: Int]] {
    var decisions: Set<Int> = []
    for case .acquire(let lock) in workload.sequences[index].steps {
      decisions.formUnion(lock.branches.map(\.decision))
    }
    return decisions.sorted().reduce([[:]]) { result, decision in
      result.flatMap { known in (0...2).map { known.merging([decision: $0]) { $1 } } }
    }
  }
}
