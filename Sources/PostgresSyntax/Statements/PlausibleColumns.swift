/// Which names of a statement are columns as far as its own text tells.
///
/// In SQL functions, and in PL/pgSQL under `#variable_conflict use_column`, a column comes before a
/// parameter of the same name. Without a catalog only the statement tells what is a column: what is
/// assigned, inserted or written with its table; and `id = id` and `id = $1`, which compare a column
/// with something only when one side is the column. Whoever writes such a function gives the parameters
/// names that no column has, so every other name of a parameter is taken for the parameter.
struct PlausibleColumns {
  private var columns: Set<String> = []
  /// The names of tables and their aliases.
  private(set) var qualifiers: Set<String> = []

  init(_ root: Node) {
    for node in root.subtree {
      switch node.tag {
      case .RangeVar: addTable(node)
      case .Alias: Self.add(node.string(.aliasname), to: &qualifiers)
      case .InsertStmt: addTargets(node.list(.cols))
      case .UpdateStmt: addTargets(node.list(.targetList))
      case .IndexElem: Self.add(node.string(.name), to: &columns)
      case .ColumnRef: addQualified(node)
      case .A_Expr: addComparison(node)
      default: break
      }
    }
  }

  private static func add(_ name: String?, to names: inout Set<String>) {
    if let name { names.insert(name) }
  }

  private mutating func addTable(_ node: Node) {
    // The alias is a node of its own below.
    guard !node.has(.alias) else { return }
    Self.add(node.string(.relname), to: &qualifiers)
  }

  private mutating func addTargets(_ targets: NodeList) {
    for target in targets { Self.add(target.string(.name), to: &columns) }
  }

  private mutating func addQualified(_ node: Node) {
    let names = node.list(.fields).compactMap { $0.string(.sval) }
    if names.count > 1 { columns.insert(names[names.count - 1]) }
  }

  private mutating func addComparison(_ node: Node) {
    let sides = [node.child(.lexpr), node.child(.rexpr)]
    let names = sides.compactMap(Self.bareName)
    if names.count == 2 ? names[0] == names[1] : sides.contains(where: { $0?.tag == .ParamRef }) {
      columns.formUnion(names)
    }
  }

  private static func bareName(_ node: Node?) -> String? {
    guard let node, node.tag == .ColumnRef, node.list(.fields).count == 1 else { return nil }
    return node.list(.fields).first?.string(.sval)
  }

  /// Whether a bare name can be a column of one of the statement's tables.
  func mayBeColumn(_ name: String) -> Bool {
    guard !qualifiers.isEmpty else { return false }
    let isMarked = ["p_", "_", "in_", "v_", "arg"].contains { name.hasPrefix($0) }
    return !isMarked && columns.contains(name)
  }
}
