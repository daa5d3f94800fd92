package import Diagnostics
import LockModel
import PostgresSyntax

/// Orders that a `-- sqllock:ordered` comment vouches for: those of rows that the caller hands
/// over, which the text can't show.
struct AssertedOrder {
  private let project: Project

  init(_ project: Project) { self.project = project }

  /// The statements with what their comments assert, and the comments that can't be believed.
  func applied(
    to statements: [LoweredStatement]
  ) -> (statements: [LoweredStatement], unfounded: [UnfoundedAssertion]) {
    var result = statements
    var unfounded: [UnfoundedAssertion] = []
    var start = 0
    while start < result.count {
      let file = result[start].file
      var end = start
      while end < result.count, result[end].file.source === file.source { end += 1 }
      let directives = project.directives(of: file)
      let ranges = NestedRanges(
        directives.isEmpty ? [] : result[start..<end].map(\.statement.range))
      for directive in directives {
        guard case .ordered(let columns) = directive.kind,
          let index = directive.target(in: ranges, of: file.source)?.index
        else { continue }
        if let reason = Self.assert(columns, of: &result[start + index]) {
          let range = SourceRange(file: file.source, bytes: directive.range)
          unfounded.append(UnfoundedAssertion(range: range, reason: reason))
        }
      }
      start = end
    }
    return (result, unfounded)
  }

  /// Believes the comment where it can be true; else the reason why it is not.
  private static func assert(
    _ columns: [String], of statement: inout LoweredStatement
  ) -> String? {
    let positions = statement.acquisitions.indices.filter { position in
      switch statement.acquisitions[position].target {
      case .rows, .uniqueKey: true
      case .table, .advisory: false
      }
    }
    guard !positions.isEmpty else { return "the statement locks no rows" }
    var reason: String?
    for position in positions {
      let acquisition = statement.acquisitions[position]
      guard let rows = acquisition.rows, rows.count.isMany, !acquisition.isKeyCheck else {
        continue
      }
      if acquisition.form != .upsert, acquisition.form != .insert {
        if rows.order.isHazardous {
          reason = "rows of a table are locked in the order of the plan, whatever the caller sorts"
        }
        continue
      }
      if !rows.conflictKey.isEmpty, Set(rows.conflictKey) != Set(columns) {
        let key = rows.conflictKey.map { "`\($0)`" }.joined(separator: ", ")
        reason = "the key that conflicts is \(key)"
      } else if rows.literalKeys != nil, rows.order.isHazardous {
        reason = "the VALUES show that they are not sorted so"
      } else if rows.order.isHazardous {
        statement.acquisitions[position].rows?.order = .total(columns.map { SortTerm(text: $0) })
      }
    }
    return reason
  }
}

/// A comment that asserts an order and can't be believed.
package struct UnfoundedAssertion: Sendable {
  /// The comment.
  package let range: SourceRange
  /// Why not, without a full stop.
  package let reason: String
}
