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
    return names.allSatisfy { $0.string(.defname) != "user_catalog_table" }
  }
}
