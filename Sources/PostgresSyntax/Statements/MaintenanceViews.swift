/// `REINDEX`.
package struct ReindexStatement: Sendable {
  /// What is built anew.
  package enum Kind: Sendable { case index, table, schema, system, database }

  private let node: Node

  init(_ node: Node) { self.node = node }

  /// What is built anew.
  package var kind: Kind {
    switch node.string(.kind) {
    case "REINDEX_OBJECT_INDEX": .index
    case "REINDEX_OBJECT_SCHEMA": .schema
    case "REINDEX_OBJECT_SYSTEM": .system
    case "REINDEX_OBJECT_TABLE": .table
    default: .database
    }
  }
  /// The index or table.
  package var relation: TableReference? { node.child(.relation).map(TableReference.init) }
  /// The schema or database.
  package var name: String? { node.string(.name) }
  /// Whether CONCURRENTLY is written.
  package var isConcurrent: Bool {
    node.isOptionSet("concurrently", in: .params)
  }
}

/// `VACUUM` and `ANALYZE`.
package struct VacuumStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// In the order of the text; empty for all that there are.
  package var tables: [TableReference] {
    node.list(.rels).compactMap { $0.child(.relation).map(TableReference.init) }
  }
  /// Whether it is VACUUM.
  package var isVacuum: Bool { node.flag(.is_vacuumcmd) }
  /// Whether tables are written anew.
  package var isFull: Bool { node.flag(.is_vacuumcmd) && node.isOptionSet("full", in: .options) }
  /// Whether statistics are taken.
  package var analyzes: Bool {
    !node.flag(.is_vacuumcmd) || node.isOptionSet("analyze", in: .options)
  }
}

/// `REFRESH MATERIALIZED VIEW`.
package struct RefreshStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The materialized view.
  package var view: TableReference? { node.child(.relation).map(TableReference.init) }
  /// Whether CONCURRENTLY is written.
  package var isConcurrent: Bool { node.flag(.concurrent) }
  /// Whether it leaves the view empty.
  package var skipsData: Bool { node.flag(.skipData) }
}

/// `LOCK`.
package struct LockStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// In the order of the text.
  package var tables: [TableReference] { node.list(.relations).map(TableReference.init) }
  /// From 1, ACCESS SHARE, to 8, ACCESS EXCLUSIVE, as in PostgreSQL's lockdefs.h;
  /// 8 also where none is written.
  package var modeNumber: Int { node.int(.mode) }
  /// Whether NOWAIT is written: it fails where it would have to wait.
  package var failsWhenLocked: Bool { node.flag(.nowait) }
}

/// `TRUNCATE`.
package struct TruncateStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// In the order of the text.
  package var tables: [TableReference] { node.list(.relations).map(TableReference.init) }
  /// Whether CASCADE is written.
  package var cascades: Bool { node.symbol(.behavior, is: "DROP_CASCADE") }
  /// Whether RESTART IDENTITY is written.
  package var restartsSequences: Bool { node.flag(.restart_seqs) }
}
