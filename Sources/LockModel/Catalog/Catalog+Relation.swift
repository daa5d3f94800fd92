package import PostgresSyntax

extension Catalog {
  /// A table, view, materialized view or sequence.
  ///
  /// A value behind one reference: it is looked up and handed on far more often than it is changed.
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

    private struct Fields {
      var name: RelationName
      var kind: Kind
      var columns: [Column] = []
      var keys: [UniqueKey] = []
      var foreignKeys: [ForeignKey] = []
      var triggers: [Trigger] = []
      var rules: [Rule] = []
      var policies: [Policy] = []
      var hasRowSecurity: Bool = false
      var isTemporary: Bool = false
      var parents: [RelationName] = []
      var partitioning: PartitionSpecification?
      var bound: PartitionBound?
      var hasChildren: Bool = false
      var searchPath: [String] = []
      var dependencies: [RelationName] = []
      var calls: [Call] = []
      var checks: [RetainedNode] = []
      var unvalidated: Set<String> = []
      var isClustered: Bool = false
      var rowType: String?
      var number: Int = 0
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

    // MARK: Parts

    /// Its name.
    package var name: RelationName {
      get { storage.fields.name }
      _modify {
        makeUnique()
        yield &storage.fields.name
      }
    }
    /// What it is.
    package var kind: Kind {
      get { storage.fields.kind }
      _modify {
        makeUnique()
        yield &storage.fields.kind
      }
    }
    /// In their order.
    package var columns: [Column] {
      get { storage.fields.columns }
      _modify {
        makeUnique()
        yield &storage.fields.columns
      }
    }
    /// The keys that tell its rows apart.
    package var keys: [UniqueKey] {
      get { storage.fields.keys }
      _modify {
        makeUnique()
        yield &storage.fields.keys
      }
    }
    /// In the order in which they were made.
    package var foreignKeys: [ForeignKey] {
      get { storage.fields.foreignKeys }
      _modify {
        makeUnique()
        yield &storage.fields.foreignKeys
      }
    }
    /// In the order in which they were made.
    package var triggers: [Trigger] {
      get { storage.fields.triggers }
      _modify {
        makeUnique()
        yield &storage.fields.triggers
      }
    }
    /// In the order of their names, in which they run.
    package var rules: [Rule] {
      get { storage.fields.rules }
      _modify {
        makeUnique()
        yield &storage.fields.rules
      }
    }
    /// What its policies read, in effect once row security is enabled.
    package var policies: [Policy] {
      get { storage.fields.policies }
      _modify {
        makeUnique()
        yield &storage.fields.policies
      }
    }
    /// Whether its policies are in effect.
    package var hasRowSecurity: Bool {
      get { storage.fields.hasRowSecurity }
      _modify {
        makeUnique()
        yield &storage.fields.hasRowSecurity
      }
    }
    /// Whether it is nobody else's.
    package var isTemporary: Bool {
      get { storage.fields.isTemporary }
      _modify {
        makeUnique()
        yield &storage.fields.isTemporary
      }
    }
    /// The partitioned table that it belongs to, or the tables that it inherits from.
    package var parents: [RelationName] {
      get { storage.fields.parents }
      _modify {
        makeUnique()
        yield &storage.fields.parents
      }
    }
    /// How a partitioned table divides its rows.
    package var partitioning: PartitionSpecification? {
      get { storage.fields.partitioning }
      _modify {
        makeUnique()
        yield &storage.fields.partitioning
      }
    }
    /// Which rows of its parent a partition has.
    package var bound: PartitionBound? {
      get { storage.fields.bound }
      _modify {
        makeUnique()
        yield &storage.fields.bound
      }
    }
    /// Whether other tables inherit from it, whose rows its keys say nothing of.
    package var hasChildren: Bool {
      get { storage.fields.hasChildren }
      _modify {
        makeUnique()
        yield &storage.fields.hasChildren
      }
    }
    /// For views: the search path under which the query was read.
    var searchPath: [String] {
      get { storage.fields.searchPath }
      _modify {
        makeUnique()
        yield &storage.fields.searchPath
      }
    }
    /// For views: the relations that the query names, in the order of the text.
    var dependencies: [RelationName] {
      get { storage.fields.dependencies }
      _modify {
        makeUnique()
        yield &storage.fields.dependencies
      }
    }
    /// What its checks, defaults, policies, triggers and indexes call.
    var calls: [Call] {
      get { storage.fields.calls }
      _modify {
        makeUnique()
        yield &storage.fields.calls
      }
    }
    /// CHECK constraints that call functions.
    var checks: [RetainedNode] {
      get { storage.fields.checks }
      _modify {
        makeUnique()
        yield &storage.fields.checks
      }
    }
    /// Constraints that were added NOT VALID and not validated since.
    var unvalidated: Set<String> {
      get { storage.fields.unvalidated }
      _modify {
        makeUnique()
        yield &storage.fields.unvalidated
      }
    }
    /// Whether CLUSTER has been told of an index.
    var isClustered: Bool {
      get { storage.fields.isClustered }
      _modify {
        makeUnique()
        yield &storage.fields.isClustered
      }
    }
    /// For tables of a composite type: its name.
    var rowType: String? {
      get { storage.fields.rowType }
      _modify {
        makeUnique()
        yield &storage.fields.rowType
      }
    }
    /// In the order of creation, from 1.
    var number: Int {
      get { storage.fields.number }
      _modify {
        makeUnique()
        yield &storage.fields.number
      }
    }
  }
}
