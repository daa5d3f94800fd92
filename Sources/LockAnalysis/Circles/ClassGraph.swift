/// Which classes of locks are asked for while which others are held.
struct ClassGraph {
  /// Classes that come round to each other have one number.
  private let components: [Int: Int]
  /// What can be come to from a class without a migration.
  private let reached: [Int: Set<Int>]

  init(_ sequences: [LockSequence]) {
    var all: Set<LockSequence.ClassEdge> = []
    var repeated: Set<LockSequence.ClassEdge> = []
    for sequence in sequences {
      let edges = sequence.classEdges
      all.formUnion(edges)
      if sequence.kind != .migration { repeated.formUnion(edges) }
    }
    components = StronglyConnected.components(of: all.map { ($0.held, $0.request) })
    reached = Self.reached(repeated)
  }

  private static func reached(_ edges: Set<LockSequence.ClassEdge>) -> [Int: Set<Int>] {
    var next: [Int: [Int]] = [:]
    for edge in edges { next[edge.held, default: []].append(edge.request) }
    return next.mapValues { first in
      var seen = Set(first)
      var open = Array(seen)
      while let place = open.popLast() {
        for other in next[place] ?? [] where seen.insert(other).inserted { open.append(other) }
      }
      return seen
    }
  }

  /// Whether a transaction that asks for one class while it holds another can be part of a circle, in
  /// which there is one migration at most.
  func canCloseCircle(held: Int, request: Int, _ kind: LockSequence.Kind) -> Bool {
    switch kind {
    case .migration: reached[request]?.contains(held) ?? false
    case .repeated, .single: components[held] == components[request]
    }
  }
}
