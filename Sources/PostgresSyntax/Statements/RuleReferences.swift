/// Finds `OLD.column` and `NEW.column` in the rules of a text: they stand for values of the row that
/// sets off the rule.
enum RuleReferences {
  static func find(in root: Node) -> [Placeholder] {
    root.list(.stmts).compactMap { $0.child(.stmt) }.filter { $0.tag == .RuleStmt }
      .flatMap(references)
  }

  private static func references(in rule: Node) -> [Placeholder] {
    rule.descendants.compactMap { node in
      guard node.tag == .ColumnRef, let location = node.location else { return nil }
      let names = node.list(.fields).map { $0.string(.sval) ?? "*" }
      guard names.count == 2, names[0] == "old" || names[0] == "new" else { return nil }
      let text = "\(names[0]).\(names[1])"
      return Placeholder(
        range: location..<(location + text.utf8.count), text: text, isList: false,
        isVariable: true)
    }
  }
}
