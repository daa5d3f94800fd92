import LockModel

/// What one transaction does to locks, as the search for circles sees it.
package struct LockSequence: Sendable {
  /// One step.
  package enum Step: Sendable {
    case acquire(LockRequest)
    case savepoint(String)
    /// The savepoint can't be gone back to any more.
    case release(String)
    /// What was locked since the savepoint is given back.
    case rollBack(String)
    /// A procedure ends its transaction and begins the next.
    case commit
  }

  /// Who runs beside it.
  package enum Kind: Sendable {
    /// Copies of itself, other transactions and one migration.
    case repeated
    /// Others, but no second copy.
    case single
    /// Everybody but copies of itself and other migrations.
    case migration
  }

  package let steps: [Step]
  /// The class of each step's lock and whether it can wait, so that most steps need no closer look.
  private let outlines: [Outline]
  /// The steps that take locks, by class, in their order.
  let byClass: [Int: [Int]]
  package let kind: Kind
  /// Whether it is not known for certain that its steps are one transaction.
  let isGuessed: Bool
  /// Terms of which the first is never greater than the second.
  package let ascending: [(Int, Int)]

  package init(
    steps: [Step], kind: Kind, isGuessed: Bool = false, ascending: [(Int, Int)] = []
  ) {
    self.steps = steps
    self.isGuessed = isGuessed
    let ends = Self.ends(of: steps)
    outlines = steps.enumerated().map { index, step in
      if case .acquire(let lock) = step {
        Outline(lockClass: lock.lockClass, canWait: lock.canWait, end: ends[index] ?? steps.count)
      } else {
        Outline(lockClass: -1, canWait: false, end: index)
      }
    }
    byClass = Dictionary(grouping: steps.indices) { [outlines] in outlines[$0].lockClass }
      .filter { $0.key >= 0 }
    self.kind = kind
    self.ascending = ascending
  }

  /// The lock that a step takes.
  package subscript(step step: Int) -> LockRequest {
    guard case .acquire(let request) = steps[step] else {
      preconditionFailure("the step takes a lock")
    }
    return request
  }

  /// A lock that is asked for while another is held.
  package struct Edge: Sendable, Hashable {
    /// Steps.
    package let held: Int
    package let request: Int
  }

  private struct Outline: Sendable {
    let lockClass: Int
    let canWait: Bool
    /// The step that gives it back, or the number of all steps.
    let end: Int
  }

  /// The steps that give back what earlier ones have locked, by these.
  private static func ends(of steps: [Step]) -> [Int: Int] {
    var result: [Int: Int] = [:]
    var held = HeldSteps()
    for (index, step) in steps.enumerated() {
      switch step {
      case .acquire, .savepoint, .release: held.follow(step, at: index)
      case .rollBack, .commit:
        let before = held.all
        held.follow(step, at: index)
        for lost in before[held.all.count...] { result[lost] = index }
      }
    }
    return result
  }

  /// The classes that may be asked for while others are held.
  package var classEdges: Set<ClassEdge> {
    var result: Set<ClassEdge> = []
    var held: Set<Int> = []
    for outline in outlines where outline.lockClass >= 0 {
      if outline.canWait {
        for other in held {
          result.insert(ClassEdge(held: other, request: outline.lockClass))
        }
      }
      held.insert(outline.lockClass)
    }
    return result
  }

  /// One class that is asked for while another is held.
  package struct ClassEdge: Sendable, Hashable {
    package let held: Int
    package let request: Int
  }

  /// The edges that can be part of a circle, in the order of the steps.
  func edges(_ terms: SequenceTerms, in graph: ClassGraph) -> [Edge] {
    var result: [Edge] = []
    var held = HeldSteps()
    for (index, step) in steps.enumerated() {
      let outline = outlines[index]
      if outline.canWait {
        let others = held.all.filter {
          graph.canCloseCircle(
            held: outlines[$0].lockClass, request: outline.lockClass, kind)
        }
        if !others.isEmpty {
          let request = self[step: index]
          // What it holds of its callers is part of their circles.
          for other in others
          where !self[step: other].isOfCaller && request.canFollow(self[step: other], terms) {
            result.append(Edge(held: other, request: index))
          }
        }
      }
      held.follow(step, at: index)
    }
    return withoutSorted(result)
  }

  /// Leaves out edges between two of one class that another arm of the decision takes in the other
  /// order: `IF a < b`, so that they are sorted.
  private func withoutSorted(_ edges: [Edge]) -> [Edge] {
    let candidates = edges.filter { edge in
      let held = self[step: edge.held]
      return outlines[edge.held].lockClass == outlines[edge.request].lockClass
        && held.statement >= 0 && !held.branches.isEmpty && !held.pins.isEmpty
    }
    guard candidates.count > 1 else { return edges }
    let sorted = Set(
      candidates.filter { edge in candidates.contains { isMirrored(edge, by: $0) } })
    return edges.filter { !sorted.contains($0) }
  }

  private func isMirrored(_ edge: Edge, by other: Edge) -> Bool {
    let (held, request) = (self[step: edge.held], self[step: edge.request])
    let (first, second) = (self[step: other.held], self[step: other.request])
    return first.lockClass == held.lockClass && first.pins == request.pins
      && second.pins == held.pins && !first.isCompatible(with: held)
  }

  /// Whether a step's lock is held for certain while a request waits, given that another is held.
  func isCertain(_ step: Int, at edge: Edge) -> Bool {
    guard step < edge.request, outlines[step].end >= edge.request else { return false }
    if step == edge.held { return true }
    let lock = self[step: step]
    return lock.waits != .skips
      && (lock.branches.isEmpty && lock.absence == nil
        || lock.isCertain(given: self[step: edge.held], self[step: edge.request]))
  }

  /// The locks of a class that are held for certain while a request waits, given that another is held.
  func certain(_ lockClass: Int, at edge: Edge) -> [LockRequest] {
    (byClass[lockClass] ?? []).filter { isCertain($0, at: edge) }.map { self[step: $0] }
  }

  /// Whether something that was locked before a step was given back by then.
  package func givesBack(before step: Int) -> Bool {
    steps[..<step].contains { step in
      switch step {
      case .rollBack, .commit: true
      case .acquire, .savepoint, .release: false
      }
    }
  }
}

/// The steps whose locks a transaction holds.
package struct HeldSteps: Sendable, Hashable {
  private struct Savepoint: Sendable, Hashable {
    let name: String
    let count: Int
  }

  package private(set) var all: [Int] = []
  private var savepoints: [Savepoint] = []

  package init() {}

  /// Goes one step on; `isTaken` is false where a lock is passed over.
  package mutating func follow(_ step: LockSequence.Step, at index: Int, isTaken: Bool = true) {
    switch step {
    case .acquire: if isTaken { all.append(index) }
    case .savepoint(let name): savepoints.append(Savepoint(name: name, count: all.count))
    case .release(let name):
      guard let place = savepoints.lastIndex(where: { $0.name == name }) else { return }
      savepoints.removeSubrange(place...)
    case .rollBack(let name):
      guard let place = savepoints.lastIndex(where: { $0.name == name }) else { return }
      savepoints.removeSubrange((place + 1)...)
      all.removeSubrange(savepoints[place].count...)
    case .commit:
      all = []
      savepoints = []
    }
  }
}
