/// Finds the circles of waits among transactions.
package struct CircleSearch {
  private let proof: CircleProof
  /// Edges that look the same to others, the clearest first.
  private let groups: [EdgeGroup]
  /// By the class of what is held: groups.
  private let byHeld: [Int: [Int]]

  /// Longer circles are not looked for.
  private let longest: Int
  /// Of the edges of a group so many are tried with those of another.
  private static let triesPerGroup = 12
  /// So many beginnings of circles are tried for one sequence of groups.
  private static let triesPerPath = 300
  /// So many groups are put behind one another, or beginnings tried, before the search ends.
  private static let stepLimit = 400_000

  /// All circles of one set of classes, by the one that is shown.
  package struct Result: Sendable {
    package let circle: LockCircle
    /// The sets of transactions that can wait for each other over these classes, as far as they were
    /// tried.
    package var count: Int
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

  /// The shortest circles, each set of classes once, in the order of the transactions; and whether
  /// all was looked at.
  package func circles() -> (found: [Result], isComplete: Bool) {
    var finder = Finder(search: self)
    for length in 2...longest { finder.find(length: length) }
    return (finder.found, finder.steps < Self.stepLimit)
  }

  /// The state of one search.
  private struct Finder {
    let search: CircleSearch
    var found: [Result] = []
    var steps = 0
    /// By the classes of a circle: its place in `found`.
    private var places: [Set<Int>: Int] = [:]
    /// Classes that come round to themselves.
    private let components: [Int: Int]

    init(search: CircleSearch) {
      self.search = search
      components = StronglyConnected.components(
        of: search.groups.map { ($0.held.lockClass, $0.request.lockClass) })
    }

    mutating func find(length: Int) {
      for start in search.groups.indices where isInside(start) {
        extend([start], to: length)
      }
    }

    /// Whether a group is part of any circle of classes.
    private func isInside(_ index: Int) -> Bool {
      let group = search.groups[index]
      return components[group.held.lockClass] == components[group.request.lockClass]
    }

    private mutating func extend(_ path: [Int], to length: Int) {
      let last = search.groups[path[path.count - 1]].request
      for next in search.byHeld[last.lockClass] ?? [] where next >= path[0] && isInside(next) {
        steps += 1
        guard steps < CircleSearch.stepLimit else { return }
        guard last.waits(for: search.groups[next].held) else { continue }
        let longer = path + [next]
        if longer.count < length {
          extend(longer, to: length)
        } else {
          close(longer)
        }
      }
    }

    private mutating func close(_ path: [Int]) {
      let groups = path.map { search.groups[$0] }
      guard let last = groups.last, last.request.waits(for: groups[0].held) else { return }
      let classes = Set(groups.map(\.held.lockClass))
      if let place = places[classes] {
        // Longer circles over the same classes say nothing new.
        if found[place].circle.members.count == path.count { found[place].count += 1 }
        return
      }
      guard !isCovered(classes, path.count) else { return }
      var tries = 0
      defer { steps += tries }
      guard let circle = search.firstCircle(of: groups, &tries) else { return }
      places[classes] = found.count
      found.append(Result(circle: circle, count: 1))
    }

    /// Whether a shorter circle over some of the classes is known.
    private func isCovered(_ classes: Set<Int>, _ length: Int) -> Bool {
      length > 2 && places.keys.contains { $0.isSubset(of: classes) }
    }
  }

  /// The clearest circle of edges of some groups that can come about.
  private func firstCircle(of groups: [EdgeGroup], _ tries: inout Int) -> LockCircle? {
    firstCircle(of: groups, from: [], &tries)
  }

  private func firstCircle(
    of groups: [EdgeGroup], from members: [LockCircle.Member], _ tries: inout Int
  ) -> LockCircle? {
    for member in groups[members.count].members.prefix(Self.triesPerGroup) {
      guard tries < Self.triesPerPath else { return nil }
      tries += 1
      let longer = members + [member]
      if longer.count == groups.count {
        let circle = LockCircle(longer)
        if proof.holds(circle) { return circle }
      } else if longer.count == 1 || proof.canBegin(longer),
        let circle = firstCircle(of: groups, from: longer, &tries)
      {
        return circle
      }
    }
    return nil
  }
}
