package import PostgresSyntax

extension Catalog {
  /// A table, view, materialized view or sequence.
  ///
  /// A value behind one reference: it is looked up and handed on far more often than it is changed.
  @dynamicMemberLookup
  package struct Relation: Sendable {
    /// What it is, with the query of a view.
    package enum Kind: Sendable {
      case table
      case view(RetainedNode)
      case materializedView(RetainedNode?)
      case sequence
      case compositeType
    }

    private var storage: Storage

    /// What is known of it; read and changed as properties of the relation itself.
    package struct Fields: Sendable {
      /// Its name.
      package var name: RelationName
      /// What it is.
      package var kind: Kind
      /// In their order.
      package var columns: [Column] = []
      /// The keys that tell its rows apart.
      package var keys: [UniqueKey] = []
      /// What EXCLUDE says like a key, with the rows that it says it of.
      package var exclusions: [UniqueKey] = []
      /// In the order in which they were made.
      package var foreignKeys: [ForeignKey] = []
      /// In the order in which they were made.
      package var triggers: [Trigger] = []
      /// In the order of their names, in which they run.
      package var rules: [Rule] = []
      /// What its policies read, in effect once row security is enabled.
      package var policies: [Policy] = []
      /// Whether its policies are in effect.
      package var hasRowSecurity = false
      /// Whether it is nobody else's.
      package var isTemporary = false
      /// The partitioned table that it belongs to, or the tables that it inherits from.
      package var parents: [RelationName] = []
      /// How a partitioned table divides its rows.
      package var partitioning: PartitionSpecification?
      /// Which rows of its parent a partition has.
      package var bound: PartitionBound?
      /// Whether other tables inherit from it, whose rows its keys say nothing of.
      package var hasChildren = false
      /// For views: the search path under which the query was read.
      var searchPath: [String] = []
      /// For views: the relations that the query names, in the order of the text.
      var dependencies: [RelationName] = []
      /// Whether reading the view may lock rows: it has a locking clause, calls a function, or
      /// reads such a view.
      var locksWhenRead = false
      /// What its checks, defaults, policies, triggers and indexes call.
      var calls: [Call] = []
      /// Columns that a CHECK allows one value for, as `CHECK (id = 1)`, by its name.
      var fixedColumns: [String: String] = [:]
      /// Whether it is known to have one row at most, whatever its keys are.
      var hasOneRow = false
      /// CHECK constraints that call functions.
      var checks: [RetainedNode] = []
      /// Constraints that were added NOT VALID and not validated since.
      var unvalidated: Set<String> = []
      /// Whether CLUSTER has been told of an index.
      var isClustered = false
      /// For tables of a composite type: its name.
      var rowType: String?
      /// In the order of creation, from 1.
      var number = 0
    }

    /// Changed only by the value that alone has it.
    private final class Storage: @unchecked Sendable {
      var fields: Fields
      init(_ fields: Fields) { self.fields = fields }
    }

    init(name: RelationName, kind: Kind) {
      storage = Storage(Fields(name: name, kind: kind))
    }

    private mutating func makeUnique() {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.fields) }
    }

    package subscript<Value>(dynamicMember field: KeyPath<Fields, Value>) -> Value {
      storage.fields[keyPath: field]
    }

    subscript<Value>(dynamicMember field: WritableKeyPath<Fields, Value>) -> Value {
      get { storage.fields[keyPath: field] }
      _modify {
        makeUnique()
        yield &storage.fields[keyPath: field]
      }
    }
  }
}
