/// A circle of transactions each of which waits for what the next one holds.
package struct LockCircle: Sendable, Hashable {
  /// A transaction of the circle: what it holds, and what it asks for.
  package struct Member: Sendable, Hashable {
    /// Index of its sequence; two members of one sequence are two copies of it.
    package let sequence: Int
    package let edge: LockSequence.Edge
  }

  /// Each waits for what the next one holds, the last for what the first holds.
  package let members: [Member]

  package init(_ members: [Member]) { self.members = members }
}
