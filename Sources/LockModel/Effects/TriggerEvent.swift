/// What a trigger's function is called for.
struct TriggerEvent: Hashable, Sendable {
  let kind: WriteKind
  let table: RelationName
  /// The names of transition tables, which hide tables.
  let transitions: Set<String>

  /// What the variables that tell a trigger's function its table are (manual 43.10 *Trigger
  /// Functions*).
  var variables: [String: String] {
    [
      "tg_table_name": table.name, "tg_relname": table.name, "tg_table_schema": table.schema,
      "tg_relid": table.schema == "public" ? table.name : "\(table.schema).\(table.name)",
    ]
  }
}
