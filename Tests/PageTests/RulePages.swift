import Foundation

/// The pages in `rules/`.
enum RulePages {
  /// The folder, as found from this file.
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "rules")

  /// Where the page of a rule lies.
  static func path(of id: String) -> String {
    folder.appending(path: id).appending(path: "README.md").path
  }

  /// The rules that have a page, in alphabetical order.
  static func ids() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { FileManager.default.fileExists(atPath: path(of: $0)) }
  }

  /// One page.
  static func read(_ id: String) throws -> RulePage {
    try RulePage(String(contentsOfFile: path(of: id), encoding: .utf8))
  }

  /// All pages, in the order of `ids`.
  static func read() throws -> [RulePage] { try ids().map(read) }
}
