internal import CLibPQ

/// One connection to the server, with a call for statements that block.
///
/// Not `Sendable`: a session belongs to the test that opened it. Closed when released, and what
/// was not committed is rolled back.
package final class PostgresSession {
  private let connection: OpaquePointer
  /// The process that serves this session, as in `pg_locks.pid`.
  package let pid: Int32

  /// Connects to `database` of the server whose socket lies in `folder`.
  package init(folder: String, database: String) throws(PostgresError) {
    let settings = "host='\(folder)' user=postgres dbname='\(database)' connect_timeout=10"
    guard let connection = PQconnectdb(settings) else {
      throw PostgresError(sqlState: "", message: "out of memory")
    }
    guard PQstatus(connection) == CONNECTION_OK else {
      let message = String(cString: PQerrorMessage(connection))
      PQfinish(connection)
      throw PostgresError(sqlState: "", message: message)
    }
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    self.connection = connection
    pid = PQbackendPID(connection)
  }

  deinit { PQfinish(connection) }

  /// Runs statements and waits for them; the rows are those of the last one, as text.
  ///
  /// Several statements in one text are one transaction, as in `psql -c`.
  @discardableResult
  package func execute(_ sql: String) throws(PostgresError) -> [[String?]] {
    try rows(of: PQexec(connection, sql))
  }

  /// Starts a statement that may block; `finish` collects its result.
  package func send(_ sql: String) throws(PostgresError) {
    guard PQsendQuery(connection, sql) == 1 else { throw connectionError }
  }

  /// The statement sent last has not ended yet.
  package var isBusy: Bool {
    // A broken connection is not busy: `finish` reports it.
    guard PQconsumeInput(connection) == 1 else { return false }
    return PQisBusy(connection) == 1
  }

  /// Waits for the statement sent last and gives its rows.
  @discardableResult
  package func finish() throws(PostgresError) -> [[String?]] {
    var last: Result<[[String?]], PostgresError> = .success([])
    while let result = PQgetResult(connection) {
      let next = Result { () throws(PostgresError) in try rows(of: result) }
      if case .success = last { last = next }
    }
    return try last.get()
  }

  private var connectionError: PostgresError {
    PostgresError(sqlState: "", message: String(cString: PQerrorMessage(connection)))
  }

  /// Reads a result and frees it.
  private func rows(of result: OpaquePointer?) throws(PostgresError) -> [[String?]] {
    guard let result else { throw connectionError }
    defer { PQclear(result) }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      return (0..<PQntuples(result)).map { row in
        (0..<PQnfields(result)).map { column in
          guard PQgetisnull(result, row, column) == 0 else { return nil }
          return String(cString: PQgetvalue(result, row, column))
        }
      }
    default:
      let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
      let message = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
      throw PostgresError(
        sqlState: state ?? "", message: message ?? String(cString: PQresultErrorMessage(result)))
    }
  }
}
