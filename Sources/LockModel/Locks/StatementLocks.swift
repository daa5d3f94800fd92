package import PostgresSyntax

/// The locks of whole statements and of the statements of routines.
package enum StatementLocks {
  /// The locks of a statement, and what could not be modelled; `deferral` is what SET CONSTRAINTS
  /// has said before, by constraint, `*` for all.
  package static func of(
    _ statement: Statement, in file: ParsedFile, catalog: Catalog, searchPath: [String],
    summaries: RoutineSummaries, deferral: [String: Bool] = [:]
  ) -> LoweredLocks {
    StatementLowering.lower(
      StatementContext(
        statement, in: file, catalog: catalog, searchPath: searchPath,
        stack: RoutineStack(summaries, version: catalog.version), deferral: deferral)
    ).locks
  }

  /// The statements of a routine or DO block in the order of the text, each with its locks, and
  /// what else could not be modelled.
  package static func steps(
    of body: RoutineBody, named name: String, in file: ParsedFile, catalog: Catalog,
    transitions: Set<String>, summaries: RoutineSummaries
  ) -> (steps: [RoutineStep], notes: [(text: String, range: Range<Int>)]) {
    let path = CatalogBuilder.defaultSearchPath
    let stack = RoutineStack(summaries, version: catalog.version)
      .entering(.routine(ObjectIdentifier(body), nil, [:], searchPath: path))
    let lowering = RoutineLowering(
      name, body, in: file, catalog: catalog, searchPath: path, stack: stack,
      transitions: transitions)
    lowering.run()
    return (lowering.steps, lowering.notes)
  }
}
