package import Diagnostics
package import LockAnalysis

/// The statements of some files with all their locks.
package struct LockListing: Sendable {
  /// By file as given, in the order of the text.
  package let statements: [LoweredStatement]
  /// Statements that don't parse.
  package let unreadable: [Finding]

  /// Reads and models files; `exists` tells of files beside them.
  package static func make(
    _ sources: [SourceFile], threads: Int, exists: @escaping (String) -> Bool
  ) -> LockListing {
    let files = FileReader.parse(sources, threads: threads)
    let project = Project(files: files, tool: MigrationTool(exists: exists))
    let workload = WorkloadBuilder(project: project, threads: threads).build()
    return LockListing(
      statements: workload.statements.filter { !$0.isPartOfStatement },
      unreadable: files.flatMap { MetaRules.syntaxErrors(in: $0) })
  }
}
