/// What the server, or the way to it, answered instead of a result.
package struct PostgresError: Error, Hashable, CustomStringConvertible {
  /// Five characters, for example `40P01`; empty when the connection itself failed.
  package let sqlState: String
  /// The server's message, without the severity.
  package let message: String

  /// An error with a SQLSTATE and a message.
  package init(sqlState: String, message: String) {
    self.sqlState = sqlState
    self.message = message
  }

  /// The server found a circle of waits and chose this session to end it.
  package var isDeadlock: Bool { sqlState == "40P01" }

  package var description: String {
    sqlState.isEmpty ? message : "\(message) (SQLSTATE \(sqlState))"
  }
}
