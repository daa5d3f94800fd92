import LockModel
import PostgresSyntax

/// The statements of the application that lock several rows of a table, by lock class: those that
/// others can meet there.
struct RowLockers {
  private(set) var byTable: [RelationName: [AcquisitionID]] = [:]
  /// By transaction and table, locks that keep all others out of the table's rows until it ends.
  private var keptOut: [Int: [RelationName: [Acquisition]]] = [:]

  /// So many locks of one transaction on one table are looked at, in alternatives.
  private static let limit = 16

  /// Notes the locks of a statement; those of a transaction come in their order.
  mutating func add(_ statement: LoweredStatement, at index: Int, _ catalog: Catalog) {
    if case .transaction(let control) = statement.statement.command,
      control.command == .rollbackToSavepoint
    {
      keptOut[statement.transaction] = nil
    }
    for (position, lock) in statement.acquisitions.enumerated() {
      guard let table = lock.target.relation else { continue }
      if case .table(let mode) = lock.mode, mode.conflicts(with: .rowShare) {
        let known = keptOut[statement.transaction]?[table] ?? []
        // The first tell enough.
        if known.count < Self.limit, !known.contains(where: { $0.certainlyPrecedes(lock) }) {
          keptOut[statement.transaction, default: [:]][table, default: []].append(lock)
        }
      } else if lock.locksSeveralRows, lock.isOwn, !lock.isKeyCheck {
        let earlier = keptOut[statement.transaction]?[table] ?? []
        if earlier.contains(where: { $0.certainlyPrecedes(lock) }) { continue }
        byTable[catalog.lockClass(table), default: []]
          .append(AcquisitionID(statement: index, acquisition: position))
      }
    }
  }
}
