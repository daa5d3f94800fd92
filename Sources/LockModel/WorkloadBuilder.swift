import Diagnostics
import PostgresSyntax

/// Makes a workload of a project: applies the DDL in order, lowers every statement with the
/// schema that it sees, and folds the statements into transactions.
package struct WorkloadBuilder {
  private let project: Project
  private let threads: Int
  private let detail: Lowering.Detail

  /// Reads a project; `detail` tells whether table locks are wanted as well.
  package init(project: Project, threads: Int, detail: Lowering.Detail) {
    self.project = project
    self.threads = threads
    self.detail = detail
  }

  /// The workload, and the catalog that the application sees.
  package func build() -> Workload {
    var builder = CatalogBuilder()
    var lowered: [Int: [LoweredStatement]] = [:]
    for index in project.order where role(of: index) != .application {
      builder.searchPath = CatalogBuilder.defaultSearchPath
      lowered[index] = lower(index, &builder, final: nil)
    }
    let applications = project.order.filter { role(of: $0) == .application }
    var before: [Catalog] = []
    for index in applications {
      // Rules look at queries, which see the final catalog; only the locks of definitions need the
      // catalog of their moment.
      if detail == .allLocks { before.append(builder.catalog) }
      builder.searchPath = CatalogBuilder.defaultSearchPath
      let file = project.files[index]
      for statement in file.statements { builder.apply(statement, in: file) }
    }
    let final = builder.catalog
    let snapshots = before
    let results = LargeStack.map(count: applications.count, threads: threads) { position in
      var local = CatalogBuilder(catalog: snapshots.isEmpty ? final : snapshots[position])
      return lower(applications[position], &local, final: final)
    }
    for (index, result) in zip(applications, results) { lowered[index] = result }
    let statements = project.files.indices.flatMap { lowered[$0] ?? [] }
    let (expanded, notes) = RoutineUnits(catalog: final, threads: threads, detail: detail)
      .insert(into: statements)
    return Workload(statements: expanded, catalog: final, routineNotes: notes)
  }

  private func role(of index: Int) -> SourceRole {
    project.sections[index].first?.role ?? .application
  }

  /// Lowers the statements of a file in order. A file of the application has the `final` catalog,
  /// in which all definitions are known, and on top of it what only it defines; its own definitions
  /// are seen in their order.
  private func lower(
    _ index: Int, _ builder: inout CatalogBuilder, final: Catalog?
  ) -> [LoweredStatement] {
    let file = project.files[index]
    var folder = TransactionFolder(sections: project.sections[index])
    let names = QueryNames(file)
    var overlay = CatalogBuilder(catalog: final ?? Catalog())
    var transaction = TransactionState()
    return file.statements.map { statement in
      let section = folder.section(of: statement)
      transaction.enter(folder.transaction(of: statement))
      let isLocal =
        final == nil
        || detail == .allLocks
          && (Self.defines(statement) || transaction.hasDefinitions)
      let locks = Lowering.lower(
        statement, in: file, catalog: isLocal ? builder.catalog : overlay.catalog,
        searchPath: builder.searchPath,
        detail: section.role == .schema ? .none : detail, deferral: transaction.deferral)
      let created = createdRelation(statement, builder)
      let lowered = LoweredStatement(
        file: file, statement: statement, section: section, transaction: transaction.number,
        locks: transaction.follow(
          statement, locks, created: created, isAlone: folder.isAutocommit),
        name: names.name(of: statement), created: created.map { [$0] } ?? [])
      if !section.isReverse {
        if final == nil || detail == .allLocks || statement.command.isSetting {
          builder.apply(statement, in: file)
        }
        overlay.searchPath = builder.searchPath
        if let final, applies(created, statement, final, builder) {
          overlay.apply(statement, in: file)
        }
      }
      return lowered
    }
  }

  /// Whether a statement works on definitions, so that it must see those of its moment.
  private static func defines(_ statement: Statement) -> Bool {
    switch statement.command {
    case .select(let query): query.intoTable != nil
    case .insert, .update, .delete, .merge, .do, .call, .explain, .declareCursor, .copy, .lock,
      .truncate:
      false
    case .createTable, .createTableAs, .createView, .createIndex, .createSequence, .createSchema,
      .createStatistics, .createType, .createFunction, .createTrigger, .createRule, .policy,
      .publication, .alterTable, .alterSequence, .alterDomain, .setSchema, .dependOnExtension,
      .rename, .drop, .comment, .reindex, .cluster, .vacuum, .refresh, .prepare, .execute, .fetch,
      .return, .transaction, .set, .setConstraints, .other:
      true
    }
  }

  private func createdRelation(
    _ statement: Statement, _ builder: CatalogBuilder
  ) -> RelationName? {
    guard let reference = statement.command.createdTable else { return nil }
    let name = CatalogBuilder.newName(reference, searchPath: builder.searchPath)
    return builder.catalog.relations[name] == nil ? name : nil
  }

  private func applies(
    _ created: RelationName?, _ statement: Statement, _ final: Catalog, _ builder: CatalogBuilder
  ) -> Bool {
    if let created { return final.relations[created] == nil }
    let reference: TableReference?
    switch statement.command {
    case .alterTable(let change): reference = change.relation
    case .createIndex(let definition): reference = definition.table
    case .prepare, .declareCursor: return true
    case .select, .insert, .update, .delete, .merge, .createTable, .createTableAs, .createView,
      .createSequence, .createSchema, .createStatistics, .createType, .createFunction,
      .createTrigger, .createRule, .policy, .publication, .alterSequence, .alterDomain, .setSchema,
      .dependOnExtension, .rename, .drop, .comment, .reindex, .cluster, .vacuum, .refresh, .lock,
      .truncate, .copy, .explain, .execute, .fetch, .call, .do, .return, .transaction, .set,
      .setConstraints, .other:
      return false
    }
    return reference.map { final.relations[builder.name($0)] == nil } ?? false
  }
}
