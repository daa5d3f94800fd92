import Diagnostics

/// Rows that a statement inserts, changes or deletes, as triggers and foreign keys see them.
struct RowWrite {
  var kind: WriteKind
  var table: RelationName
  /// Whether it goes along with a write of another table, whose statement triggers run.
  var isPart = false
  /// Whether rows leave a partition, or come to one, because their key changes.
  var isMove = false
  /// The columns that SET names.
  var assigned: Set<String> = []
  /// Those of them that may get another value.
  var changed: Set<String> = []
  /// Which rows, and in which order.
  var rows: RowSet
  /// What columns have afterwards, as it is written, where all rows have the same.
  var new: [String: String] = [:]
  /// What columns had before, where all rows have the same.
  var old: [String: String] = [:]
  let range: SourceRange
  /// How the statement comes to write them; empty when its text says so.
  var reason: [String] = []
  var branches: [Branch] = []
  /// Columns whose values come in order by themselves, and whether downwards.
  var sorted: [String: Bool] = [:]
  /// Whether no row can be found, so that only triggers of the statement fire.
  var isEmpty = false

  /// The repetition of what happens for each row.
  var driver: Driver {
    var ranks: [String: Driver.Rank] = [:]
    var terms: [SortTerm] = []
    switch rows.order {
    case .total(let found), .partial(let found, _, _): terms = found
    case .unordered, .alreadyLocked, .unknown: break
    }
    for (position, term) in terms.enumerated() {
      let rank = Driver.Rank(position: position, isDescending: term.isDescending)
      ranks["old.\(term.text)"] = rank
      if !changed.contains(term.text) { ranks["new.\(term.text)"] = rank }
    }
    for (column, isDescending) in sorted {
      ranks["new.\(column)"] = Driver.Rank(position: 0, isDescending: isDescending)
    }
    return Driver(
      ranks: ranks,
      varies: { [kind] text in
        (kind != .delete && text.mentions("new")) || (kind != .insert && text.mentions("old"))
      },
      why: "it happens for each row of \(table.short), in the order in which they are written")
  }

  /// `coalesce(new.x, old.x)` is what a trigger's function writes to have the row of any event.
  func simplified(_ text: String) -> String {
    guard text.hasPrefix("coalesce("), text.hasSuffix(")") else { return text }
    let parts = text.dropFirst(9).dropLast().split(separator: ", ").map(String.init)
    guard parts.count == 2 else { return text }
    let row = kind == .delete ? "old." : "new."
    return parts.first { $0.hasPrefix(row) } ?? text
  }

  /// A lock of a trigger's function as it is for this write.
  func applied(to lock: Acquisition) -> Acquisition {
    var lock = lock
    if let pinned = lock.rows?.pinned { lock.rows?.pinned = pinned.mapValues(simplified) }
    return lock.replacing(values)
  }

  /// A lock as those see it who have set off the routine that this write stands in: their `NEW` and
  /// `OLD` are other rows than this one's.
  func seenFromOutside(_ lock: Acquisition) -> Acquisition {
    let key = rows.pinned.sorted { $0.key < $1.key }.map(\.value).joined(separator: ", ")
    let row = "\(table.short)(\(key.isEmpty ? "…" : key))"
    func renamed(_ text: String) -> String {
      ["new", "old"].reduce(text) { text, name in
        text.mentions(name) ? text.replacing("\(name).", with: "\(row).") : text
      }
    }
    var lock = lock
    if case .advisory(let key) = lock.target { lock.target = .advisory(renamed(key)) }
    if let pinned = lock.rows?.pinned { lock.rows?.pinned = pinned.mapValues(renamed) }
    return lock
  }

  /// The values of `new.column` and `old.column` where they are known.
  var values: [String: String] {
    var values: [String: String] = [:]
    for (column, text) in new { values["new.\(column)"] = text }
    for (column, text) in old {
      values["old.\(column)"] = text
      if kind == .update, !changed.contains(column), new[column] == nil {
        values["new.\(column)"] = text
      }
    }
    return values
  }
}

extension Acquisition {
  /// The same lock with names replaced by what they stand for where it is taken.
  func replacing(_ values: [String: String]) -> Acquisition {
    guard !values.isEmpty else { return self }
    var result = self
    if case .advisory(let key) = target { result.target = .advisory(key.replacing(values)) }
    guard var rows else { return result }
    for (column, text) in rows.pinned {
      let replaced = text.replacing(values)
      guard replaced != text else { continue }
      rows.pinned[column] = replaced
      if replaced.isLiteral { rows.literals[column] = replaced }
    }
    result.rows = rows
    return result
  }

  /// The same lock, taken for a reason, as a report of another statement shows it.
  func inside(_ outer: [String], at range: SourceRange, branches: [Branch] = []) -> Acquisition {
    var result = self
    result.reason = outer + (reason == ["direct"] ? [] : reason)
    result.range = range
    result.branches = branches + self.branches
    result.alias = nil
    return result
  }
}

extension String {
  /// The text with whole names replaced, longest first.
  func replacing(_ values: [String: String]) -> String {
    if let exact = values[self] { return exact }
    var result = self
    for (name, value) in values.sorted(by: { $0.key.count > $1.key.count })
    where result.mentions(name) {
      result = result.replacing(name, with: value)
    }
    return result
  }

  /// Whether it is a number or a quoted string as a report writes it.
  var isLiteral: Bool {
    guard let first = utf8.first else { return false }
    return first == UInt8(ascii: "'") || (first >= 0x30 && first <= 0x39)
      || (first == UInt8(ascii: "-") && utf8.count > 1)
  }
}
