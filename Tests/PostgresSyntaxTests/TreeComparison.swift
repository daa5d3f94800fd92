import CPgQuery
import Foundation

@testable import PostgresSyntax

/// Compares the flat tree with what Foundation reads in the same JSON, value for value.
///
/// The flat tree keeps the names of the members that it knows; a member without a known name is
/// looked for among those that are left over.
struct TreeComparison {
  private let tree: SyntaxTree
  /// The first difference found.
  private(set) var difference: String?
  /// How many values were compared.
  private(set) var values = 0

  /// Parses a text and compares; nil when the grammar refuses it.
  init?(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard case .success(let json) = PgQuery.parse(bytes, range: 0..<bytes.count) else { return nil }
    let data = Data(bytes: json, count: strlen(json))
    tree = SyntaxTree(adopting: json, base: 0, text: bytes, placeholders: [])
    let expected = try JSONSerialization.jsonObject(with: data)
    let end = compare(0, with: expected)
    if difference == nil, end != tree.count {
      difference = "\(tree.count - end) elements after the root"
    }
  }

  /// Compares the value at an index; returns the index after it.
  private mutating func compare(_ index: Int, with expected: Any) -> Int {
    values += 1
    let element = tree.elements[index]
    switch element.kind {
    case .node: return compareNode(index, with: expected)
    case .list:
      guard let items = expected as? [Any] else { return differ(index, expected) }
      var next = index + 1
      for item in items {
        guard next < Int(element.end) else { return differ(index, expected) }
        next = compare(next, with: item)
        if difference != nil { return next }
      }
      return next == Int(element.end) ? next : differ(index, expected)
    case .string, .escapedString:
      let bytes = tree.bytes(at: element.value, count: element.end)
      let text =
        element.kind == .string
        ? String(decoding: bytes, as: UTF8.self) : JSONString.unescape(bytes)
      return expected as? String == text ? index + 1 : differ(index, expected)
    case .integer:
      let number = (expected as? NSNumber)?.int64Value
      return number.map { Int32(clamping: $0) } == element.value
        ? index + 1 : differ(index, expected)
    case .flag:
      return expected as? Bool == (element.value != 0) ? index + 1 : differ(index, expected)
    case .null: return expected is NSNull ? index + 1 : differ(index, expected)
    }
  }

  private mutating func compareNode(_ index: Int, with expected: Any) -> Int {
    guard var members = expected as? [String: Any] else { return differ(index, expected) }
    let element = tree.elements[index]
    if let kind = members.keys.first, members.count == 1, kind.first?.isUppercase == true {
      guard element.value != 0, Node(tree: tree, index: Int32(index)).kindName == kind,
        element.tag == .other || element.tag.rawValue == kind,
        let inner = members[kind] as? [String: Any]
      else { return differ(index, expected) }
      members = inner
    } else if element.value != 0 {
      return differ(index, expected)
    }
    var next = index + 1
    while next < Int(element.end) {
      guard let name = name(of: next, among: members), let value = members.removeValue(forKey: name)
      else { return differ(next, members) }
      next = compare(next, with: value)
      if difference != nil { return next }
    }
    return next == Int(element.end) && members.isEmpty ? next : differ(index, members)
  }

  /// The name of a member; a member of an unknown name gets the first that fits.
  private func name(of index: Int, among members: [String: Any]) -> String? {
    let field = tree.elements[index].field
    if field != .other { return field.rawValue }
    return members.keys.sorted().first { name in
      guard Field(rawValue: name) == nil, let value = members[name] else { return false }
      var trial = self
      _ = trial.compare(index, with: value)
      return trial.difference == nil
    }
  }

  private mutating func differ(_ index: Int, _ expected: Any) -> Int {
    difference = difference ?? "element \(index): \(tree.elements[index]) is not \(expected)"
    return tree.count
  }
}
