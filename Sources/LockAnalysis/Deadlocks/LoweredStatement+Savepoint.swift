import LockModel
import PostgresSyntax

/// What a statement does to what is held.
enum SavepointCommand {
  case savepoint(String)
  case rollBack(to: String)
}

extension LoweredStatement {
  /// SAVEPOINT or ROLLBACK TO, if it is one.
  var savepointCommand: SavepointCommand? {
    let node = statement.node
    guard node.tag == .TransactionStmt, let name = node.string(.savepoint_name) else { return nil }
    switch node.string(.kind) {
    case "TRANS_STMT_SAVEPOINT": return .savepoint(name)
    case "TRANS_STMT_ROLLBACK_TO": return .rollBack(to: name)
    default: return nil
    }
  }
}
