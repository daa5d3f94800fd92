import LockAnalysis
import Diagnostics
import Foundation
import Linting
import LockModel

/// What the model says of a line of the conformance tables.
struct ConformanceModel {
  private let family: ConformanceFamily
  /// The table that a partition or an inheritance child hangs on.
  private let parents: [String: String]

  init(_ family: ConformanceFamily) {
    self.family = family
    parents = Self.parents(in: family.schema)
  }

  /// The locks of a line's last statement, as the tables write them.
  func locks(of line: ConformanceLine) -> [ConformanceLock] {
    let text = line.statements.map { $0 + ";\n" }.joined()
    let transaction = family.isOutsideTransaction ? text : "BEGIN;\n\(text)COMMIT;\n"
    let sources = [
      SourceFile(path: "structure.sql", bytes: Array(family.schema.utf8)),
      SourceFile(path: "line.sql", bytes: Array(transaction.utf8)),
    ]
    let statements = LockListing.make(sources, threads: 1).statements
      .filter { $0.range.file.path == "line.sql" && $0.routine == nil }
    let position = statements.lastIndex { $0.kind != "TransactionStmt" }
    guard let position else { return [] }
    let before = Self.held(statements[..<position]).flatMap { Self.relationLocks($0) }
    let created = before.compactMap { if case .created(let name, _) = $0 { name } else { nil } }
    return Self.describe(statements[position].acquisitions).filter { lock in
      if case .created(let name, _) = lock, created.contains(name) { return false }
      return !before.contains(lock)
    }
    .withoutIncluded(after: before)
  }

  /// The locks of statements, without those that ROLLBACK TO has given back.
  private static func held(_ statements: ArraySlice<LoweredStatement>) -> [[Acquisition]] {
    var held: [[Acquisition]] = []
    var savepoint = 0
    for statement in statements {
      let text = statement.range.text.uppercased()
      if text.hasPrefix("SAVEPOINT") { savepoint = held.count }
      if text.hasPrefix("ROLLBACK TO") { held.removeSubrange(savepoint...) }
      held.append(statement.acquisitions)
    }
    return held
  }

  private static func relationLocks(_ acquisitions: [Acquisition]) -> [ConformanceLock] {
    describe(acquisitions).filter { if case .rows = $0 { false } else { true } }
  }

  /// Each lock once, at its first place; of rows the strongest mode of a table.
  private static func describe(_ acquisitions: [Acquisition]) -> [ConformanceLock] {
    var result: [ConformanceLock] = []
    for acquisition in acquisitions {
      guard let lock = describe(acquisition) else { continue }
      let index = result.firstIndex { place($0) == place(lock) }
      if let index {
        result[index] = stronger(result[index], lock)
      } else {
        result.append(lock)
      }
    }
    return result
  }

  private static func describe(_ lock: Acquisition) -> ConformanceLock? {
    let name = lock.target.relation?.short ?? ""
    let isMany = lock.rows?.count.isMany ?? false
    switch (lock.target, lock.mode) {
    case (.table, .table(let mode)):
      // Temporary tables and locks that are given back at once show on no server.
      if lock.target.relation?.schema == "pg_temp" || lock.duration == .statement { return nil }
      return lock.isPrivate ? .created(name, mode) : .relation(name, mode)
    case (.rows, .row(let mode)):
      return lock.isPrivate ? nil : .rows(name, mode, isMany: isMany)
    // Entries of unique keys show nowhere on a server; `row-locks.txt` has them.
    case (.uniqueKey, _): return nil
    case (.advisory(let key), .advisory(let isExclusive)):
      return .advisory(key.map(\.text).joined(separator: ", "), isExclusive: isExclusive)
    default: return nil
    }
  }

  /// Locks with the same words here are one in the tables.
  private static func place(_ lock: ConformanceLock) -> String {
    switch lock {
    case .rows(let name, _, _): "rows \(name)"
    case .key(let name, _): "key \(name)"
    case .created(let name, _): "new \(name)"
    default: lock.description
    }
  }

  private static func stronger(
    _ left: ConformanceLock, _ right: ConformanceLock
  ) -> ConformanceLock {
    switch (left, right) {
    case (.rows(let name, let first, let isMany), .rows(_, let second, let isManyToo)):
      .rows(name, max(first, second), isMany: isMany || isManyToo)
    case (.key(let name, let isMany), .key(_, let isManyToo)):
      .key(name, isMany: isMany || isManyToo)
    case (.created(let name, let first), .created(_, let second)):
      .created(name, max(first, second))
    default: left
    }
  }

  // MARK: Partitions

  /// For a comparison: rows of a partition or child count as rows of the table above it, whichever
  /// of the two is named.
  func merged(_ locks: [ConformanceLock]) -> [ConformanceLock] {
    var result: [ConformanceLock] = []
    for lock in locks {
      guard case .rows(let name, let mode, let isMany) = lock else {
        result.append(lock)
        continue
      }
      let risen = ConformanceLock.rows(root(of: name), mode, isMany: isMany)
      let index = result.firstIndex { Self.place($0) == Self.place(risen) }
      guard let index else {
        result.append(risen)
        continue
      }
      // Rows in two partitions are several.
      result[index] = Self.stronger(.rows(root(of: name), mode, isMany: true), result[index])
    }
    return result
  }

  private func root(of name: String) -> String {
    var name = name
    while let parent = parents[name] { name = parent }
    return name
  }

  private static func parents(in schema: String) -> [String: String] {
    var result: [String: String] = [:]
    for match in schema.matches(of: #/CREATE TABLE (?<child>\S+) PARTITION OF (?<parent>\w+)/#) {
      result[String(match.child)] = String(match.parent)
    }
    for match in schema.matches(of: #/ALTER TABLE (?<parent>\S+) ATTACH PARTITION (?<child>\w+)/#) {
      result[String(match.child)] = String(match.parent)
    }
    for match in schema.matches(of: #/CREATE TABLE (?<child>\S+)[^;]* INHERITS \((?<parent>\w+)/#) {
      result[String(match.child)] = String(match.parent)
    }
    return result
  }
}
