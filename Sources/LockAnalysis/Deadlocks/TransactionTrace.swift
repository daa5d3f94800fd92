import LockModel
import PostgresSyntax

// # How deadlocks are found
//
// Every transaction imposes an order on what it locks. A deadlock is a circle of transactions each
// of which waits for something that the next one holds. The terms are those of Infer's checker of
// starvation and of the Linux kernel's lockdep, carried over to PostgreSQL.
//
// - A **trace** (`TransactionTrace`) is what one transaction does to locks, in the order of its
//   text: it acquires, and it gives back (ROLLBACK TO a savepoint, COMMIT of a procedure).
//   Alternatives (IF, CASE, EXCEPTION) are marks on the acquisitions: two of different arms of one
//   decision are never in one run.
// - The **held set** (`HeldSet`) is what the transaction has when it makes a request. It has two
//   readings. What is held *for certain*, on every run that comes to the request, protects: rows
//   that are ours already need no order, a gate keeps others out. What is held *possibly*, on some
//   run, endangers. A protection that only some runs have silences nothing.
// - A **wait** is a request together with what is held while it is made: Infer's critical pair. Only
//   a request that blocks can wait; anything held can be waited for.
// - All rows of a table are one **lock class**, since rows of different transactions may be the
//   same, unless literals prove otherwise. Inside of a transaction rows are told apart.
// - An **edge** (`LockSequence.Edge`) is one lock that is asked for while another is held; the edges of
//   all transactions are the **lock order**.
// - A **deadlock** is a circle of waits in which each request conflicts with something that the next
//   transaction holds, while nothing that two of them hold for certain conflicts: that would be a
//   **gate**, which keeps the two from getting there together.
//
// The shortest circle has one class and one acquisition: a statement that locks several rows asks
// for the next row while it holds those before. Whether two copies of it can deadlock depends on
// the order of the rows alone; if it is total and fixed, every copy goes the same way. Such a wait
// *with itself* (`Deadlock`) is what the row-order rules report.
//
// All other circles go through two acquisitions at least of each transaction (`LockCircle`). They are
// looked for in the lock order (`CircleSearch`) and proved (`CircleProof`): the values by which the
// transactions name their rows have to be equal where they meet, and must not be where they hold what
// excludes each other.

/// What one transaction does to locks, in the order of its text.
package struct TransactionTrace: Sendable {
  /// One step of a transaction.
  package enum Step: Sendable {
    /// A lock is taken, or waited for.
    case acquire(AcquisitionID)
    /// A statement has ended: all its locks are there.
    case endOfStatement(Int)
    case savepoint(String)
    /// The savepoint can't be gone back to any more.
    case release(String)
    /// What was locked since the savepoint is given back (manual, *ROLLBACK TO SAVEPOINT*).
    case rollBack(to: String)
  }

  /// In the order of the text.
  package let steps: [Step]

  /// The trace of one of a workload's transactions.
  package init(_ transaction: Transaction, in workload: Workload) {
    var steps: [Step] = []
    for index in transaction.statements {
      let statement = workload.statements[index]
      if let step = Self.savepointStep(of: statement) { steps.append(step) }
      // The parts of a block follow by themselves.
      guard !statement.isExpanded else { continue }
      for position in statement.acquisitions.indices {
        steps.append(.acquire(AcquisitionID(statement: index, acquisition: position)))
      }
      steps.append(.endOfStatement(index))
    }
    self.steps = steps
  }

  private static func savepointStep(of statement: LoweredStatement) -> Step? {
    guard case .transaction(let control) = statement.statement.command,
      let name = control.savepoint
    else { return nil }
    switch control.command {
    case .savepoint: return .savepoint(name)
    case .release: return .release(name)
    case .rollbackToSavepoint: return .rollBack(to: name)
    case .begin, .commit, .rollback, .prepare, .commitPrepared, .rollbackPrepared: return nil
    }
  }
}
