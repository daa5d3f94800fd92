/// Which classes of locks are asked for while which others are held.
struct ClassGraph {
  /// Classes that come round to each other have one number.
  private let components: [Int: Int]
  /// What can be come to without a migration.
  private let reachable: Reachability

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
    reachable = Reachability(repeated.map { ($0.held, $0.request) })
  }

  /// Whether a transaction that asks for one class while it holds another can be part of a circle, in
  /// which there is one migration at most.
  func canCloseCircle(held: Int, request: Int, _ kind: LockSequence.Kind) -> Bool {
    switch kind {
    case .migration: reachable.leads(from: request, to: held)
    case .repeated, .single: components[held] == components[request]
    }
  }
}
