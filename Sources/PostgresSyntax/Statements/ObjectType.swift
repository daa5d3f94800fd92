/// The kind of an object that DROP, ALTER, RENAME and COMMENT name.
package enum ObjectType: String, Sendable {
  case table = "OBJECT_TABLE"
  case view = "OBJECT_VIEW"
  case materializedView = "OBJECT_MATVIEW"
  case foreignTable = "OBJECT_FOREIGN_TABLE"
  case sequence = "OBJECT_SEQUENCE"
  case index = "OBJECT_INDEX"
  case schema = "OBJECT_SCHEMA"
  case `extension` = "OBJECT_EXTENSION"
  case function = "OBJECT_FUNCTION"
  case procedure = "OBJECT_PROCEDURE"
  case routine = "OBJECT_ROUTINE"
  case trigger = "OBJECT_TRIGGER"
  case rule = "OBJECT_RULE"
  case policy = "OBJECT_POLICY"
  case column = "OBJECT_COLUMN"
  case attribute = "OBJECT_ATTRIBUTE"
  case constraint = "OBJECT_TABCONSTRAINT"
  case type = "OBJECT_TYPE"
  case domain = "OBJECT_DOMAIN"
  case statistics = "OBJECT_STATISTIC_EXT"
  /// One that is neither a relation nor part of one.
  case other = ""

  /// Whether it is something that is called.
  package var isRoutine: Bool { self == .function || self == .procedure || self == .routine }

  init(_ name: String?) { self = name.flatMap(Self.init(rawValue:)) ?? .other }
}

/// A name that the grammar keeps as a list of strings, with its schema where one is written.
package struct QualifiedName: Sendable, Hashable {
  /// The schema, when it is written.
  package let schema: String?
  /// The last part.
  package let name: String

  /// Reads the parts, outermost first; nil when there are none.
  package init?(_ parts: some BidirectionalCollection<String>) {
    guard let name = parts.last else { return nil }
    self.name = name
    schema = parts.dropLast().last.flatMap { $0 == Self.extensionSchema ? nil : $0 }
  }

  /// What `@extschema@` reads as: the schema that an extension's script has on its search path.
  static let extensionSchema = "_extschema_"
}

/// An object where a statement names it.
package struct ObjectName: Sendable {
  /// All parts of the name, outermost first.
  package let parts: [String]
  /// The types of a routine's arguments; nil when the text leaves them out.
  package let argumentTypes: [String]?

  init(_ node: Node) {
    let strings: [Node]
    if let name = node.string(.sval) {
      parts = [name]
      argumentTypes = nil
      return
    }
    switch node.tag {
    case .List: strings = Array(node.list(.items))
    case .ObjectWithArgs: strings = Array(node.list(.objname))
    default: strings = Array(node.list(.names))
    }
    parts = strings.compactMap { $0.string(.sval) }
    let isUnspecified = node.tag != .ObjectWithArgs || node.flag(.args_unspecified)
    argumentTypes = isUnspecified ? nil : node.list(.objargs).map { TypeName($0).written }
  }

  /// The name as that of a relation, type or routine.
  package var name: QualifiedName? { QualifiedName(parts) }
  /// What the last part belongs to, for example a trigger's table.
  package var owner: QualifiedName? { QualifiedName(parts.dropLast()) }
}

extension TypeName {
  /// The name with the brackets of an array.
  package var written: String { isArray ? name + "[]" : name }
}
