import Algorithms

/// A handle on one node of a parse tree.
///
/// Holds its tree without owning it: a handle must not outlive the `Statement` that it was
/// reached from, which is what makes copying handles free.
package struct Node: Sendable {
  unowned(unsafe) let tree: SyntaxTree
  let index: Int32

  private var element: SyntaxTree.Element { tree.elements[Int(index)] }

  /// The kind.
  package var tag: Tag { element.tag }

  /// The kind's name as PostgreSQL spells it; empty where the JSON does not name it.
  package var kindName: String {
    guard element.kind == .node, element.value != 0 else { return element.tag.rawValue }
    var length: Int32 = 0
    while tree.json[Int(element.value + length)] != CChar(UInt8(ascii: "\"")) { length += 1 }
    return String(decoding: tree.bytes(at: element.value, count: length), as: UTF8.self)
  }

  private func find(_ field: Field) -> Int32? {
    guard element.kind == .node else { return nil }
    var child = index + 1
    let end = element.end
    while child < end {
      let candidate = tree.elements[Int(child)]
      if candidate.field == field { return child }
      child = Self.after(child, candidate)
    }
    return nil
  }

  static func after(_ index: Int32, _ element: SyntaxTree.Element) -> Int32 {
    element.kind == .node || element.kind == .list ? element.end : index + 1
  }

  /// A member that is a node.
  package func child(_ field: Field) -> Node? {
    guard let index = find(field), tree.elements[Int(index)].kind == .node else { return nil }
    return Node(tree: tree, index: index)
  }

  /// A member that is a list; empty when it is absent.
  package func list(_ field: Field) -> NodeList {
    guard let index = find(field), tree.elements[Int(index)].kind == .list else {
      return NodeList(tree: tree, start: 0, end: 0)
    }
    return NodeList(tree: tree, start: index + 1, end: tree.elements[Int(index)].end)
  }

  /// A member that is a string, unescaped.
  package func string(_ field: Field) -> String? {
    guard let index = find(field) else { return nil }
    let element = tree.elements[Int(index)]
    switch element.kind {
    case .string:
      return String(decoding: tree.bytes(at: element.value, count: element.end), as: UTF8.self)
    case .escapedString:
      return JSONString.unescape(tree.bytes(at: element.value, count: element.end))
    default: return nil
    }
  }

  /// A member that is an integer; 0 when it is absent, as in the JSON.
  package func int(_ field: Field) -> Int {
    guard let index = find(field), tree.elements[Int(index)].kind == .integer else { return 0 }
    return Int(tree.elements[Int(index)].value)
  }

  /// A member that is true; false when it is absent.
  package func flag(_ field: Field) -> Bool {
    guard let index = find(field), tree.elements[Int(index)].kind == .flag else { return false }
    return tree.elements[Int(index)].value != 0
  }

  /// Whether a member is present at all.
  package func has(_ field: Field) -> Bool { find(field) != nil }

  /// Whether a member is the name of an enumeration's case.
  package func symbol(_ field: Field, is name: StaticString) -> Bool {
    guard let index = find(field) else { return false }
    let element = tree.elements[Int(index)]
    guard element.kind == .string, Int(element.end) == name.utf8CodeUnitCount else { return false }
    let bytes = tree.bytes(at: element.value, count: element.end)
    for offset in 0..<bytes.count where bytes[offset] != name.utf8Start[offset] { return false }
    return true
  }

  /// Where the node is in the file, in bytes, as far as the grammar keeps it.
  package var location: Int? {
    guard let index = find(.location) else { return nil }
    let value = Int(tree.elements[Int(index)].value)
    return value < 0 ? nil : tree.place(of: value)
  }

  /// The smallest location of the node and of everything in it, in bytes of the file.
  package var firstLocation: Int? {
    var best: Int?
    for index in Int(index)..<Int(element.end) {
      let candidate = tree.elements[index]
      guard candidate.field == .location, candidate.kind == .integer, candidate.value >= 0 else {
        continue
      }
      best = min(best ?? .max, tree.place(of: Int(candidate.value)))
    }
    return best
  }

  /// All nodes below this one, in the order of the tree.
  package var descendants: Descendants {
    Descendants(tree: tree, index: index + 1, end: element.end)
  }

  /// This node and all below it.
  package var subtree: Descendants { Descendants(tree: tree, index: index, end: element.end) }

  /// The nodes below another, also those without a typed view.
  package struct Descendants: Sequence, IteratorProtocol {
    unowned(unsafe) let tree: SyntaxTree
    var index: Int32
    let end: Int32

    /// The next node.
    package mutating func next() -> Node? {
      while index < end {
        defer { index += 1 }
        if tree.elements[Int(index)].kind == .node { return Node(tree: tree, index: index) }
      }
      return nil
    }
  }

  /// The nodes that are members of this one or items of its lists.
  package var children: [Node] {
    var result: [Node] = []
    var child = index + 1
    let end = element.end
    while child < end {
      let candidate = tree.elements[Int(child)]
      switch candidate.kind {
      case .node:
        result.append(Node(tree: tree, index: child))
        child = candidate.end
      case .list: child += 1
      default: child += 1
      }
    }
    return result
  }

  /// Whether a node is below this one.
  package func contains(_ other: Node) -> Bool {
    tree === other.tree && other.index > index && other.index < element.end
  }

  /// Whether the node stands in the text of a statement.
  package func isOf(_ statement: Statement) -> Bool { tree === statement.node.tree }

  /// Tells nodes apart while their trees are there.
  package struct ID: Hashable {
    private let tree: ObjectIdentifier
    private let index: Int32

    fileprivate init(_ node: Node) {
      tree = ObjectIdentifier(node.tree)
      index = node.index
    }
  }

  /// Tells the node from all others.
  package var id: ID { ID(self) }

  /// Whether two handles are of the same node.
  package func isSame(as other: Node) -> Bool { tree === other.tree && index == other.index }

  /// The placeholder that stands at the node's location, if one does.
  package var placeholder: Placeholder? {
    guard !tree.placeholders.isEmpty, let location else { return nil }
    let place = tree.placeholders.partitioningIndex { $0.range.upperBound > location }
    guard place < tree.placeholders.count, tree.placeholders[place].range.contains(location)
    else { return nil }
    return tree.placeholders[place]
  }
}

extension Node {
  /// The placeholder or variable that a `ColumnRef` stands for as a whole; nil for a column and for
  /// a column whose table alone is a placeholder.
  var standIn: Placeholder? {
    guard let placeholder else { return nil }
    let fields = list(.fields)
    let isBare = fields.first?.tag == .String && fields.count == 1
    return placeholder.isVariable || isBare ? placeholder : nil
  }
}

/// A list of nodes of a parse tree.
package struct NodeList: Sequence, Sendable {
  unowned(unsafe) let tree: SyntaxTree
  let start: Int32
  let end: Int32

  /// Whether there is nothing in it.
  package var isEmpty: Bool { start >= end }

  /// The number of nodes; takes time proportional to it.
  package var count: Int { reduce(0) { count, _ in count + 1 } }

  /// The first node.
  package var first: Node? { first { _ in true } }

  /// The nodes in the order of the text.
  package func makeIterator() -> Iterator { Iterator(tree: tree, index: start, end: end) }

  /// Goes over the nodes of a list.
  package struct Iterator: IteratorProtocol {
    unowned(unsafe) let tree: SyntaxTree
    var index: Int32
    let end: Int32

    /// The next node.
    package mutating func next() -> Node? {
      guard index < end else { return nil }
      let current = index
      index = Node.after(current, tree.elements[Int(current)])
      return Node(tree: tree, index: current)
    }
  }
}
