/// Compares expressions by what they say, not by where and how they are written.
package enum CanonicalExpression {
  /// A canonical text of an expression: without places, without the tables before column names,
  /// without casts. Equal texts mean equal expressions over one table, but for the types.
  package static func text(_ node: Node) -> String {
    var result = ""
    write(node, to: &result)
    return result
  }

  /// A condition in canonical text, where `x`, `x = true` and `x IS TRUE` are one.
  package static func condition(_ node: Node) -> String {
    switch Expression(node) {
    case .operation("=", let left?, let right):
      guard case .boolean(let value)? = Literal(right) else { return text(node) }
      return value ? text(left) : "NOT \(text(left))"
    case .booleanTest(let inner, "IS_TRUE"): return text(inner)
    case .booleanTest(let inner, "IS_FALSE"): return "NOT \(text(inner))"
    case .not(let inner): return "NOT \(condition(inner))"
    default: return text(node)
    }
  }

  /// An expression over a table with its columns replaced by what is put into them.
  package static func text(_ node: Node, replacing columns: [String: String]) -> String {
    var result = ""
    write(node, to: &result, replacing: columns)
    return result
  }

  /// The call of a function with a column alone.
  package static func call(_ function: String, of column: String) -> String {
    "FuncCall([String(\(function) ),] [\(column),] COERCE_EXPLICIT_CALL )"
  }

  /// The variables and placeholders in an expression, as they are written, in the order of the tree.
  package static func variables(in node: Node) -> [String] {
    node.subtree.compactMap { $0.tag == .ColumnRef ? $0.placeholder?.text : nil }
  }

  private static func write(
    _ node: Node, to result: inout String, replacing columns: [String: String] = [:]
  ) {
    switch node.tag {
    case .ColumnRef:
      if let placeholder = node.standIn, placeholder.isVariable {
        result += placeholder.text
        return
      }
      let name = Array(node.list(.fields)).last?.string(.sval) ?? "*"
      result += columns[name] ?? name
    case .TypeCast:
      if let argument = node.child(.arg) { write(argument, to: &result, replacing: columns) }
    case .A_Const:
      writeConstant(node, to: &result)
    case .ParamRef:
      result += "$\(node.int(.number))"
    default:
      result += node.kindName.isEmpty ? "(" : "\(node.kindName)("
      for index in members(of: node) {
        writeMember(index, of: node, to: &result, replacing: columns)
      }
      result += ")"
    }
  }

  private static func members(of node: Node) -> [Int32] {
    var result: [Int32] = []
    var index = node.index + 1
    let end = node.tree.elements[Int(node.index)].end
    while index < end {
      let element = node.tree.elements[Int(index)]
      if element.field != .location { result.append(index) }
      index = Node.after(index, element)
    }
    return result
  }

  private static func writeMember(
    _ index: Int32, of node: Node, to result: inout String, replacing columns: [String: String]
  ) {
    let element = node.tree.elements[Int(index)]
    switch element.kind {
    case .node:
      write(Node(tree: node.tree, index: index), to: &result, replacing: columns)
    case .list:
      result += "["
      for item in NodeList(tree: node.tree, start: index + 1, end: element.end) {
        write(item, to: &result, replacing: columns)
        result += ","
      }
      result += "]"
    case .string, .escapedString:
      result += String(
        decoding: node.tree.bytes(at: element.value, count: element.end), as: UTF8.self)
    case .integer, .flag: result += "\(element.value)"
    case .null: break
    }
    result += " "
  }

  private static func writeConstant(_ node: Node, to result: inout String) {
    result += Literal(node)?.text ?? "NULL"
  }
}
