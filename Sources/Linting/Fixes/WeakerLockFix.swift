package import Diagnostics
import LockAnalysis
import LockModel
import PostgresSyntax

/// Makes `FOR UPDATE` of a parent's row weak enough to let the checks of foreign keys pass.
package enum WeakerLockFix {
  /// `FOR NO KEY UPDATE`, where the circle is one of such a clause and such a check, and where the
  /// transaction neither deletes the row nor changes its key: with an ordinary UPDATE the row is as
  /// safe (manual, *Explicit Locking*, "Row-Level Locks").
  package static func make(for found: CircleFinding) -> Fix? {
    guard let id = clause(of: found) else { return nil }
    let statement = found.workload.statements[id.statement]
    let lock = found.workload[id]
    let transaction = found.workload.transactions[statement.transaction - 1]
    guard lock.reason.isEmpty || lock.reason.texts == ["direct"],
      !isKeyNeeded(in: transaction, besides: id, found.workload)
    else { return nil }
    let text = StatementText(statement)
    guard let first = text.tokens.index(at: lock.range.bytes.lowerBound),
      text.tokens.spells("for", at: first), text.tokens.spells("update", at: first + 1)
    else { return nil }
    let token = text.tokens.tokens[first + 1]
    let range = SourceRange(file: lock.range.file, bytes: token.start..<token.end)
    let isLower = range.text.allSatisfy { $0.isLowercase }
    let isWhole = statement.routine != nil || transaction.statements.count > 1
    return Fix(
      applicability: isWhole ? .safe : .unsafe,
      message: "lock the row for no key update",
      caveat: isWhole
        ? nil : "what else the transaction does with the row is not known, such as deleting it",
      edits: [Edit(range: range, replacement: isLower ? "no key update" : "NO KEY UPDATE")])
  }

  /// The clause that conflicts with a check of a foreign key, if all would be well without that.
  private static func clause(of found: CircleFinding) -> AcquisitionID? {
    let members = found.circle.members
    for (index, member) in members.enumerated() {
      let held = members[(index + 1) % members.count].held
      for (own, other) in [(member.request, held), (held, member.request)]
      where found.workload[own].isForUpdate && found.workload[other].isKeyCheck {
        return own
      }
    }
    return nil
  }

  /// Whether something else in a transaction locks a row of the table as strongly.
  private static func isKeyNeeded(
    in transaction: Transaction, besides id: AcquisitionID, _ workload: Workload
  ) -> Bool {
    let table = workload[id].target.relation
    return transaction.statements.contains { index in
      workload.statements[index].acquisitions.enumerated().contains { position, lock in
        (index, position) != (id.statement, id.acquisition) && lock.mode == .row(.forUpdate)
          && lock.target.relation == table
      }
    }
  }
}

extension Acquisition {
  /// Whether `FOR UPDATE` takes it.
  fileprivate var isForUpdate: Bool {
    guard case .lockingSelect? = form else { return false }
    return mode == .row(.forUpdate)
  }
}
