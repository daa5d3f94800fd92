import Algorithms

/// Finds the circles of waits among transactions.
package struct CircleSearch {
  private let groups: [EdgeGroup]
  /// Groups of the application that come round among themselves, and all of them, which may come round
  /// by a migration.
  private let ownCircles: Candidates
  private let application: Candidates
  private var proof: CircleProof
  /// Those over one class, of transactions with copies of themselves.
  private let copies: OwnCircles
  /// Longer circles are not looked for.
  private let longest: Int
  private var found: [Result] = []
  /// Where circles of these classes stand in `found`.
  private var places: [Scope: Int] = [:]
  /// These by the least of their classes.
  private var known: [Int: [Scope]] = [:]
  /// How often circles of these classes and this length were looked for.
  private var attempts: [Attempt: Int] = [:]
  private var steps = 0
  private var stepLimit = 0

  /// A migration runs once: a circle of it and so many others comes about hardly ever.
  private static let longestWithMigration = 3
  /// Of the edges of a group so many are tried with those of another.
  private static let triesPerGroup = 16
  /// So many beginnings of circles are tried for one sequence of groups.
  private static let triesPerPath = 300
  /// So many sequences of groups of the same classes are tried for a circle, and so many for others
  /// like one that was found.
  private static let pathsPerClasses = 300
  private static let pathsForOthers = 20
  /// So many groups are put behind one another before the search ends: without migrations, and once
  /// more with one, which matters less.
  private static let stepLimits = (application: 150_000, migration: 30_000)
  /// Trying a beginning counts as so many.
  private static let stepsPerTry = 10

  /// A circle, which stands for others.
  package struct Result: Sendable {
    package let circle: LockCircle
    /// How many more there are over the same classes, as far as was looked.
    package fileprivate(set) var others = 0
  }

  /// What circles are about: what only a migration does says nothing of the application.
  private struct Scope: Hashable {
    /// In ascending order, each once.
    private(set) var classes: [Int] = []
    let hasMigration: Bool
    /// Whether it comes about hardly ever, if at all; one with a migration is rare in any case.
    private(set) var isUncertain: Bool

    init(_ path: [Int], of groups: [EdgeGroup], and last: Int) {
      hasMigration = groups[path[0]].kind == .migration
      isUncertain = !hasMigration && path.contains { groups[$0].isUncertain }
      for index in path { insert(groups[index].held.lockClass) }
      insert(last)
    }

    /// The same with a group that is uncertain.
    var uncertain: Scope {
      var scope = self
      scope.isUncertain = !hasMigration
      return scope
    }

    private mutating func insert(_ number: Int) {
      let place = classes.partitioningIndex { $0 >= number }
      guard place == classes.count || classes[place] != number else { return }
      classes.insert(number, at: place)
    }

    /// Whether a circle of this scope makes one of another superfluous. One over a single class is
    /// about the rows of a table, and says nothing of how that goes with others.
    func covers(_ other: Scope) -> Bool {
      (other.hasMigration || !hasMigration && (!isUncertain || other.isUncertain))
        && classes.allSatisfy(other.classes.contains)
        && (classes.count > 1 || other.classes.count == 1)
    }
  }

  /// Groups that may be put behind others.
  private struct Candidates {
    let all: [Int]
    /// By the class of what is held.
    let byHeld: [Int: [Int]]
    /// By the classes of what is held and what is asked for.
    let byEdge: [LockSequence.ClassEdge: [Int]]

    init(_ all: [Int], of groups: [EdgeGroup]) {
      self.all = all
      byHeld = Dictionary(grouping: all) { groups[$0].held.lockClass }
      byEdge = Dictionary(grouping: all) { groups[$0].classEdge }
    }
  }

  private struct Attempt: Hashable {
    let scope: Scope
    let length: Int
  }

  /// A search among transactions for circles of up to `longest` of them.
  package init(_ sequences: [LockSequence], _ terms: SequenceTerms, longest: Int = 4) {
    self.longest = longest
    proof = CircleProof(sequences, terms)
    groups = EdgeGroup.groups(of: sequences, terms)
    copies = OwnCircles(groups, sequences, &proof)
    found = copies.found.map { Result(circle: $0.circle, others: $0.others) }
    let own = groups.indices.filter { [groups] in groups[$0].kind != .migration }
    application = Candidates(own, of: groups)
    let components = StronglyConnected.components(
      of: application.byEdge.keys.map { ($0.held, $0.request) })
    ownCircles = Candidates(
      own.filter { [groups] in
        let edge = groups[$0].classEdge
        return components[edge.held] == components[edge.request]
      }, of: groups)
  }

  /// Those of transactions with copies of themselves over one class; then the shortest circles, each
  /// set of classes once, the clearest first; and whether all was looked at.
  package mutating func circles() -> (found: [Result], isComplete: Bool) {
    var isComplete = true
    // What the application does by itself is known before a migration comes to it.
    for hasMigration in [false, true] {
      steps = 0
      stepLimit = hasMigration ? Self.stepLimits.migration : Self.stepLimits.application
      let starts =
        hasMigration ? groups.indices.filter { groups[$0].kind == .migration } : ownCircles.all
      for length in 2...(hasMigration ? min(longest, Self.longestWithMigration) : longest) {
        for start in starts where steps < stepLimit {
          extend([start], to: length, by: hasMigration ? application : ownCircles)
        }
      }
      isComplete = isComplete && steps < stepLimit
    }
    dropSuperfluous()
    return (found, isComplete)
  }

  /// Counts what is uncertain with a circle that is certain, where that was found later.
  private mutating func dropSuperfluous() {
    var dropped: Set<Int> = []
    for (scope, place) in places where scope.isUncertain {
      let certain = scope.classes.lazy.flatMap { [known] in known[$0] ?? [] }
        .filter { !$0.isUncertain && $0.covers(scope) }
      guard let other = certain.compactMap({ [places] in places[$0] }).min() else { continue }
      found[other].others += found[place].others + 1
      dropped.insert(place)
    }
    found = found.indices.filter { !dropped.contains($0) }.map { found[$0] }
  }

  /// Puts groups behind a first one: a migration with whatever the application does, or else the first
  /// of the circle.
  private mutating func extend(_ path: [Int], to length: Int, by groupsBehind: Candidates) {
    let last = groups[path[path.count - 1]].request
    let isLast = path.count + 1 == length
    // All that can be put behind them holds the class that the last one asks for.
    let scope = Scope(path, of: groups, and: last.lockClass)
    let least = scope.hasMigration ? 0 : path[0]
    guard
      isLast
        ? isOpen(scope, length) || isOpen(scope.uncertain, length)
        : !isCovered(scope, below: length)
    else { return }
    let candidates =
      (isLast
        ? groupsBehind.byEdge[
          .init(held: last.lockClass, request: groups[path[0]].held.lockClass)]
        : groupsBehind.byHeld[last.lockClass]) ?? []
    for next in candidates[candidates.partitioningIndex { $0 >= least }...] {
      steps += 1
      guard steps < stepLimit else { return }
      guard last.waits(for: groups[next].held) else { continue }
      if isLast {
        let whole = groups[next].isUncertain ? scope.uncertain : scope
        if isOpen(whole, length) { close(path + [next], whole) }
        guard isOpen(scope, length) || isOpen(scope.uncertain, length) else { return }
      } else {
        extend(path + [next], to: length, by: groupsBehind)
      }
    }
  }

  /// Whether circles of these classes and this length are still looked for.
  private func isOpen(_ scope: Scope, _ length: Int) -> Bool {
    let place = places[scope]
    // Longer ones say nothing new.
    guard place.map({ found[$0].circle.members.count == length }) ?? !isCovered(scope) else {
      return false
    }
    let limit = place == nil ? Self.pathsPerClasses : Self.pathsForOthers
    return attempts[Attempt(scope: scope, length: length), default: 0] < limit
  }

  /// Looks for a circle of edges of groups, each of which waits for the next one.
  private mutating func close(_ way: [Int], _ scope: Scope) {
    guard groups[way[way.count - 1]].request.waits(for: groups[way[0]].held),
      let first = way.indices.min(by: { way[$0] < way[$1] })
    else { return }
    let path = Array(way[first...] + way[..<first])
    let attempt = Attempt(scope: scope, length: path.count)
    var tries = 0
    let circle = firstCircle(of: path, from: [], &tries)
    steps += tries * Self.stepsPerTry
    if let place = places[scope] {
      attempts[attempt, default: 0] += 1
      if circle != nil { found[place].others += 1 }
    } else if let circle {
      attempts[attempt] = 0
      places[scope] = found.count
      if let first = scope.classes.first { known[first, default: []].append(scope) }
      found.append(Result(circle: circle))
    } else {
      attempts[attempt, default: 0] += 1
    }
  }

  /// Whether a circle over some of the classes is known, of fewer transactions than a length.
  private func isCovered(_ scope: Scope, below length: Int = .max) -> Bool {
    scope.classes.contains { first in
      known[first]?.contains { other in
        other.covers(scope)
          && (places[other].map { found[$0].circle.members.count < length } ?? false)
      } ?? false
    }
  }

  /// The clearest circle of edges of some groups that can come about.
  private mutating func firstCircle(
    of path: [Int], from members: [LockCircle.Member], _ tries: inout Int
  ) -> LockCircle? {
    for member in candidates(at: members.count, of: path) {
      guard tries < Self.triesPerPath else { return nil }
      tries += 1
      let longer = members + [member]
      if longer.count == path.count {
        if proof.holds(LockCircle(longer)) { return LockCircle(longer) }
      } else if longer.count == 1 || proof.canBegin(longer),
        let circle = firstCircle(of: path, from: longer, &tries)
      {
        return circle
      }
    }
    return nil
  }

  /// The members of a group of a circle that are tried. What deadlocks with a copy of itself over the
  /// only class of the circle is known already.
  private func candidates(at place: Int, of path: [Int]) -> [LockCircle.Member] {
    let group = groups[path[place]]
    let lockClass = group.held.lockClass
    let isOfOneClass = path.allSatisfy { groups[$0].held.lockClass == lockClass }
    return Array(
      group.members.lazy.filter { [copies] in
        !(isOfOneClass && copies.contains($0.sequence, as: group))
      }.prefix(Self.triesPerGroup))
  }
}
