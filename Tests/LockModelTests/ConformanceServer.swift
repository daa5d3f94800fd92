import Foundation
import LockModel
import PostgresTesting

/// The sessions that watch a family's statements in a database.
struct ConformanceServer {
  /// A relation of the schema.
  struct Relation {
    let name: String
    /// As in `pg_class.relkind`.
    let kind: String
    /// Whose index it is.
    let table: String?

    /// An index is locked along with its table; only a lock of its own counts.
    var isIndex: Bool { kind == "i" || kind == "I" }
    /// What holds rows itself.
    var hasRows: Bool { kind == "r" }
    /// What `LOCK TABLE` takes, without anything below it.
    var canBeLocked: Bool { kind == "r" || kind == "p" }
  }

  let database: PostgresDatabase
  /// Watches.
  let control: PostgresSession
  /// Holds what a statement is to wait for.
  let blocker: PostgresSession
  private let schema: String
  /// By object identifier.
  private(set) var relations: [String: Relation] = [:]
  /// By name.
  private(set) var identifiers: [String: String] = [:]

  /// Creates the schema.
  init(_ database: PostgresDatabase, schema: String) throws {
    self.database = database
    self.schema = schema
    control = try database.connect()
    blocker = try database.connect()
    try control.execute("CREATE SCHEMA tools; CREATE EXTENSION pgrowlocks SCHEMA tools")
    try blocker.execute("SET lock_timeout = '5s'; SET client_min_messages = error")
    try control.execute("SET client_min_messages = error")
    try create()
  }

  /// Creates the schema anew.
  mutating func reset() throws {
    try control.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    try create()
  }

  private mutating func create() throws {
    try control.execute(schema)
    let rows = try control.execute(
      """
      SELECT c.oid, \(Self.name), c.relkind, i.indrelid FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
      WHERE c.oid >= 16384 ORDER BY i.indrelid IS NOT NULL
      """)
    relations = [:]
    identifiers = [:]
    for row in rows {
      guard let identifier = row[0], let name = row[1], let kind = row[2] else { continue }
      let table = row[3].flatMap { relations[$0]?.name }
      relations[identifier] = Relation(name: name, kind: kind, table: table)
      identifiers[name] = identifier
    }
  }

  /// The relation of that name.
  func relation(_ name: String) -> Relation? { identifiers[name].flatMap { relations[$0] } }

  private static let name = """
    CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname
    """

  // MARK: Table locks

  /// What a session has locked, and what it waits for.
  struct Held {
    var granted: [ConformanceLock] = []
    var waiting: [ConformanceLock] = []
    /// Of the granted ones, relations that the session can't be seen to have made.
    var hasUnknown = false
    /// Locked so that even a look at the rows has to wait.
    var closed: Set<String> = []
    /// Where rows may have a lock.
    var withRows: Set<String> = []
  }

  /// The table and advisory locks of a session, as `session` sees the names of relations.
  func held(by pid: Int32, seenBy session: PostgresSession) throws -> Held {
    let rows = try session.execute(
      """
      SELECT l.locktype, l.relation, l.mode, l.granted, l.classid::bigint, l.objid::bigint,
        l.objsubid, \(Self.name), c.relkind, n.nspname
      FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation
      LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE l.pid = \(pid)
        AND (l.locktype = 'relation' AND l.relation >= 16384 OR l.locktype = 'advisory')
      ORDER BY l.relation
      """)
    var held = Held()
    for row in rows {
      if row[0] == "advisory" {
        held.add(Self.advisory(row), isGranted: row[3] == "t")
      } else if let mode = Self.mode(row[2] ?? "") {
        add(row, mode, to: &held)
      }
    }
    return held
  }

  private func add(_ row: [String?], _ mode: TableLockMode, to held: inout Held) {
    guard let known = relations[row[1] ?? ""] else {
      if mode == .accessExclusive { held.hasUnknown = true }
      guard let name = row[7], let kind = row[8], "rpvmf".contains(kind),
        !(row[9] ?? "").hasPrefix("pg_")
      else { return }
      held.addCreated(name, mode)
      return
    }
    guard known.kind != "t" else { return }
    if mode == .accessExclusive { held.closed.insert(known.name) }
    if mode >= .rowShare, known.hasRows { held.withRows.insert(known.name) }
    if known.isIndex, mode < .shareUpdateExclusive { return }
    held.add(.relation(known.name, mode), isGranted: row[3] == "t")
  }

  private static func advisory(_ row: [String?]) -> ConformanceLock {
    let first = Int64(row[4] ?? "") ?? 0
    let second = Int64(row[5] ?? "") ?? 0
    let key =
      row[6] == "1"
      ? String(first << 32 | second)
      : "\(Int32(truncatingIfNeeded: first)), \(Int32(truncatingIfNeeded: second))"
    return .advisory(key, isExclusive: row[2] == "ExclusiveLock")
  }

  private static func mode(_ name: String) -> TableLockMode? {
    let flat = name.replacing("Lock", with: "").lowercased()
    return TableLockMode.allCases.first {
      $0.rawValue.lowercased().replacing(" ", with: "") == flat
    }
  }

  // MARK: Row locks

  /// One row version and how it is locked.
  struct RowLock: Hashable {
    let table: String
    let row: String
    let mode: RowLockMode
  }

  /// The row locks of a session in those of `tables` that can be looked at. What a sub-transaction
  /// locks has no process; nobody else has sub-transactions.
  func rowLocks(of pid: Int32, in tables: Set<String>) throws -> Set<RowLock> {
    guard !tables.isEmpty else { return [] }
    let names = tables.sorted().map { "'\($0)'" }.joined(separator: ", ")
    let rows = try control.execute(
      """
      SELECT t.name, r.locked_row, m.mode FROM unnest(ARRAY[\(names)]) t(name),
      LATERAL tools.pgrowlocks(t.name) r, LATERAL unnest(r.modes, r.pids) m(mode, pid)
      WHERE m.pid IN (\(pid), 0)
      """)
    return Set(
      rows.compactMap { row in
        guard let table = row[0], let version = row[1], let mode = Self.rowMode(row[2] ?? "")
        else { return nil }
        return RowLock(table: table, row: version, mode: mode)
      })
  }

  /// As pgrowlocks names the modes, with two names for some of them.
  private static func rowMode(_ name: String) -> RowLockMode? {
    switch name {
    case "Key Share", "For Key Share": .forKeyShare
    case "Share", "For Share": .forShare
    case "No Key Update", "For No Key Update": .forNoKeyUpdate
    case "Update", "For Update": .forUpdate
    default: nil
    }
  }
}

extension ConformanceServer.Held {
  fileprivate mutating func add(_ lock: ConformanceLock, isGranted: Bool) {
    if isGranted { granted.append(lock) } else { waiting.append(lock) }
  }

  /// Of a new relation only the strongest lock counts.
  fileprivate mutating func addCreated(_ name: String, _ mode: TableLockMode) {
    let index = granted.firstIndex {
      if case .created(name, _) = $0 { true } else { false }
    }
    guard let index else { return granted.append(.created(name, mode)) }
    if case .created(_, let old) = granted[index], old < mode {
      granted[index] = .created(name, mode)
    }
  }
}
