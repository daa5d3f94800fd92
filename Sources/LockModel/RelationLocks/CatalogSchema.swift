/// Schemas that belong to the system: their tables are never in anybody's way.
enum CatalogSchema {
  static func contains(_ name: RelationName) -> Bool {
    name.schema == "pg_catalog" || name.schema == "information_schema"
      || (name.schema == "public" && name.name.hasPrefix("pg_"))
  }
}
