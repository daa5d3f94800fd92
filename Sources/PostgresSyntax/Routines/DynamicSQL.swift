/// What an EXECUTE of PL/pgSQL runs, as far as its own text tells.
package enum DynamicSQL {
  /// The statements in their order, one at least; unknown values in them are parameters.
  case statements([Statement])
  /// A short sentence on why it can't be known.
  case unknown(reason: String)

  /// Reads the text of an EXECUTE: a literal, literals joined with other expressions, or a call of
  /// `format`.
  ///
  /// Nodes have the place in the file that their text has; what is filled in has the place of the
  /// expression or the item of the format that it comes from.
  package static func parse(
    _ query: PLQuery, names: inout DynamicNames, variables: Variables = Variables()
  ) -> DynamicSQL {
    do throws(Failure) {
      var (text, execute) = try text(of: query, variables)
      var tree = try tree(text, as: execute)
      if let named = text.naming(relationsIn: tree, &names) {
        text = named
        tree = try self.tree(text, as: execute)
      }
      if let reason = text.unknownName(in: tree) { return .unknown(reason: reason) }
      return .statements(try statements(of: tree, as: execute))
    } catch {
      return .unknown(reason: error.reason)
    }
  }

  /// The statements with whatever they leave open, for what does not depend on names; none when they
  /// can't be read.
  package static func outline(_ query: PLQuery) -> [Statement] {
    guard let (text, execute) = try? text(of: query, Variables()),
      let tree = try? tree(text, as: execute)
    else { return [] }
    return (try? statements(of: tree, as: execute)) ?? []
  }

  private static func text(
    of query: PLQuery, _ variables: Variables
  ) throws(Failure) -> (DynamicText, Statement) {
    guard let execute = query.statement,
      let value = execute.node.list(.targetList).first?.child(.val)
    else { throw Failure(reason: "EXECUTE runs a text that can't be read") }
    var text = DynamicText(variables: variables)
    guard text.append(value), text.hasLiteral else {
      throw Failure(reason: "EXECUTE runs a text that is made when it runs")
    }
    guard !text.hasForeignMarks else {
      throw Failure(reason: "EXECUTE runs a text that can't be read")
    }
    text.replaceStrings()
    return (text, execute)
  }

  private static func statements(
    of tree: SyntaxTree, as execute: Statement
  ) throws(Failure) -> [Statement] {
    let nodes = tree.root.list(.stmts).compactMap { $0.child(.stmt) }
    guard !nodes.isEmpty else { throw Failure(reason: "EXECUTE runs an empty text") }
    return nodes.map { Statement(tree: tree, node: $0, range: execute.range, isDynamic: true) }
  }

  private static func tree(
    _ text: DynamicText, as execute: Statement
  ) throws(Failure) -> SyntaxTree {
    let tokens = PLTokens(text: text.bytes, range: 0..<text.bytes.count)
    let pieces = StatementSplitter.split(tokens)
    guard let first = pieces.first, let last = pieces.last else {
      throw Failure(reason: "EXECUTE runs an empty text")
    }
    let range = tokens.bytes(first).lowerBound..<tokens.bytes(last).upperBound
    guard text.bytes.count <= FileParser.depthLimit else {
      throw Failure(reason: text.failureReason)
    }
    guard case .success(let json) = PgQuery.parse(text.bytes, range: range) else {
      guard let rest = text.withoutOpenParts() else { throw Failure(reason: text.failureReason) }
      return try tree(rest, as: execute)
    }
    return SyntaxTree(
      adopting: json, base: range.lowerBound, text: execute.node.tree.text, placeholders: [],
      places: text.places, references: text.placeholders)
  }

  /// Why a text can't be known, in a short sentence.
  private struct Failure: Error { let reason: String }

  /// What the variables of a routine are, where an EXECUTE stands.
  package struct Variables {
    /// What is known of a variable.
    package struct Value {
      /// How often it has got a value.
      let version: Int
      /// What was assigned last to it.
      let query: PLQuery?
      /// Whether another variable has still the value that it had then.
      let isUnchanged: (String) -> Bool

      package init(
        version: Int, query: PLQuery? = nil, isUnchanged: @escaping (String) -> Bool = { _ in true }
      ) {
        self.version = version
        self.query = query
        self.isUnchanged = isUnchanged
      }
    }

    private let texts: [String: String]
    private let value: (String) -> Value
    private var hidden: Set<String> = []
    /// Of the text that is read, whether its variables are what they are where EXECUTE stands.
    private var isUnchanged: (String) -> Bool = { _ in true }

    /// Looks variables up by the names that references to them have; `texts` are values that are
    /// known.
    package init(
      texts: [String: String] = [:], value: @escaping (String) -> Value = { _ in Value(version: 0) }
    ) {
      self.texts = texts
      self.value = value
    }

    /// The text that a variable is.
    func text(_ name: String) -> String? { texts[name] }

    /// The expression that a variable has got, and the variables as they are in it.
    func assigned(_ name: String) -> (Node, Variables)? {
      guard !hidden.contains(name), isUnchanged(name), case let known = value(name),
        let node = known.query?.value
      else { return nil }
      var inner = self
      inner.hidden.insert(name)
      inner.isUnchanged = known.isUnchanged
      return (node, inner)
    }

    /// A variable, told apart from what it was before; nil where it is not known which it is.
    func identity(_ name: String) -> String? {
      guard isUnchanged(name) else { return nil }
      let version = value(name).version
      return version < 2 ? name : "\(name)/\(version)"
    }
  }
}
