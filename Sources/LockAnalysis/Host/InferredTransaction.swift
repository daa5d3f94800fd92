package import LockModel

/// A transaction that the host program runs, as far as a function's text or the configuration tells:
/// queries that it calls one after the other.
package struct InferredTransaction: Sendable {
  /// A call of a named query.
  package struct Call: Sendable {
    /// Index of the statement.
    package let statement: Int
    /// What its parameters are given.
    package let values: [Term.Variable: Term]
    /// Where several ways lead past it.
    package let branches: [Branch]
    /// The line of the host program or of the configuration, from 1.
    package let line: Int
    /// 1 for the second round of a loop, else 0.
    package let round: Int

    /// A lock of the statement as this call takes it.
    func lock(_ lock: Acquisition) -> Acquisition {
      var result = lock.replacing(values)
      result.branches = branches + result.branches
      return result
    }
  }

  /// What tells that it is one.
  package enum Origin: String, Sendable {
    /// The function begins it.
    case begun
    /// The function is handed a transaction, so that this may be a part of one, or more than one.
    case handed
    /// The configuration says so.
    case declared
  }

  /// The name of the function, or the one in the configuration.
  package let name: String
  /// The file of the function, or the configuration.
  package let path: String
  /// The line there, from 1.
  package let line: Int
  package let origin: Origin
  /// In the order of the text; those in a loop twice, for two rounds.
  package let calls: [Call]

  /// As a report calls it.
  package var title: String { "\(name) (\(path):\(line))" }
}

extension InferredTransaction {
  /// For each call of a statement the locks that the transaction has taken before and that let one copy
  /// in at a time. Advisory locks of one query are taken to be one: the program computes their key of
  /// what it works on.
  func gates(at statement: Int, in workload: Workload) -> [[AcquisitionID]] {
    calls.indices.filter { calls[$0].statement == statement }.map { index in
      calls[..<index].filter { earlier in
        earlier.branches.allSatisfy(calls[index].branches.contains)
      }.flatMap { earlier in
        workload.statements[earlier.statement].acquisitions.indices.map { position in
          AcquisitionID(statement: earlier.statement, acquisition: position)
        }.filter { workload[$0].isGate }
      }
    }
  }
}

extension Acquisition {
  /// Whether it lets one transaction in at a time: a program that tries for an advisory lock in vain
  /// does not go on.
  fileprivate var isGate: Bool {
    guard duration == .transaction, branches.isEmpty, !isPrivate else { return false }
    switch (target, mode) {
    case (.advisory, .advisory(let isExclusive)): return isExclusive
    case (.table, .table(let mode)): return waits == .blocks && mode.conflicts(with: mode)
    case (.advisory, _), (.table, _), (.rows, _), (.uniqueKey, _): return false
    }
  }
}
