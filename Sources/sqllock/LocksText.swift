import Diagnostics
import Linting
import LockAnalysis
import LockModel
import Reports

/// The text of `sqllock locks`: each statement with its locks beneath, in the order of locking.
struct LocksText {
  let style: Style
  let showsAll: Bool

  func render(_ listing: LockListing) -> String {
    let statements = listing.statements
      .filter { showsAll || $0.acquisitions.contains { !$0.isPrivate } }.map(render)
    return (statements + listing.programs.map(render)).joined(separator: "\n")
  }

  private func render(_ program: LockListing.ProgramTransaction) -> String {
    let transaction = program.transaction
    let kind =
      switch transaction.origin {
      case .begun: "a transaction of the program"
      case .handed: "a transaction of the program, begun by its caller"
      case .declared: "a declared transaction"
      }
    var text = bold("\(printable(path: transaction.path)):\(transaction.line)")
    text += dim("  \(transaction.name)  \(kind)") + "\n"
    for call in program.calls {
      let place = call.statement.range
      text += printable("  line \(call.line)  \(call.statement.title)")
      text += dim("  \(printable(path: place.file.path)):\(place.start.line)")
      text += (call.isRepeated ? dim("  in a loop") : "") + "\n"
    }
    return text
  }

  private func render(_ statement: LoweredStatement) -> String {
    let start = statement.range.start
    var text = bold("\(printable(path: statement.range.file.path)):\(start.line)")
    text += dim(
      statement.routine.map { "  in \($0)()" } ?? "  transaction \(statement.transaction)")
    if let name = statement.name { text += dim("  \(name)") }
    text += "\n  \(printable(excerpt(statement.range.text)))\n"
    let rows = statement.acquisitions.enumerated().map { index, lock in
      ["\(index + 1).", subject(lock), lock.mode.spelling, detail(lock)].map { printable($0) }
    }
    let widths = (0..<3).map { column in rows.map { displayWidth($0[column]) }.max() ?? 0 }
    for row in rows {
      var line = "  "
      for column in 0..<3 { line += padded(row[column], widths[column]) + "  " }
      text += trimmedEnd(line + row[3]) + "\n"
    }
    for note in statement.notes { text += dim("  note: \(note.text)") + "\n" }
    for assumption in Set(statement.acquisitions.flatMap(\.assumptions)).sorted() {
      text += dim("  assumed: \(assumption)") + "\n"
    }
    return text
  }

  private func subject(_ lock: Acquisition) -> String {
    switch lock.target {
    case .table(let name): "table \(name.short)"
    case .rows(let name):
      lock.rows?.count == .one ? "row of \(name.short)" : "rows of \(name.short)"
    case .uniqueKey(let name): "key of \(name.short)"
    case .advisory(let key): "advisory \(key.map(\.text).joined(separator: ", "))"
    }
  }

  private func detail(_ lock: Acquisition) -> String {
    var parts: [String] = []
    if let rows = lock.rows {
      switch rows.count {
      case .one:
        parts.append("one" + pinned(rows))
        if case .alreadyLocked(let why) = rows.order { parts.append(why) }
      case .atMostOne: parts.append("at most one")
      case .many: parts.append("many, \(order(rows.order))")
      }
      if lock.waits == .skips { parts.append("skips locked rows") }
      if lock.waits == .fails { parts.append("fails on locked rows") }
    } else if case .advisory = lock.target {
      parts.append("until the end of the \(lock.duration.rawValue)")
    }
    if !lock.reason.isEmpty {
      parts.append("through " + ReasonChain.text(lock.reason.texts))
    }
    if lock.isPrivate { parts.append("nobody else sees it") }
    return parts.joined(separator: "; ")
  }

  private func pinned(_ rows: RowSet) -> String {
    let text = rows.pinned.sorted { $0.key < $1.key }.prefix(3).map {
      "\($0.key) = \($0.value.text)"
    }
    return text.isEmpty ? "" : " (\(text.joined(separator: ", ")))"
  }

  private func order(_ order: RowOrder) -> String {
    switch order {
    case .total(let terms): "ordered by " + terms.map(\.description).joined(separator: ", ")
    case .partial(_, let why, _): "partly ordered: \(why)"
    case .unordered(let why): "unordered: \(why)"
    case .unknown(let why): "in an order that is not known: \(why)"
    case .alreadyLocked(let why): "no order needed: \(why)"
    }
  }

  /// The statement on one line, shortened.
  private func excerpt(_ text: String) -> String {
    let folded = text.prefix(400).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return folded.count > 96 ? folded.prefix(95) + "…" : folded
  }

  private func bold(_ text: String) -> String { style.paint(printable(text), .bold) }
  private func dim(_ text: String) -> String { style.paint(printable(text), .dim) }
}
