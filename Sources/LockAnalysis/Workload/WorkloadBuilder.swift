import Diagnostics
import LockModel
import PostgresSyntax

/// Makes a workload of a project: applies the DDL in order, lowers every statement with the
/// schema that it sees, and folds the statements into transactions.
package struct WorkloadBuilder {
  private let project: Project
  private let threads: Int
  private let upgrades: UpgradeScripts

  /// Reads a project.
  package init(project: Project, threads: Int) {
    self.project = project
    upgrades = UpgradeScripts(project)
    self.threads = threads
  }

  /// The workload, and the catalog that the application sees.
  ///
  /// Expressions nest as deep as the parser can follow.
  package func build() -> Workload { LargeStack.run(buildHere) }

  @Sendable private func buildHere() -> Workload {
    var builder = CatalogBuilder()
    let history = stretches(of: project.order.filter(isHistory))
    let applications = project.order.filter { !isHistory($0) }
    builder.catalog.laterFunctions = history.isEmpty ? [:] : routines(of: applications)
    let starts = replay(history, &builder)
    builder.catalog.laterFunctions = [:]
    var before: [Catalog] = []
    for index in applications {
      // Queries see the final catalog, definitions that of their moment.
      before.append(builder.catalog)
      begin(index, &builder)
      let file = project.files[index]
      for statement in file.statements { builder.apply(statement, in: file) }
    }
    TablesOfOneRow(in: applications.map { project.files[$0] }).mark(in: &builder.catalog)
    builder.catalog.listLockClasses()
    let final = builder.catalog
    var lowered = lower(history, from: starts)
    let summaries = RoutineSummaries()
    let snapshots = before
    let results = LargeStack.map(count: applications.count, threads: threads) { position in
      var local = CatalogBuilder(catalog: snapshots[position])
      begin(applications[position], &local)
      return lower(
        applications[position], &local, Schema(final: final, summaries: summaries))
    }
    for (index, result) in zip(applications, results) { lowered[index] = result }
    let numbered = Self.numbered(project.files.indices.map { lowered[$0] ?? [] })
    let (statements, places) = PendingMigrations(project).joined(numbered)
    let (expanded, notes) = RoutineUnits(catalog: final, threads: threads, summaries: summaries)
      .insert(into: statements)
    let (asserted, unfounded) = AssertedOrder(project).applied(to: expanded)
    return Workload(
      statements: asserted, catalog: final, summaries: summaries, routineNotes: notes,
      unfoundedAssertions: unfounded, host: HostCalls(of: asserted, in: project, final),
      places: places)
  }

  // MARK: History

  /// So many statements make up for reading their definitions twice.
  private static let stretchSize = 32

  /// Goes through the definitions of the files that make the schema as they go; the catalogs that
  /// stretches of them begin with.
  private func replay(_ stretches: [[Int]], _ builder: inout CatalogBuilder) -> [Catalog] {
    var starts: [Catalog] = []
    for files in stretches {
      starts.append(builder.catalog)
      for index in files { replay(index, &builder) }
    }
    return starts
  }

  /// The routines that files define.
  private func routines(of files: [Int]) -> [String: [Catalog.Function]] {
    var builder = CatalogBuilder()
    for index in files {
      begin(index, &builder)
      for statement in project.files[index].statements {
        switch statement.command {
        case .createFunction, .set: builder.apply(statement, in: project.files[index])
        default: break
        }
      }
    }
    return builder.catalog.functions
  }

  /// Lowers the files that make the schema as they go, stretches of them at the same time.
  private func lower(
    _ stretches: [[Int]], from starts: [Catalog]
  ) -> [Int: [LoweredStatement]] {
    let results = LargeStack.map(count: stretches.count, threads: threads) { position in
      var local = CatalogBuilder(catalog: starts[position])
      let schema = Schema(final: nil, summaries: RoutineSummaries())
      return stretches[position].map { index in
        begin(index, &local)
        return (index, lower(index, &local, schema))
      }
    }
    return Dictionary(uniqueKeysWithValues: results.flatMap(\.self))
  }

  /// Files in their order, divided into stretches of about as many statements.
  private func stretches(of files: [Int]) -> [[Int]] {
    let total = files.reduce(0) { $0 + project.files[$1].statements.count }
    let size = max(total / (4 * threads), Self.stretchSize)
    guard threads > 1, total > size else { return files.isEmpty ? [] : [files] }
    var result: [[Int]] = []
    var count = size
    for index in files {
      if count >= size {
        result.append([])
        count = 0
      }
      result[result.count - 1].append(index)
      count += project.files[index].statements.count
    }
    return result
  }

  /// Goes over to a file.
  private func begin(_ index: Int, _ builder: inout CatalogBuilder) {
    builder.searchPath = CatalogBuilder.defaultSearchPath
    builder.isUpgrade = upgrades.contains(index)
  }

  /// Takes over what a file defines.
  private func replay(_ index: Int, _ builder: inout CatalogBuilder) {
    let file = project.files[index]
    let folder = TransactionFolder(sections: project.readings[index].sections)
    begin(index, &builder)
    for statement in file.statements where !folder.section(of: statement).isReverse {
      builder.apply(statement, in: file)
    }
  }

  /// Transactions are counted within each file until here.
  private static func numbered(_ files: [[LoweredStatement]]) -> [LoweredStatement] {
    var result: [LoweredStatement] = []
    var base = 0
    for statements in files {
      result += statements.map { statement in
        var statement = statement
        statement.transaction += base
        return statement
      }
      base += statements.map(\.transaction).max() ?? 0
    }
    return result
  }

  /// The schema that the statements of a file see.
  private struct Schema {
    /// Of the application; nil for files that make the schema as they go.
    let final: Catalog?
    /// What is known of the routines of that schema.
    let summaries: RoutineSummaries
  }

  /// Whether a file is a step on the way to the schema that the application sees. Scripts that set
  /// things up are none: they come among the files that define what they work on.
  private func isHistory(_ index: Int) -> Bool {
    let reading = project.readings[index]
    return !reading.isSetUp && reading.sections.first?.role ?? .application != .application
  }

  /// Lowers the statements of a file in order. A file of the application has the `final` catalog,
  /// in which all definitions are known, and on top of it what only it defines; its own definitions
  /// are seen in their order.
  private func lower(
    _ index: Int, _ builder: inout CatalogBuilder, _ schema: Schema
  ) -> [LoweredStatement] {
    let final = schema.final
    let file = project.files[index]
    var folder = TransactionFolder(sections: project.readings[index].sections)
    let names = QueryNames(file)
    var overlay = CatalogBuilder(catalog: final ?? Catalog())
    overlay.isUpgrade = builder.isUpgrade
    var transaction = TransactionState()
    let own = final == nil ? schema.summaries : RoutineSummaries()
    return file.statements.map { statement in
      let section = folder.section(of: statement)
      transaction.enter(folder.transaction(of: statement))
      let isLocal =
        final == nil || Self.defines(statement) || transaction.hasDefinitions
      let locks =
        section.role == .schema
        ? .none
        : locks(
          of: statement, in: file, isLocal ? builder : overlay, isLocal: isLocal, schema, own,
          transaction.deferral)
      let created = createdRelation(statement, builder)
      let lowered = LoweredStatement(
        file: file, statement: statement, section: section, transaction: transaction.number,
        locks: transaction.follow(
          statement, locks, created: created, isAlone: folder.isAutocommit),
        name: names.name(of: statement), created: created,
        isPending: project.given[index].isPending)
      if !section.isReverse {
        builder.apply(statement, in: file)
        overlay.searchPath = builder.searchPath
        if let final, applies(created, statement, final, builder) {
          overlay.apply(statement, in: file)
        }
      }
      return lowered
    }
  }

  /// The locks of a statement by the catalog of its moment, `isLocal`, or by the final one.
  ///
  /// A function of its own, since no copy of a catalog may live on while the catalog is changed.
  private func locks(
    of statement: Statement, in file: ParsedFile, _ moment: CatalogBuilder, isLocal: Bool,
    _ schema: Schema, _ own: RoutineSummaries, _ deferral: [String: Bool]
  ) -> LoweredLocks {
    let catalog = moment.catalog
    let isShared = !isLocal && catalog.version == schema.final?.version
    let summaries =
      // Summaries are those of no SET CONSTRAINTS before.
      deferral.isEmpty ? (isShared ? schema.summaries : own) : RoutineSummaries()
    return StatementLocks.of(
      statement, in: file, catalog: catalog, searchPath: moment.searchPath,
      summaries: summaries, deferral: deferral)
  }

  /// Whether a statement works on definitions, so that it must see those of its moment.
  private static func defines(_ statement: Statement) -> Bool {
    switch statement.command {
    case .select(let query): query.intoTable != nil
    case .insert, .update, .delete, .merge, .call, .explain, .declareCursor, .copy, .lock,
      .truncate:
      false
    case .do: statement.routine?.statements.contains(where: defines) ?? false
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
