import Synchronization

/// Numbers the decisions of routines and expressions, so that branches of different ones are never mixed up.
enum Decisions {
  private static let counter = Atomic<Int>(0)

  static func next() -> Int { counter.add(1, ordering: .relaxed).newValue }
}
