/// What an EXECUTE of PL/pgSQL runs, as far as its own text tells.
package enum DynamicSQL {
  /// The statement; unknown values in it are parameters.
  case statement(Statement)
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
    guard let execute = query.statement,
      let value = execute.node.list(.targetList).first?.child(.val)
    else {
      return .unknown(reason: "EXECUTE runs a text that can't be read")
    }
    var text = DynamicText(variables: variables)
    guard text.append(value), text.hasLiteral else {
      return .unknown(reason: "EXECUTE runs a text that is made when it runs")
    }
    text.replaceStrings()
    return parse(text, as: execute, names: &names)
  }

  /// The statement with whatever it leaves open, for what does not depend on names; nil when it can't
  /// be read.
  package static func outline(_ query: PLQuery) -> Statement? {
    guard let execute = query.statement,
      let value = execute.node.list(.targetList).first?.child(.val)
    else { return nil }
    var text = DynamicText(variables: Variables())
    guard text.append(value), text.hasLiteral else { return nil }
    text.replaceStrings()
    guard let tree = try? tree(text, as: execute),
      let node = tree.root.list(.stmts).first?.child(.stmt)
    else { return nil }
    return Statement(tree: tree, node: node, range: execute.range, isDynamic: true)
  }

  private static func parse(
    _ text: DynamicText, as execute: Statement, names: inout DynamicNames
  ) -> DynamicSQL {
    var text = text
    var tree: SyntaxTree
    do throws(Failure) {
      tree = try self.tree(text, as: execute)
      if let named = text.naming(relationsIn: tree, &names) {
        text = named
        tree = try self.tree(text, as: execute)
      }
    } catch {
      return .unknown(reason: error.reason)
    }
    guard let node = tree.root.list(.stmts).first?.child(.stmt) else {
      return .unknown(reason: "EXECUTE runs an empty text")
    }
    if let reason = text.unknownName(in: tree) { return .unknown(reason: reason) }
    return .statement(Statement(tree: tree, node: node, range: execute.range, isDynamic: true))
  }

  private static func tree(
    _ text: DynamicText, as execute: Statement
  ) throws(Failure) -> SyntaxTree {
    let tokens = PLTokens(text: text.bytes, range: 0..<text.bytes.count)
    let pieces = StatementSplitter.split(tokens)
    guard let piece = pieces.first else { throw Failure(reason: "EXECUTE runs an empty text") }
    guard pieces.count == 1 else { throw Failure(reason: "EXECUTE runs several statements") }
    let range = tokens.bytes(piece)
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
    private let texts: [String: String]
    private let assigned: (String) -> PLQuery?
    private var hidden: Set<String> = []

    /// Finds what was assigned last to a variable, by the name that references to it have; `texts`
    /// are values that are known.
    package init(
      texts: [String: String] = [:], assigned: @escaping (String) -> PLQuery? = { _ in nil }
    ) {
      self.texts = texts
      self.assigned = assigned
    }

    /// The text that a variable is.
    func text(_ name: String) -> String? { texts[name] }

    /// The expression that a variable has got.
    func value(_ name: String) -> Node? { hidden.contains(name) ? nil : assigned(name)?.value }

    /// Without a variable, in what was assigned to it.
    func without(_ name: String) -> Variables {
      var result = self
      result.hidden.insert(name)
      return result
    }
  }
}
