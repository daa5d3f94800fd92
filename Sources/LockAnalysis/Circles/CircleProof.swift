import LockModel

/// Whether a circle of waits can come about.
struct CircleProof {
  private let sequences: [LockSequence]
  private let terms: SequenceTerms
  /// Locks of each two transactions that can keep one of them from the other.
  private var rivals: [Pair: [Rivals]] = [:]
  /// Places of all transactions together that are gone through where something is given back.
  private static let stateLimit = 20_000

  init(_ sequences: [LockSequence], _ terms: SequenceTerms) {
    self.sequences = sequences
    self.terms = terms
  }

  /// Whether the transactions can come to where each waits for what the next one holds.
  ///
  /// They can if the values that they speak of can be so that they meet, and nothing that two of them
  /// hold by then conflicts: what is held only grows until the end, so that they may as well come
  /// there one after the other. Where something was given back on the way, or a lock is waited for in
  /// one order only, that does not follow, and all ways are tried.
  mutating func holds(_ circle: LockCircle) -> Bool {
    let members = circle.members
    guard !movesBack(members), !comesByParent(members),
      let values = equalities(members, isClosed: true)
    else {
      return false
    }
    switch coexistence(of: members, values) {
    case .never: return false
    case .inSomeOrder: return isReachable(members, values)
    case .always:
      let givesBack = members.contains {
        sequences[$0.sequence].givesBack(before: $0.edge.request)
      }
      return !givesBack || isReachable(members, values)
    }
  }

  /// Whether some circle may begin with members, each of which waits for what the next one holds.
  mutating func canBegin(_ members: [LockCircle.Member]) -> Bool {
    guard let values = equalities(members, isClosed: false) else { return false }
    return coexistence(of: members, values) != .never
  }

  /// Whether transactions can hold what they hold at the same time.
  private enum Coexistence {
    case always
    /// Some locks are waited for in one order only.
    case inSomeOrder
    case never
  }

  private mutating func coexistence(
    of members: [LockCircle.Member], _ values: TermEquality
  ) -> Coexistence {
    guard kindsCanMeet(members) else { return .never }
    var result = Coexistence.always
    for (index, member) in members.enumerated() {
      for (other, rival) in members.enumerated().dropFirst(index + 1) {
        let (own, others) = (sequences[member.sequence], sequences[rival.sequence])
        for pair in rivals(of: member.sequence, rival.sequence)
        where own.isCertain(pair.left, at: member.edge)
          && others.isCertain(pair.right, at: rival.edge)
          && values.areSame(own[step: pair.left], index, others[step: pair.right], other)
        {
          if pair.excludes { return .never }
          result = .inSomeOrder
        }
      }
    }
    return result
  }

  private struct Pair: Hashable {
    let left: Int
    let right: Int
  }

  /// Steps of two transactions that take conflicting locks of one class.
  private struct Rivals {
    let left: Int
    let right: Int
    /// Whether the transactions can't have both, in whatever order they come.
    let excludes: Bool
  }

  private mutating func rivals(of left: Int, _ right: Int) -> [Rivals] {
    let pair = Pair(left: left, right: right)
    if let known = rivals[pair] { return known }
    let (own, others) = (sequences[left], sequences[right])
    var result: [Rivals] = []
    for (lockClass, steps) in own.byClass {
      guard let candidates = others.byClass[lockClass] else { continue }
      for step in steps {
        let lock = own[step: step]
        for candidate in candidates {
          let rival = others[step: candidate]
          guard lock.conflicts(with: rival) else { continue }
          result.append(Rivals(left: step, right: candidate, excludes: lock.excludes(rival)))
        }
      }
    }
    rivals[pair] = result
    return result
  }

  /// At most one migration runs, and what has no copies stands once.
  private func kindsCanMeet(_ members: [LockCircle.Member]) -> Bool {
    var seen: Set<Int> = []
    var migrations = 0
    for member in members {
      let isNew = seen.insert(member.sequence).inserted
      switch sequences[member.sequence].kind {
      case .repeated: break
      case .single: if !isNew { return false }
      case .migration: migrations += 1
      }
    }
    return migrations < 2
  }

  /// Whether one comes from a parent's row to a child of it, and another, which holds the child, gives
  /// it that very parent: the child had the parent before, so that nothing is checked.
  private func movesBack(_ members: [LockCircle.Member]) -> Bool {
    guard members.count == 2 else { return false }
    let pairs = members.map { member in
      let sequence = sequences[member.sequence]
      return (held: sequence[step: member.edge.held], request: sequence[step: member.edge.request])
    }
    return [(pairs[0], pairs[1]), (pairs[1], pairs[0])].contains { descent, change in
      // Checks of foreign keys keep nobody out who does the same.
      guard let key = change.request.foreignKey, !change.request.excludes(change.request),
        change.held.isSingle, change.request.statement == change.held.statement
      else { return false }
      if descent.request.foreignKey == key { return true }
      return !key.child.isEmpty
        && zip(key.child, key.parent).allSatisfy { child, parent in
          let term = descent.request.term(of: child)
          return term != nil && term == descent.held.term(of: parent)
        }
    }
  }

  /// Whether one comes to children by a cascade, and another has locked a row of the same parent
  /// before, which is taken to be theirs.
  private mutating func comesByParent(_ members: [LockCircle.Member]) -> Bool {
    for (index, member) in members.enumerated() {
      let sequence = sequences[member.sequence]
      let isCascade = [member.edge.held, member.edge.request].contains { step in
        sequence[step: step].isOfCascade
      }
      guard isCascade else { continue }
      for (other, rival) in members.enumerated() where other != index {
        let isOfParent = rivals(of: member.sequence, rival.sequence).contains { pair in
          let root = sequence[step: pair.left]
          return pair.excludes && root.foreignKey == nil && root.isOfRows && root.excludes(root)
            && sequences[rival.sequence][step: pair.right].isOfRows
            && sequence.isCertain(pair.left, at: member.edge)
            && sequences[rival.sequence].isCertain(pair.right, at: rival.edge)
        }
        if isOfParent { return true }
      }
    }
    return false
  }

  /// Whether two come to rows of one child by the same foreign key: each holds the parent's row, which
  /// would be the same.
  private func shareParent(_ request: LockRequest, _ held: LockRequest) -> Bool {
    request.foreignKey != nil && request.foreignKey == held.foreignKey
      && request.excludes(request) && held.excludes(held)
  }

  /// What has to be equal for each to wait for what the next one holds; nil where it can't be.
  private mutating func equalities(_ members: [LockCircle.Member], isClosed: Bool) -> TermEquality?
  {
    var values = TermEquality(terms)
    for (index, member) in members.enumerated() where isClosed || index + 1 < members.count {
      let next = (index + 1) % members.count
      let request = sequences[member.sequence][step: member.edge.request]
      let other = sequences[members[next].sequence]
      let held = other[step: members[next].edge.held]
        .inside(other[step: members[next].edge.request], terms)
      if shareParent(request, held) { return nil }
      values.meet(request, index, held, next)
      // What it holds of the same thing keeps the other from it.
      let own = sequences[member.sequence].certain(held.lockClass, at: member.edge)
      if own.contains(where: {
        $0.excludes(held) && values.areSame($0, index, request, index)
      }) {
        return nil
      }
    }
    values.order(members.map { sequences[$0.sequence].ascending })
    return values.isContradictory ? nil : values
  }

  // MARK: Ways

  /// How far each transaction has come, and what it holds.
  private struct State: Hashable {
    var positions: [Int]
    var held: [HeldSteps]
  }

  /// Goes through all orders in which the transactions can take their steps, each on a run that
  /// comes to its wait and takes no more than it has to.
  private func isReachable(_ members: [LockCircle.Member], _ values: TermEquality) -> Bool {
    let start = State(
      positions: members.map { _ in 0 }, held: members.map { _ in HeldSteps() })
    var seen: Set<State> = [start]
    var open = [start]
    while let state = open.popLast() {
      let goes = members.indices.filter { state.positions[$0] < members[$0].edge.request }
      if goes.isEmpty { return true }
      guard seen.count < Self.stateLimit else { return false }
      for index in goes {
        guard let next = step(index, of: members, from: state, values) else { continue }
        if seen.insert(next).inserted { open.append(next) }
      }
    }
    return false
  }

  /// The state after a step of one transaction; nil where it has to wait.
  private func step(
    _ index: Int, of members: [LockCircle.Member], from state: State, _ values: TermEquality
  ) -> State? {
    let sequence = sequences[members[index].sequence]
    let edge = members[index].edge
    let position = state.positions[index]
    var next = state
    next.positions[index] += 1
    guard case .acquire(let lock) = sequence.steps[position] else {
      next.held[index].follow(sequence.steps[position], at: position)
      return next
    }
    let isNeeded =
      position == edge.held
      || (lock.waits != .skips
        && lock.isCertain(given: sequence[step: edge.held], sequence[step: edge.request]))
    guard isNeeded else { return next }
    let isFree = members.indices.allSatisfy { other in
      other == index
        || state.held[other].all.allSatisfy { step in
          let held = sequences[members[other].sequence][step: step]
          return !(lock.waits(for: held) && values.areSame(lock, index, held, other))
        }
    }
    guard isFree else { return nil }
    next.held[index].follow(sequence.steps[position], at: position)
    return next
  }
}
