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
      lowered[index] = lower(index, &builder, overlay: nil)
    }
    let applications = project.order.filter { role(of: $0) == .application }
    for index in applications {
      builder.searchPath = CatalogBuilder.defaultSearchPath
      let file = project.files[index]
      for statement in file.statements { builder.apply(statement, in: file) }
    }
    let final = builder.catalog
    let results = LargeStack.map(count: applications.count, threads: threads) { position in
      var local = CatalogBuilder(catalog: final)
      return lower(applications[position], &local, overlay: final)
    }
    for (index, result) in zip(applications, results) { lowered[index] = result }
    return Workload(
      statements: project.files.indices.flatMap { lowered[$0] ?? [] }, catalog: final)
  }

  private func role(of index: Int) -> SourceRole {
    project.sections[index].first?.role ?? .application
  }

  /// Lowers the statements of a file in order. With an `overlay` the file sees that catalog and, on
  /// top of it, only what is not in it: tables that come and go.
  private func lower(
    _ index: Int, _ builder: inout CatalogBuilder, overlay: Catalog?
  ) -> [LoweredStatement] {
    let file = project.files[index]
    var folder = TransactionFolder(sections: project.sections[index])
    let names = QueryNames(file)
    return file.statements.map { statement in
      let section = folder.section(of: statement)
      let transaction = folder.transaction(of: statement)
      let lowering = Lowering.lower(
        statement, in: file, catalog: builder.catalog, searchPath: builder.searchPath,
        detail: section.role == .schema ? .none : detail)
      let created = createdRelation(statement, builder)
      if !section.isReverse, applies(created, statement, overlay, builder) {
        builder.apply(statement, in: file)
      }
      return LoweredStatement(
        file: file, statement: statement, section: section, transaction: transaction,
        locks: lowering, name: names.name(of: statement), created: created.map { [$0] } ?? [])
    }
  }

  private func createdRelation(
    _ statement: Statement, _ builder: CatalogBuilder
  ) -> RelationName? {
    let node = statement.node
    let reference: Node?
    switch node.tag {
    case .CreateStmt: reference = node.child(.relation)
    case .CreateTableAsStmt: reference = node.child(.into)?.child(.rel)
    case .SelectStmt: reference = node.child(.intoClause)?.child(.rel)
    default: reference = nil
    }
    guard let reference else { return nil }
    let table = TableReference(reference)
    if table.isTemporary { return RelationName(schema: "pg_temp", name: table.name) }
    return RelationName(
      schema: table.schema ?? builder.searchPath.first ?? "public", name: table.name)
  }

  private func applies(
    _ created: RelationName?, _ statement: Statement, _ overlay: Catalog?,
    _ builder: CatalogBuilder
  ) -> Bool {
    guard let overlay else { return true }
    if let created { return overlay.relations[created] == nil }
    switch statement.node.tag {
    case .AlterTableStmt, .IndexStmt:
      return builder.name(statement.node.child(.relation)).map { overlay.relations[$0] == nil }
        ?? false
    case .VariableSetStmt: return true
    default: return false
    }
  }
}

/// Numbers the transactions of one file.
private struct TransactionFolder {
  private let sections: [SourceSection]
  private var number = 0
  private var current = -1
  private var isExplicit = false
  private var isFresh = true

  init(sections: [SourceSection]) { self.sections = sections }

  func section(of statement: Statement) -> SourceSection { sections[index(of: statement)] }

  private func index(of statement: Statement) -> Int {
    sections.lastIndex { $0.range.lowerBound <= statement.range.lowerBound } ?? 0
  }

  /// The number of a statement's transaction, counted within the file from 1.
  mutating func transaction(of statement: Statement) -> Int {
    let section = index(of: statement)
    if section != current {
      current = section
      isExplicit = false
      number += 1
      isFresh = true
    }
    let kind = statement.node.tag == .TransactionStmt ? statement.node.string(.kind) : nil
    switch kind {
    case "TRANS_STMT_BEGIN", "TRANS_STMT_START":
      if !isFresh, !isExplicit { number += 1 }
      isExplicit = true
    case "TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK", "TRANS_STMT_PREPARE":
      defer {
        number += 1
        isFresh = true
      }
      isExplicit = false
      return number
    default:
      if !isExplicit, sections[section].boundary == .statement {
        defer {
          number += 1
          isFresh = true
        }
        return number
      }
    }
    isFresh = false
    return number
  }
}

/// The names that a file gives its queries.
private struct QueryNames {
  private var names: [Int: String] = [:]

  init(_ file: ParsedFile) {
    for range in file.comments {
      guard let name = Self.name(in: file.source.bytes[range]) else { continue }
      // The name belongs to the statement that comes next.
      let next = Self.firstStatement(of: file, from: range.upperBound)
      guard next < file.statements.count else { continue }
      for statement in file.statements[next...] {
        names[statement.range.lowerBound] = name
        // A query of several statements is a transaction.
        guard file.statements[next].node.tag == .TransactionStmt else { break }
        if statement.node.tag == .TransactionStmt, statement.range != file.statements[next].range {
          break
        }
      }
    }
  }

  /// The index of the first statement at or after an offset.
  private static func firstStatement(of file: ParsedFile, from offset: Int) -> Int {
    var low = 0
    var high = file.statements.count
    while low < high {
      let middle = (low + high) / 2
      if file.statements[middle].range.lowerBound < offset {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// The name in a comment before a statement, when no other statement comes between.
  func name(of statement: Statement) -> String? { names[statement.range.lowerBound] }

  /// `-- name: X :one`, `-- :name X`, `/* @name X */`.
  private static func name(in comment: ArraySlice<UInt8>) -> String? {
    let start = comment.dropFirst(2).drop { $0 == 0x20 || $0 == 0x09 }
    guard ["name:", ":name ", "@name "].contains(where: { start.starts(with: $0.utf8) }) else {
      return nil
    }
    var text = Substring(String(decoding: start, as: UTF8.self))
    let prefixes = ["name:", ":name ", "@name "]
    guard let prefix = prefixes.first(where: { text.hasPrefix($0) }) else { return nil }
    text = text.dropFirst(prefix.count).drop(while: \.isWhitespace)
    let name = text.prefix { !$0.isWhitespace && $0 != "*" }
    return name.isEmpty ? nil : String(name)
  }
}
