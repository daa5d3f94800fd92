/// `CREATE TABLE` and `CREATE FOREIGN TABLE`.
package struct CreateTableStatement: Sendable {
  /// An element in the parentheses.
  package enum Element: Sendable {
    case column(ColumnDefinition)
    case constraint(ConstraintDefinition)
    case like(TableReference, including: CopiedParts)
    case other
  }

  /// What LIKE … INCLUDING copies, as `TableLikeOption` of `parsenodes.h` numbers it.
  package struct CopiedParts: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    /// The defaults of the columns.
    package static let defaults = CopiedParts(rawValue: 1 << 3)
    /// The identity columns, each with a sequence of its own.
    package static let identity = CopiedParts(rawValue: 1 << 5)
    /// The indexes, with them the keys.
    package static let indexes = CopiedParts(rawValue: 1 << 6)
  }

  /// The statement, or the part of CREATE FOREIGN TABLE that is like one.
  private let node: Node

  /// Whether it is a foreign table.
  package let isForeign: Bool

  init(_ node: Node) {
    let base = node.child(.base)
    self.node = base ?? node
    isForeign = base != nil
  }

  /// The table that is made.
  package var table: TableReference? { node.child(.relation).map(TableReference.init) }
  /// Whether IF NOT EXISTS is written.
  package var allowsExisting: Bool { node.flag(.if_not_exists) }
  /// The tables of INHERITS, or the one of PARTITION OF.
  package var parents: [TableReference] { node.list(.inhRelations).map(TableReference.init) }
  /// Which rows of its parent a partition has.
  package var bound: PartitionBoundSpecification? {
    node.child(.partbound).map(PartitionBoundSpecification.init)
  }
  /// `PARTITION BY`.
  package var partitioning: PartitionSpecification? {
    node.child(.partspec).map(PartitionSpecification.init)
  }
  /// The composite type of `OF`.
  package var rowType: ObjectName? { node.child(.ofTypename).map(ObjectName.init) }
  /// In the order of the text.
  package var elements: [Element] { node.list(.tableElts).map(Self.element) }
  /// The constraints of the columns and of the table, in the order of the text.
  package var constraints: [ConstraintDefinition] {
    elements.flatMap { element -> [ConstraintDefinition] in
      switch element {
      case .column(let column): column.constraints
      case .constraint(let constraint): [constraint]
      case .like, .other: []
      }
    }
  }

  private static func element(_ node: Node) -> Element {
    switch node.tag {
    case .ColumnDef: return .column(ColumnDefinition(node))
    case .Constraint: return .constraint(ConstraintDefinition(node))
    case .TableLikeClause:
      guard let source = node.child(.relation) else { return .other }
      // CREATE_TABLE_LIKE_INDEXES of PostgreSQL's parsenodes.h.
      return .like(
        TableReference(source), including: CopiedParts(rawValue: node.int(.options)))
    default: return .other
    }
  }
}

/// `PARTITION BY …`.
package struct PartitionSpecification: Sendable {
  /// How rows are told apart.
  package enum Strategy: Sendable { case list, range, hash }

  /// How rows are told apart.
  package let strategy: Strategy
  /// The columns of the key; nil for an expression.
  package let columns: [String?]

  init(_ node: Node) {
    switch node.string(.strategy)?.lowercased() {
    case "list", "l": strategy = .list
    case "hash", "h": strategy = .hash
    default: strategy = .range
    }
    columns = node.list(.partParams).map { $0.string(.name) }
  }
}

/// `FOR VALUES …` or `DEFAULT`, with the values as they are written.
package enum PartitionBoundSpecification: Sendable {
  case list([Node])
  case range(from: [Node], to: [Node])
  case hash(modulus: Int, remainder: Int)
  case `default`

  init(_ node: Node) {
    if node.flag(.is_default) {
      self = .default
      return
    }
    switch node.string(.strategy) {
    case "l": self = .list(Array(node.list(.listdatums)))
    case "h": self = .hash(modulus: node.int(.modulus), remainder: node.int(.remainder))
    default:
      self = .range(from: Array(node.list(.lowerdatums)), to: Array(node.list(.upperdatums)))
    }
  }
}

/// `CREATE TABLE … AS` and `CREATE MATERIALIZED VIEW`.
package struct CreateTableAsStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The table or view that is made.
  package var table: TableReference? {
    node.child(.into)?.child(.rel).map(TableReference.init)
  }
  /// The query, or EXECUTE.
  package var query: Node? { node.child(.query) }
  /// WITH NO DATA: the query is not run.
  package var skipsData: Bool { node.child(.into)?.flag(.skipData) ?? false }
  /// Whether the query is kept, as a materialized view.
  package var isMaterializedView: Bool {
    ObjectType(node.string(.objtype)) == .materializedView
  }
}

/// `CREATE VIEW`.
package struct CreateViewStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The view that is made.
  package var view: TableReference? { node.child(.view).map(TableReference.init) }
  /// What the view shows.
  package var query: Node? { node.child(.query) }
  /// The names of its columns, where they are written.
  package var columnNames: [String] { node.list(.aliases).compactMap { $0.string(.sval) } }
}

/// `CREATE INDEX`.
package struct CreateIndexStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The table that gets the index.
  package var table: TableReference? { node.child(.relation).map(TableReference.init) }
  /// The name, when one is written.
  package var name: String? { node.string(.idxname) }
  /// The columns and expressions of the key.
  package var parts: [IndexPart] { node.list(.indexParams).map(IndexPart.init) }
  /// WHERE of a partial index.
  package var condition: Node? { node.child(.whereClause) }
  /// Whether it is a key.
  package var isUnique: Bool { node.flag(.unique) }
  /// Whether it finds rows by equality, as those of the methods `btree` and `hash` do.
  package var findsEqual: Bool {
    node.string(.accessMethod).map { ["btree", "hash"].contains($0) } ?? true
  }
  /// Whether CONCURRENTLY is written.
  package var isConcurrent: Bool { node.flag(.concurrent) }
  /// Whether two NULLs are the same key.
  package var nullsNotDistinct: Bool { node.flag(.nulls_not_distinct) }
}

/// `CREATE SEQUENCE` and `ALTER SEQUENCE`.
package struct SequenceStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The sequence that is made or changed.
  package var sequence: TableReference? { node.child(.sequence).map(TableReference.init) }
  /// Whether IF EXISTS is written.
  package var allowsMissing: Bool { node.flag(.missing_ok) }
  /// The tables and columns of OWNED BY.
  package var owners: [(table: QualifiedName, column: String)] {
    node.list(.options).filter { $0.string(.defname) == "owned_by" }.compactMap { option in
      let parts = option.child(.arg).map { ObjectName($0).parts } ?? []
      guard let column = parts.last, let table = QualifiedName(parts.dropLast()) else { return nil }
      return (table, column)
    }
  }
}

/// `CREATE SCHEMA`.
package struct CreateSchemaStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name, when one is written.
  package var name: String? { node.string(.schemaname) }
  /// The statements that make what is in it.
  package var elements: [SQLCommand] { node.list(.schemaElts).map { SQLCommand($0) } }
}

/// `CREATE STATISTICS`.
package struct CreateStatisticsStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The name, when one is written.
  package var name: String? { node.list(.defnames).compactMap { $0.string(.sval) }.last }
  /// The tables of FROM; PostgreSQL allows one.
  package var tables: [TableReference] { node.list(.relations).map(TableReference.init) }
}
