/// Finds the circles of waits among transactions.
package struct CircleSearch {
  private let groups: [EdgeGroup]
  /// By the class of what is held: groups.
  private let byHeld: [Int: [Int]]
  private var proof: CircleProof
  /// Longer circles are not looked for.
  private let longest: Int
  private var found: [LockCircle] = []
  /// The classes of circles that were found.
  private var covered: Set<Set<Int>> = []
  /// How often circles of these classes and this length were looked for in vain.
  private var misses: [Attempt: Int] = [:]
  private var steps = 0

  /// Of the edges of a group so many are tried with those of another.
  private static let triesPerGroup = 16
  /// So many beginnings of circles are tried for one sequence of groups.
  private static let triesPerPath = 300
  /// So many sequences of groups of the same classes are tried.
  private static let pathsPerClasses = 300
  /// So many groups are put behind one another, or beginnings tried, before the search ends.
  private static let stepLimit = 400_000

  private struct Attempt: Hashable {
    let classes: Set<Int>
    let length: Int
  }

  /// A search among transactions for circles of up to `longest` of them.
  package init(_ sequences: [LockSequence], _ terms: SequenceTerms, longest: Int = 4) {
    self.longest = longest
    proof = CircleProof(sequences, terms)
    groups = EdgeGroup.groups(of: sequences, terms)
    var byHeld: [Int: [Int]] = [:]
    for (index, group) in groups.enumerated() {
      byHeld[group.held.lockClass, default: []].append(index)
    }
    self.byHeld = byHeld
  }

  /// The shortest circles, each set of classes once, the clearest first; and whether all was looked
  /// at.
  package mutating func circles() -> (found: [LockCircle], isComplete: Bool) {
    for length in 2...longest {
      for start in groups.indices { extend([start], to: length) }
    }
    return (found, steps < Self.stepLimit)
  }

  private mutating func extend(_ path: [Int], to length: Int) {
    let last = groups[path[path.count - 1]].request
    for next in byHeld[last.lockClass] ?? [] where next >= path[0] {
      steps += 1
      guard steps < Self.stepLimit else { return }
      guard last.waits(for: groups[next].held) else { continue }
      let longer = path + [next]
      if longer.count < length {
        extend(longer, to: length)
      } else {
        close(longer)
      }
    }
  }

  /// Looks for a circle of edges of groups, each of which waits for the next one.
  private mutating func close(_ path: [Int]) {
    let last = groups[path[path.count - 1]].request
    guard last.waits(for: groups[path[0]].held) else { return }
    let classes = Set(path.map { groups[$0].held.lockClass })
    let attempt = Attempt(classes: classes, length: path.count)
    guard !isCovered(classes, path.count), misses[attempt, default: 0] < Self.pathsPerClasses
    else { return }
    var tries = 0
    defer { steps += tries }
    if let circle = firstCircle(of: path, from: [], &tries) {
      covered.insert(classes)
      found.append(circle)
    } else {
      misses[attempt, default: 0] += 1
    }
  }

  /// Whether a circle over the classes, or a shorter one over some of them, is known.
  private func isCovered(_ classes: Set<Int>, _ length: Int) -> Bool {
    covered.contains(classes) || length > 2 && covered.contains { $0.isSubset(of: classes) }
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
