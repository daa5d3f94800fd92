/// A relation's name with its schema.
public struct RelationName: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The schema, `public` where the text names none and sets no search path.
  public let schema: String
  /// The name in it.
  public let name: String

  /// A name in a schema.
  public init(schema: String, name: String) {
    self.schema = schema
    self.name = name
  }

  /// `schema.name`.
  public var description: String { "\(schema).\(name)" }

  /// As a person would write it: without `public.`.
  public var short: String { schema == "public" ? name : description }

  /// Orders by schema, then by name.
  public static func < (left: RelationName, right: RelationName) -> Bool {
    (left.schema, left.name) < (right.schema, right.name)
  }
}
