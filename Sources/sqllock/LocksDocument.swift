import Diagnostics
import Linting
import LockAnalysis
import LockModel
import Reports

/// The JSON of `sqllock locks`, version 1.
struct LocksDocument: Encodable {
  let version = 1
  let statements: [Statement]
  /// What the host program runs in one transaction.
  let programs: [Program]?

  init(_ listing: LockListing) {
    statements = listing.statements.map(Statement.init)
    programs = listing.programs.isEmpty ? nil : listing.programs.map(Program.init)
  }

  struct Program: Encodable {
    let name: String
    let path: String
    let line: Int
    /// `begun` there, `handed` to it, or `declared` in the configuration.
    let origin: String
    let calls: [Call]

    struct Call: Encodable {
      let line: Int
      let name: String
      let location: JSONLocation
      let isRepeated: Bool
    }

    init(_ program: LockListing.ProgramTransaction) {
      let transaction = program.transaction
      name = transaction.name
      path = transaction.path
      line = transaction.line
      origin = transaction.origin.rawValue
      calls = program.calls.map { call in
        Call(
          line: call.line, name: call.statement.title,
          location: JSONLocation(call.statement.range), isRepeated: call.isRepeated)
      }
    }
  }

  struct Statement: Encodable {
    let location: JSONLocation
    let kind: String
    let name: String?
    let routine: String?
    let transaction: Int
    let locks: [Lock]
    let notes: [String]?

    init(_ statement: LoweredStatement) {
      location = JSONLocation(statement.range)
      kind = statement.kind
      name = statement.name
      routine = statement.routine
      transaction = statement.transaction
      locks = statement.acquisitions.map(Lock.init)
      notes = statement.notes.isEmpty ? nil : statement.notes.map(\.text)
    }
  }

  struct Order: Encodable {
    let kind: String
    let keys: [String]?
    let why: String?

    init(_ order: RowOrder) {
      switch order {
      case .total(let terms):
        kind = "total"
        keys = terms.map(\.description)
        why = nil
      case .partial(let terms, let reason, _):
        kind = "partial"
        keys = terms.map(\.description)
        why = reason
      case .unordered(let reason):
        kind = "unordered"
        keys = nil
        why = reason
      case .unknown(let reason):
        kind = "unknown"
        keys = nil
        why = reason
      case .alreadyLocked(let reason):
        kind = "already-locked"
        keys = nil
        why = reason
      }
    }
  }

  struct Lock: Encodable {
    let target: String
    let relation: String?
    let key: String?
    let mode: String
    let rows: String?
    let order: Order?
    let waits: String?
    let duration: String?
    let reason: [String]
    let assumptions: [String]?

    init(_ lock: Acquisition) {
      var key: String?
      switch lock.target {
      case .table: target = "table"
      case .rows: target = "rows"
      case .uniqueKey: target = "unique-key"
      case .advisory(let parts):
        target = "advisory"
        key = parts.map(\.text).joined(separator: ", ")
      }
      if let columns = lock.rows?.conflictKey, !columns.isEmpty {
        key = columns.joined(separator: ", ")
      }
      self.key = key
      relation = lock.target.relation?.description
      mode = lock.mode.spelling
      rows = lock.rows?.count.rawValue
      order = lock.rows.flatMap { $0.count.isMany ? Order($0.order) : nil }
      waits = lock.rows == nil ? nil : lock.waits.rawValue
      if case .advisory = lock.target { duration = lock.duration.rawValue } else { duration = nil }
      reason = lock.reason.texts
      assumptions = lock.assumptions.isEmpty ? nil : lock.assumptions
    }
  }
}
