import LockAnalysis
import LockModel

/// Runs transactions step by step in every order.
///
/// It knows what a lock excludes and nothing of circles: each transaction has locks that it takes,
/// passes over or fails at, gives back or waits for.
struct LockInterpreter {
  private let sequences: [LockSequence]
  private let instances: [Int]
  /// For each transaction, each of its steps and each other transaction: the steps whose locks are
  /// waited for.
  private var blockers: [[[UInt16]]] = []
  /// For each transaction and each ROLLBACK TO the steps before its savepoint.
  private var kept: [[Int: UInt16]] = []
  private let isTaken: [[Bool]]

  /// A run of `instances`, each with the values of its terms and the arms that its decisions take.
  init(
    _ sequences: [LockSequence], _ instances: [Int], values: [[Int: Int]], arms: [[Int: Int]]
  ) {
    self.sequences = sequences
    self.instances = instances
    let steps = instances.map { sequences[$0].steps }
    func thing(_ lock: LockRequest, _ instance: Int) -> [Int] {
      [lock.lockClass] + (lock.identities.first ?? []).map { values[instance][$0.term] ?? -1 }
    }
    for (index, own) in steps.enumerated() {
      blockers.append(
        own.map { step in
          steps.enumerated().map { other, rivals in
            guard other != index, case .acquire(let lock) = step else { return 0 }
            var mask: UInt16 = 0
            for (place, rival) in rivals.enumerated() {
              guard case .acquire(let held) = rival, lock.waits(for: held),
                thing(lock, index) == thing(held, other)
              else { continue }
              mask |= 1 << UInt16(place)
            }
            return mask
          }
        })
      kept.append(Self.kept(own))
    }
    isTaken = steps.enumerated().map { index, own in
      own.map { step in
        guard case .acquire(let lock) = step else { return false }
        return lock.branches.allSatisfy { branch in
          branch.arms.contains(arms[index][branch.decision] ?? -1)
        }
      }
    }
  }

  /// Which locks are left by each ROLLBACK TO and COMMIT, by its step.
  private static func kept(_ steps: [LockSequence.Step]) -> [Int: UInt16] {
    var result: [Int: UInt16] = [:]
    var savepoints: [(name: String, step: Int)] = []
    for (index, step) in steps.enumerated() {
      switch step {
      case .acquire: break
      case .savepoint(let name): savepoints.append((name, index))
      case .release(let name):
        if let place = savepoints.lastIndex(where: { $0.name == name }) {
          savepoints.removeSubrange(place...)
        }
      case .rollBack(let name):
        if let place = savepoints.lastIndex(where: { $0.name == name }) {
          savepoints.removeSubrange((place + 1)...)
          result[index] = (1 << UInt16(savepoints[place].step)) - 1
        }
      case .commit:
        savepoints = []
        result[index] = 0
      }
    }
    return result
  }

  /// Where all transactions are: 6 bits for the step, 10 for the steps whose locks are held.
  private typealias State = UInt64

  private func position(_ state: State, _ index: Int) -> Int {
    Int((state >> UInt64(index * 16 + 10)) & 0x3F)
  }

  private func held(_ state: State, _ index: Int) -> UInt16 {
    UInt16((state >> UInt64(index * 16)) & 0x3FF)
  }

  private func with(_ state: State, _ index: Int, _ position: Int, _ held: UInt16) -> State {
    let shift = UInt64(index * 16)
    return (state & ~(0xFFFF << shift)) | (UInt64(position) << 10 | UInt64(held)) << shift
  }

  /// Whether some order of the steps comes to where `isGoal` says, of the transactions that each
  /// transaction waits for.
  private func reaches(_ isGoal: (State, [Set<Int>]) -> Bool) -> Bool {
    var seen: Set<State> = [0]
    var open: [State] = [0]
    while let state = open.popLast() {
      var waits = [Set<Int>](repeating: [], count: instances.count)
      for index in instances.indices {
        for next in steps(index, from: state, &waits[index]) where seen.insert(next).inserted {
          open.append(next)
        }
      }
      if isGoal(state, waits) { return true }
    }
    return false
  }

  /// The states after the next step of a transaction; none where it has ended or waits.
  private func steps(_ index: Int, from state: State, _ waits: inout Set<Int>) -> [State] {
    let all = sequences[instances[index]].steps
    let place = position(state, index)
    let own = held(state, index)
    guard place < all.count else { return [] }
    func go(_ held: UInt16) -> State {
      // The end gives everything back.
      with(state, index, place + 1, place + 1 == all.count ? 0 : held)
    }
    guard case .acquire(let lock) = all[place] else {
      return [go(own & (kept[index][place] ?? .max))]
    }
    guard isTaken[index][place] else { return [go(own)] }
    let holders = instances.indices.filter {
      blockers[index][place][$0] & held(state, $0) != 0
    }
    let taken = own | 1 << UInt16(place)
    switch (lock.waits, holders.isEmpty) {
    case (.blocks, true), (.fails, true): return [go(taken)]
    // Others who are not here may hold it.
    case (.skips, true): return [go(taken), go(own)]
    case (.skips, false): return [go(own)]
    case (.fails, false): return [with(state, index, all.count, 0)]
    case (.blocks, false):
      waits = Set(holders)
      return []
    }
  }

  /// Whether transactions can come to wait for each other in a circle.
  var canDeadlock: Bool {
    reaches { _, waits in
      waits.indices.contains { start in
        var seen: Set<Int> = []
        var open = Array(waits[start])
        while let next = open.popLast() {
          if next == start { return true }
          if seen.insert(next).inserted { open += waits[next] }
        }
        return false
      }
    }
  }

  /// Whether the transactions can come to where each waits at its step for the next one, which holds
  /// the lock of its step.
  func canReach(_ edges: [LockSequence.Edge]) -> Bool {
    reaches { state, waits in
      edges.indices.allSatisfy { index in
        position(state, index) == edges[index].request
          && held(state, index) & 1 << UInt16(edges[index].held) != 0
          && waits[index].contains((index + 1) % edges.count)
      }
    }
  }
}
