import PostgresTesting
import Testing

@testable import LockModel

/// What is said of functions that no file defines, held to the server's catalog.
@Suite(
  "Functions that no file defines",
  .enabled(if: PostgresServer.isExpected, "PostgreSQL is not installed"))
struct BuiltInFunctionsServerTests {
  /// The names of functions that SQL can call, as far as a condition holds.
  private static func names(_ condition: String) -> String {
    """
    SELECT DISTINCT proname FROM pg_proc AS p
    WHERE NOT 'internal'::regtype = ANY (proargtypes) AND NOT 'cstring'::regtype = ANY (proargtypes)
      AND prorettype NOT IN ('internal'::regtype, 'cstring'::regtype)
      AND prorettype::regtype::text NOT LIKE '%handler' AND \(condition)
    """
  }

  @Test("All that every server has are known")
  func builtIn() async throws {
    let rows = try await PostgresServer.shared().withDatabase { database in
      try database.connect().execute(
        Self.names(
          "pronamespace = 'pg_catalog'::regnamespace AND proname NOT LIKE 'binary\\_upgrade%'"))
    }
    let names = rows.compactMap { $0[0] }
    #expect(names.count > 1000)
    #expect(names.filter { !BuiltInFunctions.contains($0) } == [])
  }

  @Test("Those of extensions are there")
  func extensions() async throws {
    let extensions = [
      "citext", "cube", "earthdistance", "fuzzystrmatch", "hstore", "insert_username", "intagg",
      "intarray", "isn", "ltree", "moddatetime", "pg_trgm", "pgcrypto", "seg", "sslinfo",
      "tablefunc", "tcn", "unaccent", "\"uuid-ossp\"", "xml2",
    ]
    let rows = try await PostgresServer.shared().withDatabase { database in
      let session = try database.connect()
      for name in extensions {
        try session.execute("CREATE EXTENSION IF NOT EXISTS \(name) SCHEMA public CASCADE")
      }
      return try session.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    }
    let names = Set(rows.compactMap { $0[0] })
    #expect(
      ExtensionFunctions.contrib.split(whereSeparator: \.isWhitespace).map(String.init)
        .filter { !names.contains($0) } == [])
  }
}
