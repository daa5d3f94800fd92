/// An empty database of its own, for one test.
package struct PostgresDatabase: Sendable {
  /// Where the server's socket lies.
  package let folder: String
  /// Its name.
  package let name: String

  /// Opens one more session.
  package func connect() throws(PostgresError) -> PostgresSession {
    try PostgresSession(folder: folder, database: name)
  }
}
