import Diagnostics
import PostgresSyntax

/// Turns the body of a routine into the locks that it takes, statement by statement.
///
/// Keeps the order of the text: alternatives are marked as such, what a loop repeats is given the
/// order of the loop, the locks of a block with EXCEPTION are those of a savepoint.
final class RoutineLowering {
  let name: String
  let body: RoutineBody
  let file: ParsedFile
  let catalog: Catalog
  let searchPath: [String]
  let stack: RoutineStack
  /// What SET CONSTRAINTS has said before.
  private let deferral: [String: Bool]
  let trigger: TriggerEvent?
  /// Literals that the call gives, by the names of parameters.
  private let texts: [String: String]
  /// The names of transition tables that any of its triggers gives, where no event is given.
  private let transitions: Set<String>
  /// Whether what is found is listed as a summary, which has a limit.
  private let isSummary: Bool
  private var distinct: Set<Acquisition> = []

  /// The SQL statements of the body, in the order of the text.
  var steps: [RoutineStep] = []
  /// What could not be modelled, with the place.
  var notes: [(text: String, range: Range<Int>)] = []
  var variables = RoutineVariables()
  /// What the tables are called whose names an EXECUTE puts together.
  var dynamicNames: DynamicNames
  var branches: [Branch] = []
  /// How many RETURN statements there were so far.
  var returns = 0
  /// Those that every call takes which does not end in an error.
  var certain: [Branch] = []
  var part = 0
  /// The queries of cursors, by the cursor's name.
  var cursors: [String: RoutineCursor] = [:]

  /// The places in `steps` of what the variables say whether a lock was got: `pg_try_advisory_lock`.
  var attempts: [Term.Variable: Int] = [:]

  /// The loops that are gone through, outermost first.
  var loops: [Rounds] = []

  /// The statements, as places in `steps`, whose locks no round of a loop takes into the next.
  var givenBack: Set<Int> = []

  /// The rounds of one loop.
  struct Rounds {
    let label: String?
    /// Whether the round of the loop around it had ended the transaction before.
    let hadEnded: Bool
    /// Whether every way to the next round ends the transaction; nil while no way is known.
    var endTransaction: Bool?
  }

  /// The names of tables that the routine makes and nobody else sees, each with the branches in
  /// which it does.
  private var ownTables: [String: [Branch]] = [:]
  /// Labels that an EXIT without condition is on its way to.
  var leaving: Set<String> = []
  /// The steps of the statement that has set FOUND; nil where that is not known.
  var tested: Range<Int>?

  init(
    _ name: String, _ body: RoutineBody, in file: ParsedFile, catalog: Catalog,
    searchPath: [String], stack: RoutineStack, deferral: [String: Bool] = [:],
    trigger: TriggerEvent? = nil, texts: [String: String] = [:], transitions: Set<String> = [],
    isSummary: Bool = false
  ) {
    self.name = name
    dynamicNames = DynamicNames(in: name)
    self.body = body
    self.file = file
    self.catalog = catalog
    self.searchPath = searchPath
    self.stack = stack
    self.deferral = deferral
    self.trigger = trigger
    self.texts = texts
    self.transitions = transitions
    self.isSummary = isSummary
  }

  /// What is known of the text of variables at this place.
  var knownTexts: [String: String] {
    texts.filter { !variables.isAssigned($0.key) }
      .merging(trigger?.variables ?? [:]) { own, _ in own }
  }

  /// Whether a summary would leave out what is found from here on: the statements that follow are
  /// not gone into, or routines that all call each other would take the cube of their number.
  var isFull: Bool { RoutineSummary.isFull(distinct) }

  func run() {
    switch body.content {
    case .sql(let statements): runSQL(statements)
    case .plpgsql(let block): _ = run(block)
    case .opaque: break
    }
  }

  /// All statements are analysed before the first one runs, so their tables are locked first
  /// (`init_execution_state` in `functions.c`).
  private func runSQL(_ statements: [Statement]) {
    var all: [(Statement, (locks: LoweredLocks, table: DerivedTable?))] = []
    for statement in statements where !isFull { all.append((statement, lower(statement))) }
    guard all.count > 1 else {
      for (statement, locks) in all { append(statement, locks.locks) }
      return
    }
    var tables: [Acquisition] = []
    for (statement, lowered) in all where statement.isQuery {
      tables += lowered.locks.acquisitions.prefix(lowered.locks.analysed)
    }
    for (index, entry) in all.enumerated() {
      var locks = entry.1.locks
      let rest = locks.acquisitions.dropFirst(entry.0.isQuery ? locks.analysed : 0)
      locks.acquisitions = (index == 0 ? tables : []) + rest
      append(entry.0, locks)
    }
  }

  // MARK: Statements

  /// Lowers one statement as it stands.
  func lower(_ statement: Statement) -> (locks: LoweredLocks, table: DerivedTable?) {
    let result = StatementLowering.lower(
      StatementContext(
        statement, in: file, catalog: catalog, searchPath: searchPath, stack: stack,
        deferral: deferral, shadowed: trigger?.transitions ?? transitions))
    if isSummary { distinct.formUnion(result.locks.acquisitions.map(shared)) }
    return result
  }

  /// Lowers a query and takes its locks; the rows that it gives are returned.
  @discardableResult
  func take(_ query: PLQuery?) -> DerivedTable? {
    guard let query, let statement = query.statement else { return nil }
    let (locks, table) = lower(statement)
    append(statement, locks)
    return table
  }

  func append(_ statement: Statement, _ locks: LoweredLocks) {
    var locks = locks
    noteOwnTable(statement)
    locks.acquisitions = locks.acquisitions.map(atThisPlace)
    locks.deferred = locks.deferred.map(atThisPlace)
    steps.append(RoutineStep(statement: statement, locks: locks))
  }

  private func atThisPlace(_ lock: Acquisition) -> Acquisition {
    let isOwn = variables.belongsToNewRow(lock, in: catalog)
    var lock = variables.resolved(lock)
    if isOwn { lock.markOwn() }
    if let name = lock.target.relation?.name, let made = ownTables[name],
      branches.starts(with: made)
    {
      lock.isPrivate = true
    }
    lock.branches = branches + lock.branches
    lock.part += part
    return lock
  }

  /// Remembers temporary tables, and those that it makes itself, which nobody else sees before its end.
  private func noteOwnTable(_ statement: Statement) {
    let node = statement.node
    let reference = node.tag == .CreateStmt ? node.child(.relation) : node.child(.into)?.child(.rel)
    guard let table = reference.map(TableReference.init) else { return }
    if table.isTemporary {
      ownTables[table.name] = []
    } else if !node.flag(.if_not_exists) {
      ownTables[table.name] = branches
    }
  }

  /// What a block has declared is gone behind it, and what it hid is not known any more.
  func leave(_ block: PLBlock) {
    for variable in block.variables { variables.forget(Term.Variable(name: variable.name)) }
  }

  func note(_ text: String, _ range: Range<Int>) { notes.append((text, range)) }

  /// Runs `body` within one arm of a decision.
  func within<Result>(_ branch: Branch?, _ body: () -> Result) -> Result {
    guard let branch else { return body() }
    branches.append(branch)
    defer { branches.removeLast() }
    return body()
  }
}

extension Statement {
  /// Whether it is analysed before it runs; utility statements such as LOCK are not.
  var isQuery: Bool {
    switch node.tag {
    case .SelectStmt, .InsertStmt, .UpdateStmt, .DeleteStmt, .MergeStmt, .ReturnStmt: true
    default: false
    }
  }
}

/// A cursor's query and whether its rows are locked when they are fetched.
struct RoutineCursor {
  let query: PLQuery
  /// How many FETCH statements there were so far.
  var fetches = 0
}

extension Acquisition {
  /// Its rows refer to one that the transaction has made.
  fileprivate mutating func markOwn() {
    switch target {
    case .rows: rows?.order = .alreadyLocked(why: "they refer to a row that was put there before")
    case .uniqueKey: isPrivate = true
    case .table, .advisory: break
    }
  }
}
