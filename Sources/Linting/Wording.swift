package import Diagnostics
package import LockModel

/// What a rule says of a hazard.
package struct Wording {
  package var message: String
  package var help: String
  package var fix: Fix?

  package init(message: String, help: String, fix: Fix? = nil) {
    self.message = message
    self.help = help
    self.fix = fix
  }
}

extension Finding {
  /// The subject of what asks for a lock while another one is held.
  package static func subject(held: Acquisition, wanted: Acquisition) -> String {
    "\(held.target.relation?.description ?? "") \(wanted.target.relation?.description ?? "")"
  }
}

extension LockTarget {
  /// As the steps of a finding name it.
  package var nameInReports: String {
    switch self {
    case .table(let table): table.description
    case .rows(let table): "rows of \(table)"
    case .uniqueKey(let table): "unique key of \(table)"
    case .advisory: "advisory locks"
    }
  }
}

extension Acquisition {
  /// What the lock is on, in words: for messages with names in backticks.
  package func inWords(isQuoted: Bool) -> String {
    func name(_ table: RelationName) -> String { isQuoted ? "`\(table.short)`" : table.short }
    switch target {
    case .table(let table): return "\(name(table)) (\(mode.spelling))"
    case .rows(let table):
      return rows?.count == .many ? "rows of \(name(table))" : "a row of \(name(table))"
    case .uniqueKey(let table): return "a key of \(name(table))"
    case .advisory(let key):
      let text = key.map(\.text).joined(separator: ", ")
      return isQuoted ? "the advisory lock `\(text)`" : "advisory lock \(text)"
    }
  }
}
