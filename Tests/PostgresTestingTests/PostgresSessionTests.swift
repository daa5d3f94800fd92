import PostgresTesting
import Testing

/// Sessions and databases of the test server.
@Suite(.enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct PostgresSessionTests {
  @Test func readsRows() async throws {
    try await PostgresServer.shared().withDatabase { database in
      let rows = try database.connect().execute("VALUES (1, NULL), (2, 'ä')")
      #expect(rows == [["1", nil], ["2", "ä"]])
    }
  }

  @Test func reportsErrors() async throws {
    try await PostgresServer.shared().withDatabase { database in
      let session = try database.connect()
      #expect(throws: PostgresError(sqlState: "22012", message: "division by zero")) {
        try session.execute("SELECT 1 / 0")
      }
      try session.send("SELECT 1 / 0")
      #expect(throws: PostgresError.self) { try session.finish() }
      #expect(try session.execute("SELECT 1") == [["1"]])
    }
  }

  @Test func sendsWithoutWaiting() async throws {
    try await PostgresServer.shared().withDatabase { database in
      let holder = try database.connect()
      let waiter = try database.connect()
      try holder.execute("BEGIN; SELECT pg_advisory_xact_lock(1)")
      try waiter.send("SELECT pg_advisory_xact_lock(1)")
      #expect(waiter.isBusy)
      try holder.execute("COMMIT")
      #expect(try waiter.finish() == [[""]])
      #expect(!waiter.isBusy)
    }
  }

  @Test func databasesAreApart() async throws {
    let server = try PostgresServer.shared()
    try await server.withDatabase { first in
      try first.connect().execute("CREATE TABLE here ()")
      try await server.withDatabase { second in
        let rows = try second.connect().execute("SELECT to_regclass('here')")
        #expect(rows == [[nil]])
      }
    }
  }
}
