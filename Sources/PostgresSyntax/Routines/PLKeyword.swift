/// The words that begin or end the statements of PL/pgSQL.
enum PLKeyword: String {
  case begin, declare, end, exception
  case `if`, `else`, elsif, elseif, `case`, when
  case loop, `while`, `for`, foreach, exit, `continue`
  case `return`, raise, assert, execute, perform, get
  case open, fetch, move, close, commit, rollback, null
  case to, then, using, into, strict, from, by, not, or, all, `in`

  /// Whether no variable can have this name (`pl_reserved_kwlist.h` in PostgreSQL).
  var isReserved: Bool {
    switch self {
    case .begin, .declare, .end, .if, .else, .case, .when, .loop, .while, .for, .foreach,
      .execute, .null, .to, .then, .using, .into, .strict, .from, .by, .not, .or, .all, .in:
      true
    default: false
    }
  }
}
