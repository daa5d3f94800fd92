private import Synchronization

/// The body of a function, procedure or DO block, parsed, with places in the file.
///
/// An object, because catalogs pass it around.
package final class RoutineBody: Sendable {
  /// What the body is written in.
  package enum Content: Sendable {
    /// SQL statements that run one after another; PostgreSQL analyses all of them first.
    case sql([Statement])
    case plpgsql(PLBlock)
    /// Another language, or a body that could not be read; the language in lower case.
    case opaque(language: String)
  }

  /// What a routine is called by, where that is no statement: what it says that it returns.
  package enum Trigger: Sendable {
    case none
    /// `RETURNS trigger`, of statements too.
    case row
    /// `RETURNS event_trigger`
    case event
  }

  package let content: Content
  /// Whether it is a trigger's.
  package let trigger: Trigger
  /// The routine's parameters, in the order of its declaration.
  package let parameters: [RoutineParameter]
  /// SQL in the body that does not parse, in the order of the text.
  package let failures: [ParseFailure]
  /// Comments in the body, half-open ranges in bytes of the file, in the order of the text.
  package let comments: [Range<Int>]
  /// Whether it has so few statements that each call can be gone through.
  package let isShort: Bool
  /// Whether it is short and has an EXECUTE.
  package let runsText: Bool
  /// Made when it is asked for first.
  private let knownRows = AtomicLazyReference<RoutineRows>()

  init(
    content: Content, parameters: [RoutineParameter] = [], trigger: Trigger = .none,
    failures: [ParseFailure] = [], comments: [Range<Int>] = []
  ) {
    self.content = content
    self.trigger = trigger
    self.parameters = parameters
    self.failures = failures
    self.comments = comments
    (isShort, runsText) = Self.outline(of: content)
  }

  /// So many statements are gone through for each call.
  private static let callLimit = 64

  private static func outline(of content: Content) -> (isShort: Bool, runsText: Bool) {
    switch content {
    case .sql(let statements): return (statements.count <= callLimit, false)
    case .plpgsql(let block):
      let kinds = block.kinds
      guard kinds.count <= callLimit else { return (false, false) }
      return (true, kinds.contains { if case .dynamic = $0 { true } else { false } })
    case .opaque: return (false, false)
    }
  }

  private var rows: RoutineRows { knownRows.load() ?? knownRows.storeIfNil(RoutineRows(of: self)) }

  /// Whether anything in it sorts, or may do so: it can't be read, or has `ORDER BY` in a text that
  /// it may run.
  package var mentionsOrder: Bool { rows.mentionsOrder }
  /// The functions that its queries read rows from.
  package var rowCalls: [FunctionCall] { rows.calls }
}

/// A parameter of a routine.
package struct RoutineParameter: Sendable {
  /// Nil when it is only known by its number.
  package let name: String?
  /// Whether the caller gives it a value: IN, INOUT and VARIADIC.
  package let isInput: Bool
  /// Whether it is an array, VARIADIC included.
  package let isArray: Bool
  /// Whether a call may leave it out.
  package let hasDefault: Bool
  /// The type's last name, as in `TypeName.name`.
  package let type: String
}
