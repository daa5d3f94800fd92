/// One step of the way from a statement to a lock that its text does not name.
///
/// A chain of them, outermost first, says why a statement locks something; an empty chain says that
/// the text names it.
package enum Reason: Sendable, Hashable {
  case foreignKey(String)
  /// A foreign key that refers to the table.
  case foreignKeyTo(RelationName)
  case trigger(String)
  case function(String)
  case rule(String)
  /// A rule of a table that names what is dropped.
  case ruleOn(RelationName)
  case view(RelationName)
  case policies(of: RelationName)
  case check(of: RelationName)
  /// The default of a column.
  case columnDefault(String)
  /// A default that calls a sequence.
  case defaultCalling(RelationName)
  /// The sequence of a column or table.
  case sequence(of: String)
  case index(of: RelationName)
  case partitionIndex(of: RelationName)
  case partition(of: RelationName)
  case defaultPartition(of: RelationName)
  /// The bounds of a partition, which its parent keeps.
  case bounds(of: RelationName)
  /// The table that a partition belongs to.
  case parent(of: RelationName)
  /// A table that inherits from another.
  case child(of: RelationName)
  case type(String)
  case columnOfType(String)
  case domain(String)
  case schema(String)
  /// A check that waits for COMMIT.
  case commit

  /// As a report shows it.
  package var text: String {
    switch self {
    case .foreignKey(let name): "foreign key \(name)"
    case .foreignKeyTo(let table): "foreign key to \(table.short)"
    case .trigger(let name): "trigger \(name)"
    case .function(let name): "function \(name)"
    case .rule(let name): "rule \(name)"
    case .ruleOn(let table): "rule on \(table.short)"
    case .view(let view): "view \(view.short)"
    case .policies(let table): "policies of \(table.short)"
    case .check(let table): "check of \(table.short)"
    case .columnDefault(let column): "default of \(column)"
    case .defaultCalling(let sequence): "default that calls \(sequence.short)"
    case .sequence(let owner): "sequence of \(owner)"
    case .index(let table): "index of \(table.short)"
    case .partitionIndex(let table): "index of partition \(table.short)"
    case .partition(let table): "partition of \(table.short)"
    case .defaultPartition(let table): "default partition of \(table.short)"
    case .bounds(let table): "bounds of partition \(table.short)"
    case .parent(let table): "partition \(table.short)"
    case .child(let table): "child of \(table.short)"
    case .type(let name): "type \(name)"
    case .columnOfType(let name): "column of type \(name)"
    case .domain(let name): "domain \(name)"
    case .schema(let name): "schema \(name)"
    case .commit: "commit"
    }
  }
}

extension [Reason] {
  /// The chain as reports and JSON show it; `direct` when the text names the target.
  package var texts: [String] { isEmpty ? ["direct"] : map(\.text) }
}
