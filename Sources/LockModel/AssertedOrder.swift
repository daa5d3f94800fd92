import Diagnostics
import PostgresSyntax

/// Orders that a `-- sqllock:ordered` comment vouches for: those of rows that the caller hands
/// over, which the text can't show.
enum AssertedOrder {
  /// Gives the statements what their comments assert; returns the comments that can't be believed.
  static func apply(
    to result: [LoweredStatement]
  ) -> [(range: SourceRange, reason: String)] {
    var unfounded: [(range: SourceRange, reason: String)] = []
    var start = 0
    while start < result.count {
      let file = result[start].file
      var end = start
      while end < result.count, result[end].file.source === file.source { end += 1 }
      for directive in Directive.all(in: file) {
        guard case .ordered(let columns) = directive.kind else { continue }
        let ranges = result[start..<end].map(\.statement.range)
        guard let index = directive.target(in: ranges, of: file.source) else { continue }
        if let reason = assert(columns, of: result[start + index]) {
          unfounded.append((SourceRange(file: file.source, bytes: directive.range), reason))
        }
      }
      start = end
    }
    return unfounded
  }

  /// Believes the comment where it can be true; else the reason why it is not.
  private static func assert(_ columns: [String], of statement: LoweredStatement) -> String? {
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
      guard let rows = acquisition.rows, rows.count.isMany else { continue }
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
