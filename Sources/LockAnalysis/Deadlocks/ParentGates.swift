import LockModel
import PostgresSyntax

/// Whether the row that rows belong to keeps others out.
///
/// A transaction that has locked one row by a value, and then locks the rows that have the same value
/// in a column, as children of the row have, meets copies of itself at the first row: with another
/// value they have no rows in common. That is enough where every other statement that locks several
/// rows of the table comes the same way, and no row changes hands. Where rows can, two copies meet if
/// that happens between their snapshots only.
struct ParentGates {
  private let workload: Workload
  private let functions: TriggerFunctions
  private var singleRows: SingleRows
  /// The locks that don't come by way of a row.
  private var strangers: [Passage: [AcquisitionID]] = [:]

  /// A way to rows of a table: by a row of another that has the same values in its columns, and
  /// those of the text in others.
  private struct Passage: Hashable {
    let table: RelationName
    var columns: [String]
    let parent: RelationName
    var parentColumns: [String]
    var constants: [String: Literal] = [:]
  }

  init(_ workload: Workload, _ functions: TriggerFunctions) {
    self.workload = workload
    self.functions = functions
    singleRows = SingleRows(workload, functions)
  }

  /// Who locks several rows of the table and does not pass the row that the requested ones belong to.
  struct Outsiders {
    /// Nil where the request itself passes none.
    var others: [AcquisitionID]?
    /// The same by a way on which rows change hands, with the column that the application writes.
    var moving: (others: [AcquisitionID], column: String)?
  }

  /// Who can still meet a request.
  mutating func outsiders(to request: AcquisitionID) -> Outsiders {
    guard let table = workload[request].target.relation else { return Outsiders() }
    var result = Outsiders()
    let lockClass = workload.catalog.lockClass(table)
    let all =
      guardedPassages(of: request, lockClass) + heldPassages(of: request, lockClass)
      + firingPassages(of: request, lockClass)
    for passage in all {
      let others = Array(strangers(to: passage).lazy.outsiders(to: request))
      if let column = movingColumn(of: passage) {
        if others.count < result.moving?.others.count ?? .max { result.moving = (others, column) }
      } else if others.count < result.others?.count ?? .max {
        result.others = others
      }
    }
    return result
  }

  /// So many single rows that a transaction has locked before are looked at.
  private static let gateLimit = 16

  /// By way of the single rows that the transaction has locked before by the same values.
  private mutating func guardedPassages(
    of request: AcquisitionID, _ lockClass: RelationName
  ) -> [Passage] {
    let lock = workload[request]
    guard let pinned = lock.rows?.pinned else { return [] }
    let columns = Dictionary(
      pinned.filter { $0.value.isOneValue && $0.value.literal == nil }.map { ($0.value, $0.key) },
      uniquingKeysWith: min)
    let gates = singleRows.rows(of: workload.transaction(of: request)).flatMap { parent, rows in
      rows.filter { $0.certainlyPrecedes(request, in: workload) }.map { (parent, $0) }
    }
    // The nearest last; those of callers are always looked at.
    return gates.sorted { left, right in
      switch (left.1.id, right.1.id) {
      case (let first?, let second?): first < second
      case (let first, nil): first != nil || left.0 < right.0
      case (nil, _?): false
      }
    }.suffix(Self.gateLimit).compactMap { parent, row in
      passage(by: row.lock, columns, from: parent, to: lockClass)
    }
  }

  /// By way of one row, which has what columns of the requested rows have in a key.
  private func passage(
    by gate: Acquisition, _ columns: [Term: String], from parent: RelationName,
    to lockClass: RelationName
  ) -> Passage? {
    guard let pinned = gate.rows?.pinned else { return nil }
    let key = singleRows.keys(of: gate).first { key in
      key.allSatisfy { column in
        pinned[column].map { $0.literal != nil || columns[$0] != nil } ?? false
      }
    }
    guard let key else { return nil }
    var passage = Passage(table: lockClass, columns: [], parent: parent, parentColumns: [])
    for column in key {
      guard let term = pinned[column] else { continue }
      if let literal = term.literal {
        passage.constants[column] = literal
      } else if let own = columns[term] {
        passage.columns.append(own)
        passage.parentColumns.append(column)
      }
    }
    return passage
  }

  /// By way of rows that the statement has locked before, whose key it finds the requested ones by.
  private func heldPassages(of request: AcquisitionID, _ lockClass: RelationName) -> [Passage] {
    let tables = (workload[request].rows?.ties ?? [:]).compactMap { source, columns in
      if case .locked(let name) = source { (name, columns) } else { nil }
    }
    return tables.sorted { $0.0 < $1.0 }.compactMap { name, columns in
      workload.catalog.relations[name].flatMap { passage(by: $0, columns, to: lockClass) }
    }
  }

  /// By way of the rows of a table with whose key columns are compared.
  private func passage(
    by table: Catalog.Relation, _ columns: [String: String], to lockClass: RelationName
  ) -> Passage? {
    let keys = table.identifyingKeys.filter(\.predicate.isEmpty).compactMap(\.columns)
    let key = keys.first { !$0.isEmpty && $0.allSatisfy { columns[$0] != nil } }
    guard let key else { return nil }
    return Passage(
      table: lockClass, columns: key.compactMap { columns[$0] },
      parent: workload.catalog.lockClass(table.name), parentColumns: key)
  }

  /// By way of the row that fires a trigger, where its function finds rows by a key of that row.
  private func firingPassages(
    of request: AcquisitionID, _ lockClass: RelationName
  ) -> [Passage] {
    let transaction = workload.statements[request.statement].transaction
    return functions.firing(of: transaction).compactMap { firing in
      passage(
        by: firing.table, Self.columns(of: workload[request], comparedWith: firing.records),
        to: lockClass)
    }
  }

  /// The columns of requested rows that are compared with the row that fires a trigger, by the
  /// columns of that row.
  private static func columns(
    of lock: Acquisition, comparedWith records: Set<String>
  ) -> [String: String] {
    var result: [String: String] = [:]
    for (column, term) in (lock.rows?.pinned ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard case .variable(let variable) = term, records.contains(variable.name),
        let field = variable.field
      else { continue }
      result[field] = column
    }
    return result.merging(lock.rows?.ties[.firing] ?? [:]) { $1 }
  }

  /// The column by which rows change hands.
  private func movingColumn(of passage: Passage) -> String? {
    let changing = workload.changing[passage.table]
    return passage.columns.first { changing?[$0] != nil }
  }

  private mutating func strangers(to passage: Passage) -> [AcquisitionID] {
    if let known = strangers[passage] { return known }
    var result: [AcquisitionID] = []
    for locker in workload.lockers[passage.table] ?? [] where !passes(locker, passage) {
      result.append(locker)
    }
    strangers[passage] = result
    return result
  }

  /// Whether a transaction has locked, on every run, the row that the requested ones belong to.
  private mutating func passes(_ request: AcquisitionID, _ passage: Passage) -> Bool {
    let lock = workload[request]
    let transaction = workload.transaction(of: request)
    guard passage.columns.count == passage.parentColumns.count else { return false }
    let isFired = functions.firing(of: transaction.number).contains { firing in
      guard workload.catalog.lockClass(firing.table.name) == passage.parent else { return false }
      let columns = Self.columns(of: lock, comparedWith: firing.records)
      return zip(passage.columns, passage.parentColumns).allSatisfy { columns[$1] == $0 }
    }
    if isFired { return passage.constants.isEmpty }
    let isTied = (lock.rows?.ties ?? [:]).contains { source, columns in
      guard case .locked(let name) = source, workload.catalog.lockClass(name) == passage.parent
      else { return false }
      return zip(passage.columns, passage.parentColumns).allSatisfy { columns[$1] == $0 }
    }
    if isTied { return passage.constants.isEmpty }
    guard let pinned = lock.rows?.pinned,
      passage.columns.allSatisfy({ pinned[$0]?.isOneValue ?? false })
    else { return false }
    return singleRows.rows(of: transaction)[passage.parent]?.contains { gate in
      guard let rows = gate.lock.rows, gate.certainlyPrecedes(request, in: workload),
        passage.constants.allSatisfy({ rows.literal(of: $0) == $1 })
      else { return false }
      return zip(passage.columns, passage.parentColumns).allSatisfy { column, parent in
        rows.pinned[parent] == pinned[column]
      }
    } ?? false
  }
}

extension LazySequenceProtocol where Element == AcquisitionID {
  /// Those of other statements, as many as are tried for one that meets a request.
  func outsiders(to request: AcquisitionID) -> some Sequence<AcquisitionID> {
    filter { $0.statement != request.statement }.prefix(64)
  }
}
