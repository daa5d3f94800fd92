import Diagnostics
import LockAnalysis
import PostgresSyntax

/// Hides findings that comments ask to hide, and reports the comments that hide nothing.
struct Suppression {
  private let rules: [RuleDescription]

  init(rules: [RuleDescription]) { self.rules = rules }

  /// What is left of the findings, what comments are wrong, and how much was hidden.
  func apply(
    to findings: [Finding], in project: Project
  ) -> (findings: [Finding], hidden: [Finding], meta: [Finding]) {
    var left: [Finding] = []
    var hidden: [Finding] = []
    var meta: [Finding] = []
    var byPath = Dictionary(grouping: findings.indices) { findings[$0].range.file.path }
    for file in project.files {
      let own = byPath.removeValue(forKey: file.source.path) ?? []
      var state = FileState(file: file, directives: project.directives(of: file), rules: rules)
      for index in own {
        if state.hides(findings[index]) {
          hidden.append(findings[index])
        } else {
          left.append(findings[index])
        }
      }
      meta += state.unused()
    }
    return (left, hidden, meta)
  }

  /// The ignores of one file.
  private struct FileState {
    private struct Ignore {
      let directive: Directive
      let rules: Set<String>
      let range: Range<Int>
      var isUsed = false
    }

    private let file: ParsedFile
    private var ignores: [Ignore] = []
    private var problems: [Finding] = []

    init(file: ParsedFile, directives: [Directive], rules: [RuleDescription]) {
      self.file = file
      guard !directives.isEmpty else { return }
      var open: [(Directive, [String])] = []
      for directive in directives {
        switch directive.kind {
        case .ignore(let names):
          add(directive, names, rules, statement(after: directive))
        case .ignoreFile(let names):
          add(directive, names, rules, 0..<file.source.bytes.count + 1)
        case .ignoreStart(let names): open.append((directive, names))
        case .ignoreEnd:
          guard let (start, names) = open.popLast() else {
            report(directive, "`sqllock:ignore-end` without `sqllock:ignore-start`")
            continue
          }
          add(start, names, rules, start.range.upperBound..<directive.range.lowerBound)
        case .ordered:
          if statement(after: directive) == nil {
            report(directive, "`sqllock:ordered` stands before no statement")
          }
        case .malformed(let message): report(directive, message)
        }
      }
      for (directive, _) in open {
        report(directive, "`sqllock:ignore-start` without `sqllock:ignore-end`")
      }
    }

    private mutating func add(
      _ directive: Directive, _ names: [String], _ rules: [RuleDescription], _ range: Range<Int>?
    ) {
      var expanded: Set<String> = []
      for name in names {
        guard let found = try? Selection.expand(name, rules) else {
          let nearest = Spelling.nearest(to: name, in: rules.map(\.id))
          report(
            directive,
            "`\(name)` is not a rule" + (nearest.map { "; did you mean `\($0)`?" } ?? ""))
          continue
        }
        expanded.formUnion(found)
      }
      guard !expanded.isEmpty else { return }
      guard let range else {
        report(directive, "this ignore stands before no statement")
        return
      }
      ignores.append(Ignore(directive: directive, rules: expanded, range: range))
    }

    /// The statement that a comment is about.
    private func statement(after directive: Directive) -> Range<Int>? {
      let inner = file.statements.flatMap { $0.routine?.statements ?? [] }
      let handlers = file.statements.flatMap { $0.routine?.handlers ?? [] }
      let ranges =
        ((file.statements + inner).map(\.range) + file.failures.map(\.statement) + handlers)
        .sorted { ($0.lowerBound, -$0.count) < ($1.lowerBound, -$1.count) }
      return directive.target(in: ranges, of: file.source).map { ranges[$0] }
    }

    mutating func hides(_ finding: Finding) -> Bool {
      var isHidden = false
      let place = (finding.statement ?? finding.range).bytes
      for index in ignores.indices
      where ignores[index].rules.contains(finding.rule)
        && ignores[index].range.contains(place.lowerBound)
      {
        ignores[index].isUsed = true
        isHidden = true
      }
      return isHidden
    }

    func unused() -> [Finding] {
      problems
        + ignores.filter { !$0.isUsed }.map { ignore in
          finding(ignore.directive, "this ignore hides nothing")
        }
    }

    private mutating func report(_ directive: Directive, _ message: String) {
      problems.append(finding(directive, message))
    }

    private func finding(_ directive: Directive, _ message: String) -> Finding {
      var finding = Finding(
        rule: MetaRules.unusedIgnore.id, severity: MetaRules.unusedIgnore.severity,
        message: message, range: SourceRange(file: file.source, bytes: directive.range))
      finding.help = "write `-- sqllock:ignore RULE -- reason` above the statement, or remove it"
      return finding
    }
  }
}
