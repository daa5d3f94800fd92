/// `COPY`.
package struct CopyStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The table, unless it is of a query.
  package var table: TableReference? { node.child(.relation).map(TableReference.init) }
  /// The statement that it runs or names.
  package var query: Node? { node.child(.query) }
  /// Whether it writes the table.
  package var isFrom: Bool { node.flag(.is_from) }
  /// The columns that are named; empty for all.
  package var columns: [String] { node.list(.attlist).compactMap { $0.string(.sval) } }
}

/// `EXPLAIN`.
package struct ExplainStatement: Sendable {
  private let node: Node

  /// Reads an `ExplainStmt`.
  package init(_ node: Node) { self.node = node }

  /// The statement that it runs or names.
  package var query: Node? { node.child(.query) }
  /// Whether the statement is carried out.
  package var isAnalyze: Bool { node.isOptionSet("analyze", in: .options) }
}

/// `PREPARE`.
package struct PrepareStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name that the query gets.
  package var name: String? { node.string(.name) }
  /// The statement that it runs or names.
  package var query: Node? { node.child(.query) }
}

/// `DECLARE … CURSOR`.
package struct DeclareCursorStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name that the query gets.
  package var name: String? { node.string(.portalname) }
  /// The statement that it runs or names.
  package var query: Node? { node.child(.query) }
}

/// `FETCH` and `MOVE`.
package struct FetchStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The cursor.
  package var cursor: String? { node.string(.portalname) }
  /// Whether it goes over one row at most.
  package var isOfOneRow: Bool { abs(node.int(.howMany)) <= 1 }
}
