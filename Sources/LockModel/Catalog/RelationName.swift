/// A relation's name with its schema.
package struct RelationName: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The schema, `public` where the text names none and sets no search path.
  package let schema: String
  /// The name in it.
  package let name: String

  /// A name in a schema.
  package init(schema: String, name: String) {
    self.schema = schema
    self.name = name
  }

  /// `schema.name`.
  package var description: String { "\(schema).\(name)" }

  /// As a person would write it: without `public.`.
  package var short: String { schema == "public" ? name : description }

  /// Orders by schema, then by name.
  package static func < (left: RelationName, right: RelationName) -> Bool {
    (left.schema, left.name) < (right.schema, right.name)
  }
}
