import Algorithms
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
    // Not by path: standard input may have the name of a file.
    let byFile = Dictionary(grouping: findings) { ObjectIdentifier($0.range.file) }
    for file in project.files {
      let own = byFile[ObjectIdentifier(file.source)] ?? []
      let ignores = FileIgnores(file: file, directives: project.directives(of: file), rules: rules)
      let ranges = ignores.hiddenRanges
      for finding in own {
        if ranges[finding.rule]?.contains(Self.place(of: finding)) ?? false {
          var finding = finding
          finding.suppression = .comment
          hidden.append(finding)
        } else {
          left.append(finding)
        }
      }
      meta += ignores.unused(for: own)
    }
    return (left, hidden, meta)
  }

  /// Where a finding counts as being: the start of its statement.
  private static func place(of finding: Finding) -> Int {
    (finding.statement ?? finding.range).bytes.lowerBound
  }

  /// The ignores of one file.
  private struct FileIgnores {
    private struct Ignore {
      let directive: Directive
      let rules: Set<String>
      let range: Range<Int>
    }

    private let file: ParsedFile
    private let statements: NestedRanges
    private var ignores: [Ignore] = []
    private var problems: [Finding] = []

    init(file: ParsedFile, directives: [Directive], rules: [RuleDescription]) {
      self.file = file
      statements = NestedRanges(directives.isEmpty ? [] : Self.ranges(of: file))
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
        do throws(Selection.UnknownName) {
          expanded.formUnion(try Selection.expand(name, rules))
        } catch {
          report(directive, error.message)
        }
      }
      guard !expanded.isEmpty else { return }
      guard let range else {
        report(directive, "this ignore stands before no statement")
        return
      }
      ignores.append(Ignore(directive: directive, rules: expanded, range: range))
    }

    /// The statements of a file and what routines in it have, of which a comment can be about one.
    private static func ranges(of file: ParsedFile) -> [Range<Int>] {
      let inner = file.statements.flatMap { $0.routine?.statements ?? [] }
      let handlers = file.statements.flatMap { $0.routine?.handlers ?? [] }
      return (file.statements + inner).map(\.range) + file.failures.map(\.statement) + handlers
    }

    /// The statement that a comment is about.
    private func statement(after directive: Directive) -> Range<Int>? {
      directive.target(in: statements, of: file.source)?.range
    }

    /// The places where findings are hidden, by rule.
    var hiddenRanges: [String: NestedRanges] {
      var ranges: [String: [Range<Int>]] = [:]
      for ignore in ignores {
        for rule in ignore.rules { ranges[rule, default: []].append(ignore.range) }
      }
      return ranges.mapValues(NestedRanges.init)
    }

    /// What is wrong with the comments, of the findings those in their places.
    func unused(for findings: [Finding]) -> [Finding] {
      let places = Dictionary(grouping: findings, by: \.rule)
        .mapValues { $0.map(Suppression.place).sorted() }
      return problems
        + ignores.filter { ignore in
          !ignore.rules.contains { Self.holds(ignore.range, places[$0] ?? []) }
        }.map { finding($0.directive, "this ignore hides nothing") }
    }

    /// Whether any of some places, in the order of the text, is in a range.
    private static func holds(_ range: Range<Int>, _ places: [Int]) -> Bool {
      let place = places.partitioningIndex { $0 >= range.lowerBound }
      return place < places.count && range.contains(places[place])
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
