import LockAnalysis
import Diagnostics
import Foundation
import Linting
import LockModel

/// What the model says of a random statement.
struct GeneratorModel: Sendable {
  /// One lock.
  struct Entry: Sendable {
    let lock: ConformanceLock
    let reason: [String]
    /// Whether it is taken only where there are rows, or in a branch.
    let isOptional: Bool
  }

  /// All locks, in the order in which they are taken.
  let entries: [Entry]
  /// Relations with a lock that is gone when the statement is through.
  let brieflyLocked: Set<String>
  /// What the model says that it does not know.
  let notes: [String]

  init(_ statement: GeneratorStatement, schema: String) {
    let sources = [
      SourceFile(path: "structure.sql", bytes: Array(schema.utf8)),
      SourceFile(path: "line.sql", bytes: Array("BEGIN;\n\(statement.text);\nCOMMIT;\n".utf8)),
    ]
    let lowered = LockListing.make(sources, threads: 1).statements
      .first { $0.range.file.path == "line.sql" && $0.kind != "TransactionStmt" }
    notes = lowered?.notes.map(\.text) ?? ["the statement is not in the list"]
    let acquisitions = lowered?.acquisitions ?? []
    entries = acquisitions.compactMap { Self.entry($0, in: statement) }
    brieflyLocked = Set(
      acquisitions.filter { $0.duration == .statement }.compactMap(\.target.relation?.short))
  }

  private static func entry(
    _ acquisition: Acquisition, in statement: GeneratorStatement
  ) -> Entry? {
    guard acquisition.duration != .statement,
      let name = acquisition.target.relation?.short
    else { return nil }
    let lock: ConformanceLock
    switch (acquisition.target, acquisition.mode) {
    case (.table, .table(let mode)):
      lock = acquisition.isPrivate ? .created(name, mode) : .relation(name, mode)
    case (.rows, .row) where acquisition.isPrivate: return nil
    case (.rows, .row(let mode)):
      lock = .rows(name, mode, isMany: acquisition.rows?.count.isMany ?? false)
    default: return nil
    }
    return Entry(
      lock: lock, reason: acquisition.reason.texts,
      isOptional: isOptional(acquisition, in: statement))
  }

  /// What triggers, foreign keys and functions lock, and where new rows go, depends on the rows;
  /// the tables of a definition don't. VALUES always has rows.
  private static func isOptional(
    _ acquisition: Acquisition, in statement: GeneratorStatement
  ) -> Bool {
    guard statement.dependsOnRows else { return false }
    if !acquisition.branches.isEmpty { return true }
    let words = ["trigger ", "foreign key ", "function "]
    if acquisition.reason.texts.contains(where: { step in words.contains { step.hasPrefix($0) } }) {
      return true
    }
    let hasValues = statement.text.contains(" VALUES (") && !statement.text.hasPrefix("MERGE")
    return !hasValues
      && acquisition.reason.texts.contains { step in
        ["default of ", "bounds of "].contains { step.hasPrefix($0) }
      }
  }
}
