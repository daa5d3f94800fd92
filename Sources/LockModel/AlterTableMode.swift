import PostgresSyntax

/// The lock that ALTER TABLE takes on its table: that of its strongest command, at once
/// (`AlterTableGetLockLevel` in PostgreSQL's `tablecmds.c`).
enum AlterTableMode {
  static func strongest(of node: Node) -> TableLockMode {
    node.list(.cmds).map(mode).max() ?? .accessExclusive
  }

  private static let weak: Set<String> = [
    "AT_SetStatistics", "AT_SetOptions", "AT_ResetOptions", "AT_ClusterOn", "AT_DropCluster",
    "AT_ValidateConstraint", "AT_AttachPartition", "AT_DetachPartitionFinalize",
  ]
  private static let triggers: Set<String> = [
    "AT_EnableTrig", "AT_EnableAlwaysTrig", "AT_EnableReplicaTrig", "AT_EnableTrigAll",
    "AT_EnableTrigUser", "AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser",
  ]

  private static func mode(of command: Node) -> TableLockMode {
    guard let kind = command.string(.subtype) else { return .accessExclusive }
    if weak.contains(kind) { return .shareUpdateExclusive }
    if triggers.contains(kind) { return .shareRowExclusive }
    switch kind {
    case "AT_AddConstraint":
      let isForeign = command.child(.def)?.symbol(.contype, is: "CONSTR_FOREIGN") ?? false
      return isForeign ? .shareRowExclusive : .accessExclusive
    case "AT_SetRelOptions", "AT_ResetRelOptions":
      return setsStorageOnly(command) ? .shareUpdateExclusive : .accessExclusive
    case "AT_DetachPartition":
      let isConcurrent = command.child(.def)?.flag(.concurrent) ?? false
      return isConcurrent ? .shareUpdateExclusive : .accessExclusive
    default: return .accessExclusive
    }
  }

  /// All options but `user_catalog_table` and those of views need the weaker lock.
  private static func setsStorageOnly(_ command: Node) -> Bool {
    let names = command.child(.def)?.list(.items) ?? command.list(.def)
    let strong = ["user_catalog_table", "security_barrier", "security_invoker", "check_option"]
    return names.allSatisfy { !strong.contains($0.string(.defname) ?? "") }
  }

  /// Commands that a table keeps to itself; all others go on to its children.
  private static let own: Set<String> = [
    "AT_SetRelOptions", "AT_ResetRelOptions", "AT_ReplaceRelOptions", "AT_ClusterOn",
    "AT_DropCluster", "AT_ChangeOwner", "AT_SetTableSpace", "AT_SetLogged", "AT_SetUnLogged",
    "AT_EnableRowSecurity", "AT_DisableRowSecurity", "AT_ForceRowSecurity",
    "AT_NoForceRowSecurity", "AT_ReplicaIdentity", "AT_AddInherit", "AT_DropInherit", "AT_AddOf",
    "AT_DropOf", "AT_AttachPartition", "AT_DetachPartition", "AT_DetachPartitionFinalize",
    "AT_EnableRule", "AT_DisableRule", "AT_EnableAlwaysRule", "AT_EnableReplicaRule",
    "AT_SetAccessMethod", "AT_AddIdentity", "AT_SetIdentity", "AT_DropIdentity",
  ]

  static func addsForeignKey(_ command: Node) -> Bool {
    command.symbol(.subtype, is: "AT_AddConstraint")
      && command.child(.def)?.symbol(.contype, is: "CONSTR_FOREIGN") ?? false
  }

  /// ENABLE and DISABLE TRIGGER.
  static func switchesTrigger(_ command: Node) -> Bool {
    triggers.contains(command.string(.subtype) ?? "")
  }

  static func addsUnique(_ command: Node) -> Bool {
    command.symbol(.subtype, is: "AT_AddConstraint")
      && command.child(.def)?.symbol(.contype, is: "CONSTR_UNIQUE") ?? false
  }

  /// Whether a command locks the children of its table as well.
  static func reachesChildren(_ command: Node, of relation: Catalog.Relation?) -> Bool {
    guard let kind = command.string(.subtype), !own.contains(kind) else { return false }
    let isPartitioned = relation?.isPartitioned ?? false
    if triggers.contains(kind) { return isPartitioned }
    if kind == "AT_ValidateConstraint" {
      return relation?.unvalidated.contains(command.string(.name) ?? "") ?? false
    }
    guard kind == "AT_AddConstraint", let definition = command.child(.def) else { return true }
    // Keys and foreign keys are inherited by partitions only.
    return isPartitioned || definition.symbol(.contype, is: "CONSTR_CHECK")
  }
}
