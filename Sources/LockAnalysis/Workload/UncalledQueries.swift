import Diagnostics
import PostgresSyntax

/// Named queries that nothing in the repository calls.
enum UncalledQueries {
  /// Indices of their statements, given the names that the code mentions. Nothing is said of folders of which the code mentions less than half
  /// of the queries: they may be called in another way.
  static func find(in statements: [LoweredStatement], _ mentioned: Set<String>) -> Set<Int> {
    var byFolder: [String: [String: [Int]]] = [:]
    for (index, statement) in statements.enumerated() where statement.role == .application {
      guard let name = statement.name else { continue }
      byFolder[statement.file.source.path.folder, default: [:]][name, default: []].append(index)
    }
    var result: Set<Int> = []
    for queries in byFolder.values {
      let called = queries.keys.count(where: mentioned.contains)
      guard 2 * called >= queries.count else { continue }
      for (name, indices) in queries where !mentioned.contains(name) {
        result.formUnion(indices)
      }
    }
    return result
  }
}

extension String {
  /// The folder that a path is in.
  fileprivate var folder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "" }
}
