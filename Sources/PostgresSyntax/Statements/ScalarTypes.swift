/// The types of PostgreSQL that have no fields.
enum ScalarTypes {
  private static let names: Set<String> = [
    "int", "integer", "int2", "int4", "int8", "smallint", "bigint", "serial", "bigserial",
    "text", "varchar", "char", "character", "bpchar", "name", "citext", "bool", "boolean",
    "numeric", "decimal", "dec", "real", "float", "float4", "float8", "double", "money",
    "date", "time", "timetz", "timestamp", "timestamptz", "interval", "uuid", "json", "jsonb",
    "jsonpath", "hstore", "bytea", "xml", "inet", "cidr", "macaddr", "macaddr8", "bit", "varbit",
    "oid", "xid", "xid8", "cid", "tid", "regclass", "regtype", "regproc", "regprocedure",
    "regrole", "regnamespace", "tsvector", "tsquery", "ltree", "point", "box", "geometry",
    "geography", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange",
    "pg_lsn", "vector", "national", "setof", "refcursor",
  ]

  /// Whether a type's last name is that of one without fields.
  static func contains(_ name: String) -> Bool { names.contains(name) }
}
