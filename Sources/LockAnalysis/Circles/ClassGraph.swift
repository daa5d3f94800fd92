/// Which classes of locks are asked for while which others are held.
struct ClassGraph {
  /// Classes that come round to each other have one number.
  private let components: [Int: Int]
  /// What can be come to without a migration from the classes that migrations ask for.
  private let reached: [Int: Set<Int>]

  init(_ sequences: [LockSequence]) {
    var repeated: Set<LockSequence.ClassEdge> = []
    var migrations: Set<LockSequence.ClassEdge> = []
    for sequence in sequences {
      if sequence.kind == .migration {
        migrations.formUnion(sequence.classEdges)
      } else {
        repeated.formUnion(sequence.classEdges)
      }
    }
    components = StronglyConnected.components(
      of: repeated.union(migrations).map { ($0.held, $0.request) })
    reached = Self.reached(from: Set(migrations.map(\.request)), repeated)
  }

  private static func reached(
    from starts: Set<Int>, _ edges: Set<LockSequence.ClassEdge>
  ) -> [Int: Set<Int>] {
    var next: [Int: [Int]] = [:]
    for edge in edges { next[edge.held, default: []].append(edge.request) }
    var result: [Int: Set<Int>] = [:]
    for start in starts {
      var seen = Set(next[start] ?? [])
      var open = Array(seen)
      while let place = open.popLast() {
        for other in next[place] ?? [] where seen.insert(other).inserted { open.append(other) }
      }
      result[start] = seen
    }
    return result
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
