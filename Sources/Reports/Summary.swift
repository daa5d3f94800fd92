/// How much was looked at, and how much was found.
public struct Summary: Sendable, Hashable, Encodable {
  /// Files that were read.
  public var files: Int
  /// Files that were left out as tests are.
  public var tests: Int
  /// Files that were left out as they are not PostgreSQL's.
  public var otherDatabases: Int
  /// Statements in these files.
  public var statements: Int
  /// Transactions that the statements form.
  public var transactions: Int
  /// Statements whose locks could not be told.
  public var notAnalysed: Int
  /// Findings reported as errors.
  public var errors: Int
  /// Findings reported as warnings.
  public var warnings: Int
  /// Findings reported as notes.
  public var notes: Int
  /// Findings that comments hide.
  public var suppressed: Int
  /// Findings that the baseline has.
  public var baselined: Int
  /// Findings about what has not changed.
  public var elsewhere: Int
  /// Fixes that were applied.
  public var fixed: Int
  /// Notes about what migrations do to the application that are not shown.
  public var migrationNotes: Int

  /// Counts; what is left out is zero.
  public init(
    files: Int = 0, tests: Int = 0, otherDatabases: Int = 0, statements: Int = 0,
    transactions: Int = 0, notAnalysed: Int = 0, errors: Int = 0, warnings: Int = 0,
    notes: Int = 0, suppressed: Int = 0, baselined: Int = 0, elsewhere: Int = 0, fixed: Int = 0,
    migrationNotes: Int = 0
  ) {
    self.files = files
    self.tests = tests
    self.otherDatabases = otherDatabases
    self.statements = statements
    self.transactions = transactions
    self.notAnalysed = notAnalysed
    self.errors = errors
    self.warnings = warnings
    self.notes = notes
    self.suppressed = suppressed
    self.baselined = baselined
    self.elsewhere = elsewhere
    self.fixed = fixed
    self.migrationNotes = migrationNotes
  }
}
