package import Diagnostics
import LockModel

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

extension LockTarget {
  /// As the steps of a finding name it.
  var nameInReports: String {
    switch self {
    case .table(let table): table.description
    case .rows(let table): "rows of \(table)"
    case .uniqueKey(let table): "unique key of \(table)"
    case .advisory: "advisory locks"
    }
  }
}
