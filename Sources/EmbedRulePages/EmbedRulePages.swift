import Foundation

/// Writes a Swift file that holds the pages given, each under its folder's name.
///
/// Usage: `EmbedRulePages OUTPUT PAGE…`
@main
enum EmbedRulePages {
  static func main() throws {
    let arguments = CommandLine.arguments
    precondition(arguments.count > 1, "usage: EmbedRulePages OUTPUT PAGE…")
    let entries = try arguments.dropFirst(2).map { path in
      let page = try String(contentsOf: URL(filePath: path), encoding: .utf8)
      let id = URL(filePath: path).deletingLastPathComponent().lastPathComponent
      return "    \"\(id)\": ####\"\"\"\n\(page)\n\"\"\"####,\n"
    }
    let text = """
      /// The pages of the rules, by rule id.
      enum RulePages {
        static let pages: [String: String] = [
      \(entries.isEmpty ? "    :" : entries.joined())
        ]
      }

      """
    try text.write(to: URL(filePath: arguments[1]), atomically: true, encoding: .utf8)
  }
}
