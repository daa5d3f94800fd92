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

  /// A function that a part of a relation calls, and when the part was made.
  struct Call: Sendable {
    let function: String
    let number: Int
  }

  /// A column of a table or view.
  package struct Column: Sendable {
    /// Its name.
    package var name: String
    /// The type's name without its schema, with brackets for an array.
    package var type: String
    /// Whether NULL is refused.
    package var isNotNull: Bool
    /// The default, where there is one; serial and identity columns have one.
    package var hasDefault: Bool
    /// The default's expression, where it calls a function.
    package var defaultValue: RetainedNode?
    /// The sequence that serial and identity columns take their values from.
    package var sequence: RelationName?
    /// A sequence that goes with the column, by OWNED BY.
    var ownedSequence: RelationName?
  }

  /// A primary key, unique constraint or unique index.
  package struct UniqueKey: Sendable {
    /// One column or expression.
    package enum Part: Sendable, Hashable {
      case column(String)
      /// In canonical text.
      case expression(String)
    }
    /// Its name.
    package var name: String?
    /// In the order of the index.
    package var parts: [Part]
    /// The predicate's parts, in canonical text; empty when the index is not partial.
    package var predicate: [String]
    /// Whether it is the primary key.
    package var isPrimary = false
    /// Whether two NULLs are the same key.
    package var nullsNotDistinct = false
    /// Whether SET CONSTRAINTS can make it wait for COMMIT.
    package var isDeferrable = false

    /// Its columns, or nil when it has expressions.
    package var columns: [String]? {
      var result: [String] = []
      for part in parts {
        guard case .column(let name) = part else { return nil }
        result.append(name)
      }
      return result
    }
  }

  /// An index, unique or not.
  package struct Index: Sendable {
    /// Its name.
    package var name: RelationName
    /// The table that it is on.
    package var table: RelationName
    /// The index of the partitioned table that it belongs to.
    package var parent: RelationName?
    var parts: [UniqueKey.Part] = []
    /// In the order of creation.
    var number = 0
  }

  /// A foreign key, kept with the table that refers.
  package struct ForeignKey: Sendable {
    /// Its name.
    package var name: String?
    /// In their order.
    package var columns: [String]
    /// The table that it refers to.
    package var parent: RelationName
    /// The columns that it refers to.
    package var parentColumns: [String]
    /// What becomes of the rows when the parent's row is deleted.
    package var onDelete: ForeignKeyAction
    /// What becomes of the rows when the parent's key changes.
    package var onUpdate: ForeignKeyAction
    /// Whether SET CONSTRAINTS can make it wait for COMMIT.
    package var isDeferrable: Bool
    /// The columns that SET NULL or SET DEFAULT sets, when not all are.
    var setColumns: [String] = []
    /// Whether it waits for COMMIT unless SET CONSTRAINTS says otherwise.
    package var isInitiallyDeferred = false
    /// Whether a partition has it from its parent.
    package var isInherited = false
    /// In the order of creation, from 1: that of the triggers that check it.
    package var number = 0
  }

  /// A trigger of a table or view.
  package struct Trigger: Sendable {
    /// Its name.
    package var name: String
    /// The function's name without its schema.
    package var function: String
    /// The function's schema, when it is written.
    package var functionSchema: String?
    /// Whether it fires FOR EACH ROW.
    package var isRow: Bool
    /// When it fires.
    package var timing: Timing
    /// What it fires for.
    package var events: Set<WriteKind>
    /// The columns of UPDATE OF; empty for all.
    package var columns: [String]
    /// WHEN or WHERE.
    package var condition: RetainedNode?
    /// Whether it waits for COMMIT unless SET CONSTRAINTS says otherwise.
    package var isInitiallyDeferred = false
    /// Whether SET CONSTRAINTS can make it wait for COMMIT.
    package var isDeferrable = false
    /// Whether ALTER TABLE has not switched it off.
    package var isEnabled = true
    /// The names of its transition tables.
    package var transitions: [String] = []

    /// When it fires.
    package typealias Timing = CreateTriggerStatement.Timing
  }

  /// A rule other than that of a view's SELECT.
  package struct Rule: Sendable {
    /// Its name.
    package var name: String
    /// What it is for.
    package var event: WriteKind
    /// Whether it takes the place of the query.
    package var isInstead: Bool
    /// Whether it has a WHERE.
    package var hasCondition: Bool
    /// WHEN or WHERE.
    package var condition: RetainedNode?
    /// The queries that it adds or puts in place.
    package var actions: [RetainedNode]
  }

  /// A policy of row security.
  package struct Policy: Sendable {
    /// Its name.
    package var name: String
    /// USING and WITH CHECK.
    package var expressions: [RetainedNode]
  }

  /// A function or procedure, one overload.
  package struct Function: Sendable {
    /// Its name.
    package var name: RelationName
    /// In lower case.
    package var language: String
    /// What it promises about its results.
    package var volatility: CreateFunctionStatement.Volatility
    /// The types of the parameters that tell overloads apart.
    var signature: [String]
    /// What it runs, as far as that can be read.
    package var body: RoutineBody?
    /// The file that the definition stands in.
    package var file: ParsedFile?
    /// Whether it is run by CALL.
    package var isProcedure = false

    /// Whether no literal among the arguments speaks against the types of the parameters.
    func fits(_ arguments: [Node]) -> Bool {
      let inputs = body?.parameters.filter(\.isInput) ?? []
      return zip(arguments, inputs).allSatisfy { argument, parameter in
        let isText = ["text", "varchar", "bpchar", "name"].contains(parameter.type)
        switch Literal(argument) {
        case .integer?, .number?: return !isText && parameter.type != "bool"
        case .boolean?: return parameter.type == "bool"
        case .string?, nil: return true
        }
      }
    }

    /// Whether a call can have so many arguments.
    func accepts(_ count: Int) -> Bool {
      guard let body else { return true }
      let inputs = body.parameters.filter(\.isInput)
      let required = inputs.filter { !$0.hasDefault }.count
      if isProcedure, count == body.parameters.count { return true }
      return count >= required && count <= inputs.count
    }
  }
}
