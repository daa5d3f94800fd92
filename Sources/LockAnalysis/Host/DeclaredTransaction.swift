/// Named queries that the application runs in one transaction, as the configuration says.
package struct DeclaredTransaction: Sendable {
  /// A query of a file, or all of the file.
  package struct Query: Sendable {
    /// As it is written.
    package let text: String
    /// The absolute path of the file.
    package let path: String
    /// The query's name; nil for all statements of the file.
    package let name: String?
    /// In the configuration, from 1.
    package let line: Int
    /// In the configuration, from 1.
    package let column: Int

    /// A query by its file and its name, and where the configuration names it.
    package init(_ text: String, path: String, name: String?, line: Int, column: Int) {
      self.text = text
      self.path = path
      self.name = name
      self.line = line
      self.column = column
    }
  }

  package let name: String
  /// The configuration's path and its line from 1.
  package let path: String
  package let line: Int
  /// In the order in which they run.
  package let queries: [Query]

  /// A transaction of queries in their order, and where the configuration declares it.
  package init(name: String, path: String, line: Int, queries: [Query]) {
    self.name = name
    self.path = path
    self.line = line
    self.queries = queries
  }
}

/// A query of the configuration that its file does not have.
package struct UnknownQuery: Sendable {
  package let query: DeclaredTransaction.Query
  /// The names that the file has.
  package let names: [String]
}
