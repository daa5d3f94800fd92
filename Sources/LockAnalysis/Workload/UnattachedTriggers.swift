import Diagnostics
import LockModel
import PostgresSyntax

/// The functions of triggers that no trigger runs, as far as the SQL tells.
///
/// Nobody can call such a function (the manual's chapter "Trigger Functions"), so that it does
/// nothing unless a trigger is made where only the host program, or somebody by hand, makes it.
/// Nothing is said of a project that attaches less than half of its functions.
struct UnattachedTriggers {
  /// Indices of the statements of each function, by its name.
  let statements: [String: [Int]]

  init(in statements: [LoweredStatement], _ catalog: Catalog) {
    let known = catalog.routineBodies
    let names = Set(
      statements.lazy.filter {
        guard let body = $0.statement.routine, body.trigger == .row else { return false }
        return !$0.isReverse && known.contains(ObjectIdentifier(body))
      }.compactMap(\.definedRoutine))
    var unattached = names.subtracting(catalog.relations.values.flatMap(\.triggers).map(\.function))
    if !unattached.isEmpty, 2 * unattached.count <= names.count {
      // Of routines with one name some may be called.
      unattached = unattached.filter { name in
        catalog.functions[name]?.allSatisfy { $0.body?.trigger == .row } ?? false
      }
      unattached.subtract(Self.named(unattached, in: statements))
    } else {
      unattached = []
    }
    var found: [String: [Int]] = [:]
    for (index, statement) in statements.enumerated() {
      if let name = statement.routine, unattached.contains(name) {
        found[name, default: []].append(index)
      }
    }
    self.statements = found
  }

  /// Those that are named in something that is run, where triggers may be made from texts.
  private static func named(
    _ functions: Set<String>, in statements: [LoweredStatement]
  ) -> Set<String> {
    let ordered = functions.sorted()
    let words = MentionedWords(ordered.map { [$0] })
    return statements.reduce(into: []) { result, statement in
      guard statement.part == nil else { return }
      guard statement.statement.routine != nil || statement.isCall else { return }
      let text = statement.file.source.bytes[statement.statement.range]
      let own = statement.definedRoutine
      result.formUnion(
        words.found(in: text, withHyphens: false).map { ordered[$0] }.filter { $0 != own })
    }
  }
}

extension LoweredStatement {
  /// Whether it is a query or CALL, in which a routine may get a text.
  fileprivate var isCall: Bool {
    switch statement.command {
    case .select, .call: true
    default: false
    }
  }
}
