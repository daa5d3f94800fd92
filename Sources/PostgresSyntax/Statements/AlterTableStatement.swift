/// `ALTER TABLE`, and ALTER INDEX, VIEW, SEQUENCE … as far as the grammar has one node for them.
package struct AlterTableStatement: Sendable {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The table, index, view, sequence or type.
  package var relation: TableReference? { node.child(.relation).map(TableReference.init) }
  /// The kind of object that it names.
  package var objectType: ObjectType { ObjectType(node.string(.objtype)) }
  /// Whether IF EXISTS is written.
  package var allowsMissing: Bool { node.flag(.missing_ok) }
  /// In the order of the text.
  package var commands: [AlterTableCommand] {
    node.list(.cmds).filter { $0.tag == .AlterTableCmd }.map(AlterTableCommand.init)
  }
}

/// One command of ALTER TABLE.
package struct AlterTableCommand: Sendable {
  /// What it does.
  package let action: Action
  /// Whether CASCADE is written.
  package let cascades: Bool

  init(_ node: Node) {
    action = Action(node)
    cascades = node.symbol(.behavior, is: "DROP_CASCADE")
  }

  /// When a trigger fires.
  package enum TriggerState: Sendable { case enabled, always, replica, disabled }

  /// What a command does, with what it names.
  package enum Action: Sendable {
    case addColumn(ColumnDefinition, allowsExisting: Bool)
    case dropColumn(String)
    case alterType(column: String, TypeName)
    case setDefault(column: String, Node?)
    case setNotNull(column: String)
    case dropNotNull(column: String)
    case addIdentity(column: String)
    case setIdentity(column: String)
    case dropIdentity(column: String)
    /// Statistics and options of a column.
    case tuneColumn
    case addConstraint(ConstraintDefinition)
    case alterConstraint(ConstraintDefinition)
    case validateConstraint(String)
    case dropConstraint(String)
    case attachPartition(TableReference, PartitionBoundSpecification?)
    case detachPartition(TableReference, isConcurrent: Bool)
    case finalizeDetach(TableReference)
    case addInherit(TableReference)
    case dropInherit(TableReference)
    /// OF a composite type.
    case addType(ObjectName)
    case dropType
    case clusterOn(index: String)
    case dropCluster
    /// REPLICA IDENTITY, with the index of USING INDEX.
    case replicaIdentity(index: String?)
    case changeOwner
    /// ENABLE and DISABLE ROW LEVEL SECURITY.
    case setRowSecurity(Bool)
    case forceRowSecurity
    /// ENABLE and DISABLE TRIGGER; all triggers without a name.
    case setTrigger(String?, TriggerState)
    case setRule
    /// The names of storage parameters.
    case setOptions([String])
    case replaceOptions
    /// LOGGED, TABLESPACE and ACCESS METHOD.
    case setStorage
    /// A command without a case.
    case other
  }
}

extension AlterTableCommand.Action {
  init(_ node: Node) {
    let kind = node.string(.subtype) ?? ""
    self =
      Self.column(kind, node) ?? Self.constraint(kind, node) ?? Self.inheritance(kind, node)
      ?? Self.table(kind, node) ?? Self.trigger(kind, node) ?? .other
  }

  private static func column(_ kind: String, _ node: Node) -> Self? {
    let name = node.string(.name) ?? ""
    switch kind {
    case "AT_AddColumn":
      return node.child(.def).map {
        .addColumn(ColumnDefinition($0), allowsExisting: node.flag(.missing_ok))
      }
    case "AT_DropColumn": return .dropColumn(name)
    case "AT_AlterColumnType":
      return node.child(.def).map { .alterType(column: name, ColumnDefinition($0).type) }
    case "AT_ColumnDefault": return .setDefault(column: name, node.child(.def))
    case "AT_SetNotNull": return .setNotNull(column: name)
    case "AT_DropNotNull": return .dropNotNull(column: name)
    case "AT_AddIdentity": return .addIdentity(column: name)
    case "AT_SetIdentity": return .setIdentity(column: name)
    case "AT_DropIdentity": return .dropIdentity(column: name)
    case "AT_SetStatistics", "AT_SetOptions", "AT_ResetOptions": return .tuneColumn
    default: return nil
    }
  }

  private static func constraint(_ kind: String, _ node: Node) -> Self? {
    switch kind {
    case "AT_AddConstraint":
      node.child(.def).map { .addConstraint(ConstraintDefinition($0)) }
    case "AT_AlterConstraint":
      node.child(.def).map { .alterConstraint(ConstraintDefinition($0)) }
    case "AT_ValidateConstraint": .validateConstraint(node.string(.name) ?? "")
    case "AT_DropConstraint": .dropConstraint(node.string(.name) ?? "")
    default: nil
    }
  }

  private static func inheritance(_ kind: String, _ node: Node) -> Self? {
    guard let definition = node.child(.def) else { return nil }
    let partition = definition.child(.name).map(TableReference.init)
    switch kind {
    case "AT_AttachPartition":
      let bound = definition.child(.bound).map(PartitionBoundSpecification.init)
      return partition.map { .attachPartition($0, bound) }
    case "AT_DetachPartition":
      return partition.map {
        .detachPartition($0, isConcurrent: definition.flag(.concurrent))
      }
    case "AT_DetachPartitionFinalize": return partition.map { .finalizeDetach($0) }
    case "AT_AddInherit": return .addInherit(TableReference(definition))
    case "AT_DropInherit": return .dropInherit(TableReference(definition))
    case "AT_AddOf": return .addType(ObjectName(definition))
    default: return nil
    }
  }

  private static func table(_ kind: String, _ node: Node) -> Self? {
    switch kind {
    case "AT_DropOf": return .dropType
    case "AT_ClusterOn": return .clusterOn(index: node.string(.name) ?? "")
    case "AT_DropCluster": return .dropCluster
    case "AT_ReplicaIdentity": return .replicaIdentity(index: node.child(.def)?.string(.name))
    case "AT_ChangeOwner": return .changeOwner
    case "AT_EnableRowSecurity": return .setRowSecurity(true)
    case "AT_DisableRowSecurity": return .setRowSecurity(false)
    case "AT_ForceRowSecurity", "AT_NoForceRowSecurity": return .forceRowSecurity
    case "AT_SetRelOptions", "AT_ResetRelOptions":
      let options = node.child(.def)?.list(.items) ?? node.list(.def)
      return .setOptions(options.map { $0.string(.defname) ?? "" })
    case "AT_ReplaceRelOptions": return .replaceOptions
    case "AT_SetLogged", "AT_SetUnLogged", "AT_SetTableSpace", "AT_SetAccessMethod":
      return .setStorage
    default: return nil
    }
  }

  private static func trigger(_ kind: String, _ node: Node) -> Self? {
    let name = node.string(.name) ?? ""
    switch kind {
    case "AT_EnableTrig": return .setTrigger(name, .enabled)
    case "AT_EnableAlwaysTrig": return .setTrigger(name, .always)
    case "AT_EnableReplicaTrig": return .setTrigger(name, .replica)
    case "AT_DisableTrig": return .setTrigger(name, .disabled)
    case "AT_EnableTrigAll", "AT_EnableTrigUser": return .setTrigger(nil, .enabled)
    case "AT_DisableTrigAll", "AT_DisableTrigUser": return .setTrigger(nil, .disabled)
    case "AT_EnableRule", "AT_DisableRule", "AT_EnableAlwaysRule", "AT_EnableReplicaRule":
      return .setRule
    default: return nil
    }
  }
}
