extension Catalog {
  /// Whether a relation belongs to the system: those are never in anybody's way. Without a schema
  /// `pg_…` means a catalog unless something else of that name is defined.
  func isOfSystem(_ name: RelationName) -> Bool {
    name.schema == "pg_catalog" || name.schema == "information_schema"
      || (name.schema == "public" && name.name.hasPrefix("pg_") && relations[name] == nil)
  }

  /// Whether only the session that made a relation can see it.
  func isTemporary(_ name: RelationName) -> Bool {
    relations[name]?.isTemporary ?? (name.schema == "pg_temp")
  }
}
