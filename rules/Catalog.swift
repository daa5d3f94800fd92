public import Diagnostics
public import Linting

/// The rules that there are.
public enum RuleCatalog {
  /// The rules that look at locks, in the order in which they are listed.
  package static let rules: [any Rule.Type] = [
    UnorderedSelectForUpdate.self,
    UnorderedUpdateFrom.self,
    UnorderedUpsert.self,
    UnorderedBulkWrite.self,
    UnstableRowOrder.self,
    ConflictingRowOrders.self,
    UnorderedRowWrites.self,
    UnorderedLoopLocks.self,
    LockUpgrade.self,
    LockOrderInversion.self,
    ForeignKeyLockInversion.self,
    DeclaredOrderViolation.self,
    ExclusiveLocksOnSeveralTables.self,
    UnorderedAdvisoryLocks.self,
    SwallowedDeadlock.self,
  ]

  /// A linter with all rules, of whose findings those selected are returned.
  public static func linter(
    selection: Selection, configuration: Configuration = .init(), threads: Int
  ) -> Linter {
    Linter(rules: rules, selection: selection, configuration: configuration, threads: threads)
  }

  /// All rules, those about what could not be read included.
  public static let descriptions: [RuleDescription] =
    rules.map { $0.description } + MetaRules.all

  /// The page of a rule in Markdown; nil for an unknown id.
  public static func page(of id: String) -> String? { RulePages.pages[id] }

  /// The pages by rule id.
  public static var pages: [String: String] { RulePages.pages }
}
