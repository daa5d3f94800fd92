package import Diagnostics
package import LockAnalysis
package import LockModel
import PostgresSyntax

/// A circle of transactions on its way to a finding: everything but the rule's own words.
package struct CircleFinding {
  package let rule: RuleDescription
  package let circle: TransactionCircle
  package let workload: Workload

  /// The member that is reported: it asks for `wanted` while it holds `held`.
  private var first: TransactionCircle.Member { circle.members[0] }

  package var held: Acquisition { workload[first.held] }
  package var wanted: Acquisition { workload[first.request] }
  package var statement: LoweredStatement { workload.statements[first.request.statement] }

  /// Whether all members are copies of one transaction.
  package var isOfCopies: Bool {
    circle.members.allSatisfy { transaction(of: $0) == transaction(of: first) }
  }

  /// Whether all members hold and ask for the same.
  private var isOfEquals: Bool {
    circle.members.allSatisfy { $0.request == first.request && $0.held == first.held }
  }

  /// What a member runs: a function of the host program, or a transaction by its number.
  private func transaction(of member: TransactionCircle.Member) -> String {
    member.inferred?.title ?? "\(workload.statements[member.request.statement].transaction)"
  }

  /// How a report calls a member's transaction.
  package func title(_ member: TransactionCircle.Member) -> String { workload.title(of: member) }

  /// The transactions beside the one that is reported, as in "`a` and `b`".
  package var others: String {
    var seen: Set<String> = []
    let titles = circle.members.dropFirst().map { "`\(title($0))`" }
    return titles.filter { seen.insert($0).inserted }.joined(separator: " and ")
  }

  /// What the statement waits for, and what its transaction holds by then.
  package var situation: String {
    "waits for \(thing(wanted, isQuoted: true)) while it holds \(thing(held, isQuoted: true))"
  }

  /// Who can deadlock.
  package var consequence: String {
    guard isOfCopies else { return "it can deadlock with \(others)" }
    if let inferred = first.inferred {
      let copies = inferred.origin == .declared ? "copies" : "calls"
      return "two \(copies) of `\(inferred.name)` can deadlock"
    }
    return statement.routine.map { "two calls of `\($0)()` can deadlock" }
      ?? (isOneStatement
        ? "two copies of this statement can deadlock"
        : "two copies of this transaction can deadlock")
  }

  /// Whether the member that is reported takes both locks by one statement.
  package var isOfOneStatement: Bool { first.held.statement == first.request.statement }

  private var isOneStatement: Bool {
    circle.members.allSatisfy { $0.held.statement == $0.request.statement }
  }

  /// How many more circles there are, for the end of a help text.
  private var more: String {
    switch circle.others {
    case 0: ""
    case 1: "; one more such circle is not shown"
    default: "; \(circle.others) more such circles are not shown"
    }
  }

  package func finding(_ wording: Wording) -> Finding {
    let isOfMigration = circle.members.contains(where: \.runsOnce)
    // What has children is deleted now and then, hardly ever while they are worked on.
    let isRare = circle.followsCascade
    var finding = Finding(
      rule: rule.id, severity: isOfMigration || isRare || isUncertain ? .note : rule.severity,
      message: wording.message,
      range: wanted.range, statement: statement.range)
    finding.isAboutMigration = isOfMigration
    finding.subject = Finding.subject(held: held, wanted: wanted)
    finding.rangeText = "waits for \(thing(wanted))"
    finding.help = wording.help + more
    finding.fix = wording.fix
    finding.assumptions = assumptions
    finding.flows = flows
    finding.labels = labels
    return finding
  }

  private var assumptions: [String] {
    var seen: Set<String> = []
    return circle.members.flatMap { member in
      let inferred = member.inferred.map { transaction -> String in
        switch transaction.origin {
        case .begun: "`\(transaction.title)` is read as one transaction"
        case .handed:
          "`\(transaction.title)` is read as part of one transaction, which its caller begins"
        case .declared: "`\(transaction.title)` is declared as one transaction"
        }
      }
      return workload[member.held].assumptions + workload[member.request].assumptions
        + [inferred].compactMap { $0 }
    }
    .filter { seen.insert($0).inserted }
  }

  /// Whether it is not known for certain that a function of the host program runs in a transaction.
  private var isUncertain: Bool {
    circle.members.contains { $0.inferred?.origin == .handed }
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
      let other = (index + 1) % count
      return Finding.Flow(
        title: isOfCopies ? "\(title(member)) (\(index + 1))" : title(member),
        steps: [
          step(
            member.held, .locks, "locks \(named(member.held, index))", index + 1,
            call(of: member.held, in: member, isLast: false)),
          step(
            member.request, .waits, "waits for \(awaited(by: member, heldBy: other))",
            count + index + 1, call(of: member.request, in: member, isLast: true)),
        ])
    }
  }

  /// Where the host program calls the query that takes a lock.
  private func call(
    of id: AcquisitionID, in member: TransactionCircle.Member, isLast: Bool
  ) -> Finding.Step.Call? {
    guard let transaction = member.inferred else { return nil }
    let calls = transaction.calls.filter { $0.statement == id.statement }
    return (isLast ? calls.last : calls.first).map { .init(path: transaction.path, line: $0.line) }
  }

  private func step(
    _ id: AcquisitionID, _ action: Finding.Step.Action, _ text: String, _ moment: Int,
    _ call: Finding.Step.Call?
  ) -> Finding.Step {
    let lock = workload[id]
    return Finding.Step(
      range: lock.range, action: action, target: lock.target.nameInReports, text: text,
      moment: moment,
      reason: ReasonChain.shown(lock.reason.texts), deadlocks: moment == 2 * circle.members.count,
      call: call)
  }

  /// What a member holds; with a letter where others hold something of the same kind.
  private func named(_ id: AcquisitionID, _ index: Int) -> String {
    let lock = workload[id]
    if circle.kind == .upgrade { return thingInMode(lock) }
    let isAmbiguous = circle.members.count { thing(workload[$0.held]) == thing(lock) } > 1
    guard isAmbiguous else { return thing(lock) }
    let letter = String("ABCD".dropFirst(index).prefix(1))
    switch lock.target {
    case .rows(let table): return "row \(letter) of \(table.short)"
    case .uniqueKey(let table): return "key \(letter) of \(table.short)"
    case .advisory: return "advisory lock \(letter)"
    case .table: return thing(lock)
    }
  }

  /// What a member waits for: a table in its own mode, or what the other one holds of one.
  private func awaited(by member: TransactionCircle.Member, heldBy other: Int) -> String {
    let wanted = workload[member.request]
    if circle.kind == .upgrade { return thingInMode(wanted) }
    if case .table = wanted.target { return thing(wanted) }
    return named(circle.members[other].held, other)
  }

  /// What a lock is on, in words: for messages with names in backticks.
  package func thing(_ lock: Acquisition, isQuoted: Bool = false) -> String {
    lock.inWords(isQuoted: isQuoted)
  }

  /// What a lock is on, and how strongly.
  private func thingInMode(_ lock: Acquisition) -> String {
    switch lock.mode {
    case .table, .uniqueEntry: thing(lock)
    case .row(let mode): "\(thing(lock)) \(mode.rawValue)"
    case .advisory: "\(thing(lock)), \(lock.mode.spelling)"
    }
  }

  /// What a lock is on, without its mode.
  package func thingAlone(_ lock: Acquisition) -> String {
    if case .table(let table) = lock.target { return "`\(table.short)`" }
    return thing(lock, isQuoted: true)
  }

  /// The table that a lock is on or about.
  package func table(_ lock: Acquisition, isQuoted: Bool = true) -> String {
    guard let table = lock.target.relation else { return thing(lock, isQuoted: true) }
    return isQuoted ? "`\(table.short)`" : table.short
  }

  /// All that the members hold, as in "`a`, `b` and `c`".
  package var tables: String {
    var seen: Set<String> = []
    let names = circle.members.map { table(workload[$0.held]) }.filter { seen.insert($0).inserted }
    guard let last = names.last, names.count > 1 else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The statement that locks what is waited for and what is held in the others' order, where both are
  /// tables: the strongest mode in which they are needed.
  package var lockTable: String? {
    let locks = [wanted, held]
    let tables = locks.compactMap { lock -> RelationName? in
      guard case .table(let table) = lock.target,
        case .table? = workload.catalog.relations[table]?.kind
      else { return nil }
      return table
    }
    let modes = locks.compactMap { lock -> TableLockMode? in
      if case .table(let mode) = lock.mode { mode } else { nil }
    }
    guard tables.count == 2, let mode = modes.max() else { return nil }
    return "LOCK TABLE \(tables[0].short), \(tables[1].short) IN \(mode.rawValue) MODE"
  }

  /// The server looks for deadlocks after so long, in milliseconds (manual, *Lock Management*).
  private static let deadlockTimeout = 1000

  /// The setting by which the reported transaction gives up waiting before the server looks for
  /// deadlocks, if that has its default and the file has such a setting.
  package var timeout: String? {
    let path = statement.file.source.path
    return workload.statements.indices.prefix(first.request.statement).lazy
      .filter { workload.statements[$0].file.source.path == path }
      .compactMap { index in
        guard case .set(let setting) = workload.statements[index].statement.command,
          let name = setting.name, ["lock_timeout", "statement_timeout"].contains(name),
          setting.milliseconds ?? .max < Self.deadlockTimeout
        else { return nil }
        return name
      }.first
  }

  /// The weakest row lock that keeps all writers of the circle out.
  package var rowMode: String {
    let modes = circle.members.flatMap { [workload[$0.held].mode, workload[$0.request].mode] }
    let isKeyChanged = modes.contains(.row(.forUpdate))
    return (isKeyChanged ? RowLockMode.forUpdate : .forNoKeyUpdate).rawValue
  }
}
