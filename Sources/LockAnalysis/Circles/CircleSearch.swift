import Algorithms

/// Finds the circles of waits among transactions.
package struct CircleSearch {
  private let groups: [EdgeGroup]
  /// Groups of the application that come round among themselves, and all of them, which may come round
  /// by a migration.
  private let ownCircles: Candidates
  private let application: Candidates
  private var proof: CircleProof
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
  private static let stepLimits = (application: 400_000, migration: 400_000)
  /// Trying a beginning counts as so many.
  private static let stepsPerTry = 2

  /// A circle, which stands for others.
  package struct Result: Sendable {
    package let circle: LockCircle
    /// How many more there are over the same classes, as far as was looked.
    package fileprivate(set) var others = 0
  }

  /// What circles are about: what only a migration does says nothing of the application.
  private struct Scope: Hashable {
    let classes: Set<Int>
    let hasMigration: Bool

    /// Whether a circle of this scope makes one of another superfluous. One over a single class is
    /// about the rows of a table, and says nothing of how that goes with others.
    func covers(_ other: Scope) -> Bool {
      (!hasMigration || other.hasMigration) && classes.isSubset(of: other.classes)
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

  /// The shortest circles, each set of classes once, the clearest first; and whether all was looked
  /// at.
  package mutating func circles() -> (found: [Result], isComplete: Bool) {
    var isComplete = true
    // What the application does by itself is known before a migration comes to it.
    for hasMigration in [false, true] {
      steps = 0
      stepLimit = hasMigration ? Self.stepLimits.migration : Self.stepLimits.application
      let starts =
        hasMigration ? groups.indices.filter { groups[$0].kind == .migration } : ownCircles.all
      for length in 2...longest {
        for start in starts where steps < stepLimit {
          extend([start], to: length, by: hasMigration ? application : ownCircles)
        }
      }
      isComplete = isComplete && steps < stepLimit
    }
    return (found, isComplete)
  }

  /// Puts groups behind a first one: a migration with whatever the application does, or else the first
  /// of the circle.
  private mutating func extend(_ path: [Int], to length: Int, by groupsBehind: Candidates) {
    let last = groups[path[path.count - 1]].request
    let least = groups[path[0]].kind == .migration ? 0 : path[0]
    let candidates =
      (path.count + 1 < length
        ? groupsBehind.byHeld[last.lockClass]
        : groupsBehind.byEdge[.init(held: last.lockClass, request: groups[path[0]].held.lockClass)])
      ?? []
    for next in candidates[candidates.partitioningIndex { $0 >= least }...] {
      steps += 1
      guard steps < stepLimit else { return }
      guard last.waits(for: groups[next].held) else { continue }
      let longer = path + [next]
      if longer.count < length {
        extend(longer, to: length, by: groupsBehind)
      } else {
        close(longer)
      }
    }
  }

  /// Looks for a circle of edges of groups, each of which waits for the next one.
  private mutating func close(_ way: [Int]) {
    guard groups[way[way.count - 1]].request.waits(for: groups[way[0]].held),
      let first = way.indices.min(by: { way[$0] < way[$1] })
    else { return }
    let path = Array(way[first...] + way[..<first])
    let scope = Scope(
      classes: Set(path.map { groups[$0].held.lockClass }),
      hasMigration: path.contains { groups[$0].kind == .migration })
    let place = places[scope]
    // Longer ones say nothing new.
    guard place.map({ found[$0].circle.members.count == path.count }) ?? !isCovered(scope) else {
      return
    }
    let attempt = Attempt(scope: scope, length: path.count)
    let limit = place == nil ? Self.pathsPerClasses : Self.pathsForOthers
    guard attempts[attempt, default: 0] < limit else { return }
    var tries = 0
    defer { steps += tries * Self.stepsPerTry }
    let circle = firstCircle(of: path, from: [], &tries)
    if let place {
      attempts[attempt, default: 0] += 1
      if circle != nil { found[place].others += 1 }
    } else if let circle {
      attempts[attempt] = 0
      places[scope] = found.count
      if let first = scope.classes.min() { known[first, default: []].append(scope) }
      found.append(Result(circle: circle))
    } else {
      attempts[attempt, default: 0] += 1
    }
  }

  /// Whether a circle over some of the classes is known.
  private func isCovered(_ scope: Scope) -> Bool {
    scope.classes.contains { first in
      known[first]?.contains { $0.covers(scope) } ?? false
    }
  }

  /// The clearest circle of edges of some groups that can come about.
  private mutating func firstCircle(
    of path: [Int], from members: [LockCircle.Member], _ tries: inout Int
  ) -> LockCircle? {
    for member in groups[path[members.count]].members.prefix(Self.triesPerGroup) {
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
}
