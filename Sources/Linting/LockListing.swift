package import Diagnostics
package import LockAnalysis

/// The statements of some files with all their locks.
package struct LockListing: Sendable {
  /// By file as given, in the order of the text.
  package let statements: [LoweredStatement]
  /// Statements that don't parse.
  package let unreadable: [Finding]

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
      unreadable: project.files.flatMap { MetaRules.syntaxErrors(in: $0) })
  }
}
