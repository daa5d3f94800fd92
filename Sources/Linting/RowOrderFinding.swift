package import Diagnostics
package import LockAnalysis
package import LockModel
import PostgresSyntax

/// A row-order hazard on its way to a finding: everything but the rule's own words.
package struct RowOrderFinding {
  package let rule: RuleDescription
  package let deadlock: Deadlock
  package let workload: Workload

  package var statement: LoweredStatement { workload.statements[deadlock.request.statement] }
  package var acquisition: Acquisition { workload[deadlock.request] }
  package var table: RelationName {
    acquisition.target.relation ?? RelationName(schema: "", name: "")
  }

  /// The table's definition, when it is given.
  package var definition: Catalog.Relation? { workload.catalog.relations[table] }

  /// The columns of a key that tells rows apart, and whether the definition says so.
  package var key: (columns: [String], isKnown: Bool) {
    guard let definition else { return (workload.callsKeysID ? ["id"] : [], false) }
    let usable = definition.keys.filter { key in
      key.predicate.isEmpty && !(key.columns ?? []).isEmpty
        && (key.columns ?? []).allSatisfy { definition.column($0)?.isNotNull ?? false }
    }
    let key = usable.first(where: \.isPrimary) ?? usable.first
    return (key?.columns ?? [], true)
  }

  /// The key's columns as SQL writes them, separated by commas.
  package var keyText: String {
    key.columns.map(StatementText.quoted).joined(separator: ", ")
  }

  /// Begins what is said where there is no key to sort by.
  package var missingKey: String {
    definition == nil
      ? "the definition of `\(table.short)` is not given: sort by its key, "
      : "`\(table.short)` has no unique key to sort by; "
  }

  /// The table as SQL writes it.
  package var tableText: String {
    let name = StatementText.quoted(table.name)
    return table.schema == "public" ? name : "\(StatementText.quoted(table.schema)).\(name)"
  }

  /// A name as SQL writes it.
  package func quoted(_ name: String) -> String { StatementText.quoted(name) }

  /// The statement that this one meets, when it is another.
  package var partner: LoweredStatement? {
    guard case .meets(let other) = deadlock.evidence else { return nil }
    return workload.statements[other.statement]
  }

  /// Whether the statement's own text locks the rows.
  package var isDirect: Bool { acquisition.reason.isEmpty }

  /// Begins the message when something else than the text locks the rows.
  package var through: String {
    isDirect ? "" : "through \(ReasonChain.text(acquisition.reason.texts)), "
  }

  /// What to do about rows that are locked by something else than the text.
  package var indirectHelp: String {
    let key = keyText
    let rows = "the rows of `\(table.short)` that it leads to"
    return key.isEmpty
      ? "lock \(rows) in one order before this statement"
      : "lock \(rows) before this statement, `ORDER BY \(key) \(acquisition.mode.spelling)`"
  }

  /// Ends the message: who can deadlock with the statement.
  package var consequence: String {
    switch deadlock.evidence {
    case .copies:
      statement.routine.map { "two calls of `\($0)()` can deadlock" }
        ?? "two copies of this statement can deadlock"
    case .meets: partner.map { "it can deadlock with \($0.title)" } ?? "it can deadlock"
    case .unseen(let reason): reason
    }
  }

  /// Whether nothing was seen that the statement could meet: its own copies don't wait for each
  /// other, or not that is known.
  private var isAlone: Bool {
    if case .unseen = deadlock.evidence { true } else { false }
  }

  package func finding(_ wording: Wording) -> Finding {
    var finding = Finding(
      rule: rule.id, severity: isAlone || statement.isRunOnce ? .note : rule.severity,
      message: wording.message, range: acquisition.range, statement: statement.range)
    finding.rank = deadlock.rank(in: workload)
    finding.isAboutMigration = statement.isRunOnce || deadlock.evidence.isOfRunOnce
    finding.rangeText = why
    finding.help = wording.help
    finding.fix = wording.fix.flatMap { FixTrial(self).holds($0) ? $0 : nil }
    finding.assumptions = acquisition.assumptions
    finding.flows = isAlone ? [] : Interleaving(self).flows
    finding.labels = [causeLabel, headLabel].compactMap { $0 } + UnreadLocks(in: statement).labels
    return finding
  }

  private var why: String {
    switch deadlock.cause {
    case .unordered(let why), .partial(let why, _): why
    case .changing(let column, _): "`\(column)` changes while others wait"
    case .conflicting(let own, _): "in the order \(Self.describe(own))"
    }
  }

  /// The first line of the statement, when the clause at fault is further down.
  private var headLabel: Finding.Label? {
    let start = statement.range.start
    guard start.line < acquisition.range.start.line else { return nil }
    let line = statement.range.file.byteRange(ofLine: start.line)
    let range = SourceRange(
      file: statement.range.file, bytes: start.offset..<max(start.offset, line.upperBound))
    return Finding.Label(range: range, text: "in this statement")
  }

  /// What else makes the orders differ: another statement's locks, or what it writes.
  private var causeLabel: Finding.Label? {
    switch deadlock.cause {
    case .conflicting(_, let order):
      partnerAcquisition.map {
        Finding.Label(range: $0.range, text: "in the order \(Self.describe(order))")
      }
    case .changing(let column, let by):
      Finding.Label(range: workload.statements[by].range, text: "changes `\(column)`")
    case .unordered, .partial:
      partnerAcquisition.map {
        Finding.Label(range: $0.range, text: "locks rows of the same table")
      }
    }
  }

  /// What the other statement locks of the same table.
  package var partnerAcquisition: Acquisition? {
    guard case .meets(let other) = deadlock.evidence else { return nil }
    return workload[other]
  }

  package static func describe(_ terms: [SortTerm]) -> String {
    terms.map { "`\($0.text)`\($0.isDescending ? " descending" : "")" }.joined(separator: ", ")
  }
}
