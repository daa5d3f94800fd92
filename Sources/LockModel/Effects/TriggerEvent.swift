/// What a trigger's function is called for.
struct TriggerEvent: Hashable, Sendable {
  let kind: WriteKind
  let table: RelationName
  /// The names of transition tables, which hide tables.
  let transitions: Set<String>
}
