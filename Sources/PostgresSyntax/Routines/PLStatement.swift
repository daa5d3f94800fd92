/// `[DECLARE …] BEGIN … [EXCEPTION …] END` (manual 43.2 *Structure of PL/pgSQL*).
package struct PLBlock: Sendable {
  package var label: String?
  package var variables: [PLVariable] = []
  package var statements: [PLStatement] = []
  /// The WHEN branches of EXCEPTION, in order; empty when there is none.
  package var handlers: [PLHandler] = []
  /// From the label, DECLARE or BEGIN to END, half-open, in bytes of the file.
  package var range: Range<Int> = 0..<0
}

/// One declared variable.
package struct PLVariable: Sendable {
  package enum Kind: Sendable, Equatable {
    case scalar
    case array
    /// `record`, `t%ROWTYPE`, or a type that may be composite and has fields taken from it.
    case record
    /// A cursor that is bound to a query, and the names of its arguments.
    case boundCursor(arguments: [String])
    case refcursor
    /// Another name for a parameter or variable.
    case alias(of: String)
  }

  /// In lower case unless it was quoted.
  package let name: String
  package let kind: Kind
  /// The type as it is written; empty for cursors and aliases.
  package let type: String
  /// The initial value; the query of a bound cursor.
  package let value: PLQuery?
}

/// A piece of SQL in a PL/pgSQL body: a statement, a query or an expression.
package struct PLQuery: Sendable {
  /// The statement; an expression is parsed as `SELECT expression`, with its own places.
  ///
  /// Nil when it does not parse, or when it is an expression that can't take a lock: without a call
  /// and without a sub-select.
  package let statement: Statement?
  /// Half-open, in bytes of the file, without blanks, comments and the semicolon around it.
  package let range: Range<Int>
  /// As it is written.
  package let text: String
  /// The variable or field that the expression is as a whole, as references to it read.
  package var name: String? = nil

  /// What the expression is, where it is no query.
  var value: Node? {
    guard let node = statement?.node, node.list(.fromClause).isEmpty else { return nil }
    return node.list(.targetList).first?.child(.val)
  }
}

/// WHEN of an EXCEPTION part.
package struct PLHandler: Sendable {
  /// Names in lower case, such as `deadlock_detected` and `others`, and codes such as `40P01`.
  package let conditions: [String]
  package let statements: [PLStatement]
  /// Of the WHEN and its conditions, half-open, in bytes of the file.
  package let range: Range<Int>
}

/// One branch of IF or CASE; ELSE has no condition.
package struct PLArm: Sendable {
  package let conditions: [PLQuery]
  package let statements: [PLStatement]
}

/// A loop.
package struct PLLoop: Sendable {
  package indirect enum Kind: Sendable {
    /// LOOP
    case endless
    case `while`(PLQuery)
    /// `FOR i IN [REVERSE] from..to [BY step]`
    case range(variable: String, isReverse: Bool, from: PLQuery, to: PLQuery, step: PLQuery?)
    /// `FOR targets IN query`
    case query(targets: [String], PLQuery)
    /// `FOR targets IN EXECUTE text USING …`
    case dynamic(targets: [String], text: PLQuery, using: [PLQuery])
    /// `FOR r IN cursor(arguments)`
    case cursor(variable: String, cursor: String, arguments: PLQuery?)
    /// `FOREACH targets IN ARRAY array`
    case array(targets: [String], PLQuery)
  }

  package let label: String?
  package let kind: Kind
  package let body: [PLStatement]
  /// The variables that every round sets.
  package var targets: [String] {
    switch kind {
    case .endless, .while: []
    case .range(let variable, _, _, _, _), .cursor(let variable, _, _): [variable]
    case .query(let targets, _), .dynamic(let targets, _, _), .array(let targets, _): targets
    }
  }

  /// Of the loop's head, up to LOOP, half-open, in bytes of the file.
  package let head: Range<Int>
}

/// One statement of a PL/pgSQL body.
package struct PLStatement: Sendable {
  package indirect enum Kind: Sendable {
    /// Any SQL statement, with INTO taken out of it: `SELECT … INTO a, b`, `INSERT … RETURNING …
    /// INTO`, CALL, DO and the rest; PERFORM as SELECT. With STRICT any other number of rows than one
    /// is an error.
    case sql(PLQuery, into: [String], isStrict: Bool)
    /// `target := value`; the target as it is written, in lower case, without subscripts.
    case assign(target: String, PLQuery)
    /// `EXECUTE text INTO … USING …`
    case dynamic(text: PLQuery, into: [String], using: [PLQuery])
    case block(PLBlock)
    /// IF and CASE; the value that a CASE compares is the first expression.
    case choice(value: PLQuery?, arms: [PLArm])
    case loop(PLLoop)
    /// EXIT and CONTINUE, with a label and a condition where they have one.
    case exit(isContinue: Bool, label: String?, condition: PLQuery?)
    /// RETURN, RETURN NEXT.
    case `return`(PLQuery?, isNext: Bool)
    case returnQuery(PLQuery)
    case returnDynamic(text: PLQuery, using: [PLQuery])
    /// RAISE; the level in lower case, `exception` when none is written. Without condition, message
    /// and options it throws again what was caught.
    case raise(level: String, isRethrow: Bool, arguments: [PLQuery])
    case assert([PLQuery])
    /// `OPEN cursor(arguments)`, `OPEN cursor FOR query`, `OPEN cursor FOR EXECUTE text USING …`
    case open(
      cursor: String, arguments: PLQuery?, query: PLQuery?, dynamic: PLQuery?, using: [PLQuery])
    /// FETCH and MOVE; MOVE has no targets.
    case fetch(cursor: String, into: [String])
    case close(cursor: String)
    case commit
    case rollback
    /// NULL, GET DIAGNOSTICS.
    case nothing
    /// What could not be understood.
    case unknown
  }

  package let kind: Kind
  /// Half-open, in bytes of the file, without the semicolon.
  package let range: Range<Int>
}
