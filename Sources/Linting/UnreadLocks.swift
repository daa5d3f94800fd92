import Diagnostics
import LockAnalysis
import PostgresSyntax

/// Locking queries of WITH clauses that the rest of their statement does not read.
///
/// PostgreSQL runs the SELECT of a WITH clause as far as the parent query asks for its rows (the
/// manual's chapter "WITH Queries"): what nothing reads locks nothing, whatever it was written for.
struct UnreadLocks {
  /// Their names, where they stand.
  let labels: [Finding.Label]

  init(in statement: LoweredStatement) {
    let root = statement.statement.node
    labels = root.subtree.filter { $0.tag == .CommonTableExpr }.compactMap { node in
      let table = CommonTable(node)
      guard let query = table.query, query.tag == .SelectStmt, query.has(.lockingClause),
        !Self.isRead(table.name, in: root, besides: query), let start = node.location
      else { return nil }
      let range = SourceRange(
        file: statement.file.source, bytes: start..<start + table.name.utf8.count)
      return Finding.Label(
        range: range, text: "nothing reads `\(table.name)`, so that it is not run and locks nothing"
      )
    }
  }

  private static func isRead(_ name: String, in root: Node, besides query: Node) -> Bool {
    func count(_ node: Node) -> Int {
      node.subtree.count { node in
        node.tag == .RangeVar && !node.has(.schemaname) && node.string(.relname) == name
      }
    }
    return count(root) > count(query)
  }
}
