import LockAnalysis
import LockModel
import SeededRandom

/// A few transactions over a few tables, rows and advisory keys.
struct RandomWorkload {
  private(set) var sequences: [LockSequence] = []
  private(set) var terms = SequenceTerms()
  /// The values of literals, by term.
  private(set) var literals: [Int: Int] = [:]
  /// The parameters of each transaction.
  private(set) var parameters: [[Int]] = []

  /// So many transactions run at the same time.
  let longest: Int

  /// What parameters can be: more than there are literals, since they can be anything.
  static let values = 0...4

  private enum Class: Int, CaseIterable {
    case table, otherTable, rows, otherRows, advisory
  }

  private struct Shape {
    let hasParameters: Bool
    /// The parameters come in an order, and there are no literals.
    let isOrdered: Bool
    let hasDecisions: Bool
    let hasSavepoints: Bool
    let hasPolicies: Bool
    let steps: ClosedRange<Int>
    let classes: [Class]
  }

  init(_ random: inout GeneratorRandom) {
    let count = random.pick(weighted: [(50, 2), (30, 3), (20, 4)])
    let hasParameters = random.chance(15)
    let shape = Shape(
      hasParameters: hasParameters, isOrdered: hasParameters && random.chance(30),
      hasDecisions: random.chance(15),
      hasSavepoints: random.chance(25), hasPolicies: random.chance(30),
      steps: 2...(count == 2 ? 6 : 4),
      classes: random.some(of: Class.allCases, atMost: 3))
    // Few values make that transactions meet.
    for value in 0...(hasParameters ? 1 : 2) { literals[terms.add(isLiteral: true)] = value }
    // What has many cases is tried with few transactions.
    longest =
      switch (shape.hasParameters, shape.hasDecisions) {
      case (true, _): 2
      case (false, true): random.chance(4) ? 3 : 2
      case (false, false): random.chance(count == 4 ? 40 : 5) ? 4 : 3
      }
    for _ in 0..<count { add(shape, count, &random) }
  }

  private mutating func add(_ shape: Shape, _ count: Int, _ random: inout GeneratorRandom) {
    var own: [Int] = []
    if shape.hasParameters {
      for _ in 0..<(shape.isOrdered || random.chance(40) ? 2 : 1) {
        own.append(terms.add(isLiteral: false))
      }
    }
    parameters.append(own)
    var steps: [LockSequence.Step] = []
    var names: [String] = []
    for _ in 0..<random.number(shape.steps) {
      if shape.hasSavepoints, random.chance(30) {
        steps.append(control(&names, &random))
      } else {
        steps.append(.acquire(lock(shape, own, &random)))
      }
    }
    let kind: LockSequence.Kind = random.pick(
      weighted: [(count > 3 ? 0 : 30, .repeated), (60, .single), (10, .migration)])
    sequences.append(
      LockSequence(
        steps: steps, kind: kind, ascending: shape.isOrdered ? [(own[0], own[1])] : []))
  }

  private func control(
    _ names: inout [String], _ random: inout GeneratorRandom
  ) -> LockSequence.Step {
    if random.chance(10) {
      names = []
      return .commit
    }
    guard !names.isEmpty, random.chance(60) else {
      let name = random.pick(["s", "t"])
      names.append(name)
      return .savepoint(name)
    }
    let name = random.pick(names)
    return random.chance(80) ? .rollBack(name) : .release(name)
  }

  private func lock(
    _ shape: Shape, _ own: [Int], _ random: inout GeneratorRandom
  ) -> LockRequest {
    let lockClass = random.pick(shape.classes)
    let waits: WaitPolicy =
      shape.hasPolicies
      ? random.pick(weighted: [(60, .blocks), (25, .skips), (15, .fails)]) : .blocks
    let branches =
      shape.hasDecisions && random.chance(50)
      ? [Branch(decision: random.number(1...2), arms: [random.number(0...1)])] : []
    func request(
      _ mode: LockMode, _ form: RowLockForm? = nil, _ pins: [LockRequest.Pin] = []
    ) -> LockRequest {
      LockRequest(
        lockClass: lockClass.rawValue, mode: mode, form: form, waits: waits, pins: pins,
        identities: [pins], branches: branches)
    }
    switch lockClass {
    case .table, .otherTable:
      return request(
        .table(
          random.pick([
            .accessShare, .rowExclusive, .share, .shareUpdateExclusive, .accessExclusive,
          ])))
    case .rows:
      return request(
        .row(random.pick(RowLockMode.allCases)), .plainWrite, [pin(shape, own, &random)])
    case .otherRows:
      let pins = [pin(shape, own, &random)]
      if random.chance(25) { return request(.uniqueEntry, .insert, pins) }
      if random.chance(25) { return request(.uniqueEntry, .upsert, pins) }
      let form: RowLockForm = random.pick([.lockingSelect(isSorted: true), .plainWrite, .upsert])
      return request(.row(random.pick([.forNoKeyUpdate, .forUpdate, .forShare])), form, pins)
    case .advisory:
      return request(.advisory(isExclusive: random.chance(60)), nil, [pin(shape, own, &random)])
    }
  }

  private func pin(
    _ shape: Shape, _ own: [Int], _ random: inout GeneratorRandom
  ) -> LockRequest.Pin {
    let term =
      shape.isOrdered || (shape.hasParameters && random.chance(60))
      ? random.pick(own) : random.number(0...(literals.count - 1))
    return LockRequest.Pin(column: 0, term: term)
  }
}
