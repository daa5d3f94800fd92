import PostgresSyntax

/// Casts that never make two different values equal.
enum InjectiveCast {
  private static let types: Set<String> = ["text", "varchar", "uuid", "citext", "oid"]

  /// The expression under such casts; a cast to a length can cut, and is none of them.
  static func removed(from node: Node) -> Node {
    var node = node
    while node.tag == .TypeCast, let argument = node.child(.arg), let type = node.child(.typeName),
      types.contains(TypeName(type).name), type.list(.typmods).isEmpty
    {
      node = argument
    }
    return node
  }
}
