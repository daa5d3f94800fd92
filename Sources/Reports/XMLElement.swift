/// An element of an XML document, as far as reports need it.
struct XMLElement {
  let name: String
  var attributes: [(name: String, value: String)] = []
  var text = ""
  var children: [XMLElement] = []

  /// The document with this element as its root.
  var document: String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + lines(indent: "").joined(separator: "\n")
      + "\n"
  }

  private func lines(indent: String) -> [String] {
    let head =
      indent + "<" + name + attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined()
    guard !text.isEmpty || !children.isEmpty else { return [head + "/>"] }
    guard text.isEmpty else { return [head + ">" + Self.escaped(text) + "</\(name)>"] }
    return [head + ">"] + children.flatMap { $0.lines(indent: indent + "  ") }
      + [indent + "</\(name)>"]
  }

  /// Without what XML 1.0 can't hold: control characters become visible ones.
  private static func escaped(_ text: String) -> String {
    printableLines(text).map { line in
      line.unicodeScalars.map { scalar in
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        // The only two that are no control characters and that XML can't hold.
        case "\u{FFFE}", "\u{FFFF}": "\u{FFFD}"
        default: String(scalar)
        }
      }.joined()
    }.joined(separator: "&#10;")
  }
}
