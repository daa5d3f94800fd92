package import PostgresSyntax

extension Catalog {
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
    /// The sequence that its default takes values from; serial and identity columns have one.
    package var sequence: RelationName?
    /// The sequence that belongs to it, as serial, identity and OWNED BY say: it goes with it.
    var ownedSequence: RelationName?
    /// Whether it is an identity column.
    var isIdentity = false
  }

  /// A primary key, unique constraint or unique index.
  package struct UniqueKey: Sendable {
    /// One column or expression.
    package enum Part: Sendable, Hashable {
      case column(String)
      /// In canonical text, with the columns in it.
      case expression(String, columns: Set<String> = [])
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

    /// Whether no part of it is an expression.
    var hasOnlyColumns: Bool {
      parts.allSatisfy { if case .column = $0 { true } else { false } }
    }
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
    /// Whether all rows can be found in it by equality.
    var findsAllRows = false
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
}
