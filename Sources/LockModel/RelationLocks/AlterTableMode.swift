import PostgresSyntax

/// The lock that ALTER TABLE takes on its table: that of its strongest command, at once
/// (`AlterTableGetLockLevel` in PostgreSQL's `tablecmds.c`).
enum AlterTableMode {
  typealias Action = AlterTableCommand.Action

  static func strongest(of actions: [Action]) -> TableLockMode {
    actions.map(mode).max() ?? .accessExclusive
  }

  private static func mode(of action: Action) -> TableLockMode {
    switch action {
    case .tuneColumn, .clusterOn, .dropCluster, .validateConstraint, .attachPartition,
      .finalizeDetach:
      .shareUpdateExclusive
    case .setTrigger: .shareRowExclusive
    case .addConstraint(let definition):
      definition.kind == .foreignKey ? .shareRowExclusive : .accessExclusive
    case .setOptions(let names):
      names.contains(where: strongOptions.contains) ? .accessExclusive : .shareUpdateExclusive
    case .detachPartition(_, let isConcurrent):
      isConcurrent ? .shareUpdateExclusive : .accessExclusive
    case .addColumn, .dropColumn, .alterType, .setDefault, .setNotNull, .dropNotNull, .addIdentity,
      .setIdentity, .dropIdentity, .alterConstraint, .dropConstraint, .addInherit, .dropInherit,
      .addType, .dropType, .replicaIdentity, .changeOwner, .setRowSecurity, .forceRowSecurity,
      .setRule, .replaceOptions, .setStorage, .other:
      .accessExclusive
    }
  }

  /// All options but these need the weaker lock (`reloptions.c`); those of views come next, then
  /// those of GIN, GiST and BRIN indexes.
  static let strongOptions: Set<String> = [
    "user_catalog_table", "security_barrier", "security_invoker", "check_option", "fastupdate",
    "gin_pending_list_limit", "buffering", "pages_per_range", "autosummarize",
  ]

  static func addsUnique(_ action: Action) -> Bool {
    if case .addConstraint(let definition) = action { return definition.kind == .unique }
    return false
  }

  /// Whether a command comes to the children once it is done with its table: foreign keys, ENABLE
  /// and DISABLE TRIGGER.
  static func reachesChildrenLate(_ action: Action) -> Bool {
    if case .addConstraint(let definition) = action { return definition.kind == .foreignKey }
    if case .setTrigger = action { return true }
    return false
  }

  /// Whether a command locks the children of its table as well.
  static func reachesChildren(_ action: Action, of relation: Catalog.Relation?) -> Bool {
    let isPartitioned = relation?.isPartitioned ?? false
    switch action {
    case .setTrigger: return isPartitioned
    case .validateConstraint(let name): return relation?.unvalidated.contains(name) ?? false
    // Keys and foreign keys are inherited by partitions only.
    case .addConstraint(let definition): return isPartitioned || definition.kind == .check
    case .addColumn, .dropColumn, .alterType, .setDefault, .setNotNull, .dropNotNull, .tuneColumn,
      .alterConstraint, .dropConstraint, .other:
      return true
    case .addIdentity, .setIdentity, .dropIdentity, .attachPartition, .detachPartition,
      .finalizeDetach, .addInherit, .dropInherit, .addType, .dropType, .clusterOn, .dropCluster,
      .replicaIdentity, .changeOwner, .setRowSecurity, .forceRowSecurity, .setRule, .setOptions,
      .replaceOptions, .setStorage:
      return false
    }
  }
}
