/// One thing to report: what is wrong, where, how it happens and what to do.
public struct Finding: Sendable {
  /// The id of the rule, for example `unordered-upsert`.
  public var rule: String
  /// How strong the evidence is.
  public var severity: Severity
  /// One line, no full stop, names in backticks.
  public var message: String
  /// The range to show when only one can be shown.
  public var range: SourceRange
  /// What `range` is about, shown beneath it; empty when the message says it all.
  public var rangeText: String
  /// Further ranges that explain the finding.
  public var labels: [Label]
  /// One per session: the interleaving that ends in a deadlock.
  public var flows: [Flow]
  /// What was taken for granted, for example that a column is a key; one sentence each.
  public var assumptions: [String]
  /// What to do about it.
  public var help: String?
  /// An edit that removes the finding.
  public var fix: Fix?
  /// The range of the whole statement; it tells which comments apply to the finding. Where it is nil
  /// those at `range` apply, so a rule about part of a statement sets it.
  public var statement: SourceRange?
  /// The place of the finding among those of its statement of which one is shown, the least first;
  /// nil when it is shown in any case.
  public var rank: Int?
  /// What it is about, where other rules may find the same: of the findings of a statement with one
  /// subject the first is shown.
  public var subject: String?
  /// Whether it is about SQL that runs once, as a migration does.
  public var isAboutMigration = false
  /// What hides it, if something does.
  public var suppression: Suppression?
  /// Identifies the finding across runs: rule, path and the statement without its place.
  public var fingerprint: String

  /// A finding without explanation; the other properties are set afterwards.
  public init(
    rule: String, severity: Severity, message: String, range: SourceRange,
    statement: SourceRange? = nil
  ) {
    self.rule = rule
    self.severity = severity
    self.message = message
    self.range = range
    self.statement = statement
    rangeText = ""
    labels = []
    flows = []
    assumptions = []
    fingerprint = ""
  }

  /// What hides a finding.
  public enum Suppression: Sendable {
    /// A comment in the text.
    case comment
    /// The list of findings that were there before.
    case baseline
  }

  /// A range with a few words about it.
  public struct Label: Sendable {
    /// The range.
    public let range: SourceRange
    /// A few words.
    public let text: String

    /// A range with a few words about it.
    public init(range: SourceRange, text: String) {
      self.range = range
      self.text = text
    }
  }

  /// What one session does.
  public struct Flow: Sendable {
    /// Who: for example `session 1`, or the name of a query.
    public let title: String
    /// In running order.
    public let steps: [Step]

    /// The steps of one session.
    public init(title: String, steps: [Step]) {
      self.title = title
      self.steps = steps
    }
  }

  /// One step of a session.
  public struct Step: Sendable {
    /// What happens to the target.
    public enum Action: String, Sendable {
      /// The lock is granted.
      case locks
      /// The lock is held by the other session.
      case waits
    }

    /// Where.
    public let range: SourceRange
    /// Whether the lock is granted.
    public let action: Action
    /// What is locked, for example `rows of public.accounts`.
    public let target: String
    /// The step in words.
    public let text: String
    /// The place in the common order of all sessions' steps, from 1.
    public let moment: Int
    /// Why the statement touches the target, outermost first.
    public let reason: [String]
    /// Whether this is the step at which nothing can go on.
    public let deadlocks: Bool
    /// Where the host program calls the statement, if that is what makes the order.
    public let call: Call?

    /// A place in the host program.
    public struct Call: Sendable {
      /// As given, or relative to the working directory.
      public let path: String
      /// From 1.
      public let line: Int

      /// A line of a file.
      public init(path: String, line: Int) {
        self.path = path
        self.line = line
      }
    }

    /// A step; `moment` counts over all sessions of a finding, from 1.
    public init(
      range: SourceRange, action: Action, target: String, text: String, moment: Int,
      reason: [String] = ["direct"], deadlocks: Bool = false, call: Call? = nil
    ) {
      self.range = range
      self.action = action
      self.target = target
      self.text = text
      self.moment = moment
      self.reason = reason
      self.deadlocks = deadlocks
      self.call = call
    }
  }
}
