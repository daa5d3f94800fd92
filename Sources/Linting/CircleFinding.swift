package import Diagnostics
package import LockAnalysis
package import LockModel

/// A circle of transactions on its way to a finding: everything but the rule's own words.
package struct CircleFinding {
  package let rule: RuleDescription
  package let circle: TransactionCircle
  package let workload: Workload

  /// What a rule says of a circle.
  package struct Wording {
    package var message: String
    package var help: String

    package init(message: String, help: String) {
      self.message = message
      self.help = help
    }
  }

  /// The member that is reported: it asks for `wanted` while it holds `held`.
  private var first: TransactionCircle.Member { circle.members[0] }

  package var held: Acquisition { workload[first.held] }
  package var wanted: Acquisition { workload[first.request] }
  package var statement: LoweredStatement { workload.statements[first.request.statement] }

  /// Whether all members are copies of one transaction.
  package var isOfCopies: Bool {
    circle.members.allSatisfy { transaction(of: $0) == statement.transaction }
  }

  /// Whether all members hold and ask for the same.
  private var isOfEquals: Bool {
    circle.members.allSatisfy { $0.request == first.request && $0.held == first.held }
  }

  private func transaction(of member: TransactionCircle.Member) -> Int {
    workload.statements[member.request.statement].transaction
  }

  /// How a report calls a member's transaction.
  package func title(_ member: TransactionCircle.Member) -> String {
    let statement = workload.statements[member.request.statement]
    if statement.routine != nil { return statement.title }
    let transaction = workload.transactions[statement.transaction - 1]
    let begin = transaction.statements.first { !workload.statements[$0].acquisitions.isEmpty }
    return workload.statements[begin ?? member.request.statement].title
  }

  /// The transactions beside the one that is reported, as in "`a` and `b`".
  package var others: String {
    let titles = circle.members.dropFirst().map { "`\(title($0))`" }
    return isOfCopies ? "a second copy of it" : titles.joined(separator: " and ")
  }

  /// Who can deadlock.
  package var consequence: String {
    guard isOfCopies else { return "it can deadlock with \(others)" }
    return statement.routine.map { "two calls of `\($0)()` can deadlock" }
      ?? "two copies of this transaction can deadlock"
  }

  package func finding(_ wording: Wording) -> Finding {
    let isNote = circle.members.contains(where: \.runsOnce)
    var finding = Finding(
      rule: rule.id, severity: isNote ? .note : rule.severity, message: wording.message,
      range: wanted.range, statement: statement.range)
    finding.isAboutMigration = isNote
    finding.rangeText = "waits for \(thing(wanted))"
    finding.help = wording.help
    finding.assumptions = assumptions
    finding.flows = flows
    finding.labels = labels
    return finding
  }

  private var assumptions: [String] {
    var seen: Set<String> = []
    return circle.members.flatMap {
      workload[$0.held].assumptions + workload[$0.request].assumptions
    }
    .filter { seen.insert($0).inserted }
  }

  private var labels: [Finding.Label] {
    let own =
      held.range == wanted.range
      ? [] : [Finding.Label(range: held.range, text: "locks \(thing(held))")]
    guard !isOfEquals else { return own }
    return own
      + circle.members.dropFirst().flatMap { member in
        [(member.held, "locks"), (member.request, "then waits for")].map { id, verb in
          Finding.Label(range: workload[id].range, text: "\(verb) \(thing(workload[id]))")
        }
      }
  }

  // MARK: Interleaving

  /// One for each member: all take what they hold, then all ask for what the next one holds.
  private var flows: [Finding.Flow] {
    let count = circle.members.count
    return circle.members.enumerated().map { index, member in
      let next = circle.members[(index + 1) % count]
      return Finding.Flow(
        title: isOfCopies ? "\(title(member)) (\(index + 1))" : title(member),
        steps: [
          step(member.held, .locks, "locks \(named(member.held, index))", index + 1),
          step(
            member.request, .waits, "waits for \(named(next.held, (index + 1) % count))",
            count + index + 1),
        ])
    }
  }

  private func step(
    _ id: AcquisitionID, _ action: Finding.Step.Action, _ text: String, _ moment: Int
  ) -> Finding.Step {
    let lock = workload[id]
    return Finding.Step(
      range: lock.range, action: action, target: target(lock), text: text, moment: moment,
      reason: lock.reason.texts, deadlocks: moment == 2 * circle.members.count)
  }

  /// What a member holds; with a letter where others hold something of the same kind.
  private func named(_ id: AcquisitionID, _ index: Int) -> String {
    let lock = workload[id]
    let isAmbiguous = circle.members.count { thing(workload[$0.held]) == thing(lock) } > 1
    guard isAmbiguous, circle.kind != .upgrade else { return thing(lock) }
    let letter = String("ABCD".dropFirst(index).prefix(1))
    switch lock.target {
    case .rows(let table): return "row \(letter) of \(table.short)"
    case .uniqueKey(let table): return "key \(letter) of \(table.short)"
    case .table, .advisory: return thing(lock)
    }
  }

  /// What a lock is on, in words.
  package func thing(_ lock: Acquisition) -> String {
    switch lock.target {
    case .table(let table): "\(table.short) (\(lock.mode.spelling))"
    case .rows(let table):
      lock.rows?.count == .many ? "rows of \(table.short)" : "a row of \(table.short)"
    case .uniqueKey(let table): "a key of \(table.short)"
    case .advisory(let key): "advisory lock \(key.map(\.text).joined(separator: ", "))"
    }
  }

  private func target(_ lock: Acquisition) -> String {
    switch lock.target {
    case .table(let table): table.description
    case .rows(let table): "rows of \(table)"
    case .uniqueKey(let table): "unique key of \(table)"
    case .advisory: "advisory locks"
    }
  }
}
