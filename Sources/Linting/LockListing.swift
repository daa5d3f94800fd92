package import Diagnostics
package import LockAnalysis

/// The statements of some files with all their locks.
package struct LockListing: Sendable {
  /// By file as given, in the order of the text.
  package let statements: [LoweredStatement]
  /// What the host program runs in one transaction.
  package let programs: [ProgramTransaction]
  /// Statements that don't parse.
  package let unreadable: [Finding]

  /// A transaction of the host program.
  package struct ProgramTransaction: Sendable {
    package let transaction: InferredTransaction
    /// In the order of the text, each once.
    package let calls: [Call]

    /// A call of a query.
    package struct Call: Sendable {
      /// Of the host program, from 1.
      package let line: Int
      package let statement: LoweredStatement
      /// Whether a loop goes through it with values of its caller.
      package let isRepeated: Bool
    }

    init(_ transaction: InferredTransaction, in workload: Workload) {
      self.transaction = transaction
      calls = transaction.calls.filter { $0.round == 0 }.map { call in
        Call(
          line: call.line, statement: workload.statements[call.statement],
          isRepeated: transaction.calls.contains {
            $0.round > 0 && $0.line == call.line && $0.statement == call.statement
          })
      }
    }
  }

  /// Reads and models files by their paths alone.
  package static func make(_ sources: [SourceFile], threads: Int) -> LockListing {
    make(
      sources.map { ProjectFile($0, named: Int.max) },
      with: ProjectReader(threads: threads, includesTests: true) { _ in false }, threads: threads)
  }

  /// Reads and models files.
  package static func make(
    _ files: [ProjectFile], with reader: ProjectReader, threads: Int
  ) -> LockListing {
    let project = reader.read(files).project
    let workload = WorkloadBuilder(project: project, threads: threads).build()
    return LockListing(
      statements: workload.statements.filter { !$0.isPartOfStatement },
      programs: workload.inferred.map { ProgramTransaction($0, in: workload) },
      unreadable: project.files.flatMap { MetaRules.syntaxErrors(in: $0) })
  }
}
