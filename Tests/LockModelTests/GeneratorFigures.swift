import PostgresTesting

/// How many random statements were tried, and with what success.
struct GeneratorFigures: Sendable {
  private(set) var tried = 0
  private(set) var equal = 0
  private(set) var skipped = 0
  var probed = 0
  /// How often each of the known differences occurred.
  private var known: [Int: Int] = [:]
  private var errors: [String: Int] = [:]
  private var families: [String: (tried: Int, equal: Int, skipped: Int)] = [:]

  /// Notes a statement that the server refuses.
  mutating func skip(_ family: String, _ error: PostgresError) {
    skipped += 1
    families[family, default: (0, 0, 0)].skipped += 1
    errors["\(family) \(error.sqlState)", default: 0] += 1
  }

  /// Notes a statement that ran; gives the problems that are not known.
  mutating func count(
    _ statement: GeneratorStatement, _ problems: [String], _ notes: [String]
  ) -> [String] {
    tried += 1
    families[statement.family, default: (0, 0, 0)].tried += 1
    var unknown: [String] = []
    for problem in problems {
      if let index = GeneratorKnown.index(of: problem, statement, notes) {
        known[index, default: 0] += 1
      } else {
        unknown.append(problem)
      }
    }
    if problems.isEmpty {
      equal += 1
      families[statement.family, default: (0, 0, 0)].equal += 1
    }
    return unknown
  }

  /// Adds those of another schema.
  mutating func add(_ other: GeneratorFigures) {
    tried += other.tried
    equal += other.equal
    skipped += other.skipped
    probed += other.probed
    known.merge(other.known, uniquingKeysWith: +)
    errors.merge(other.errors, uniquingKeysWith: +)
    families.merge(other.families) {
      ($0.tried + $1.tried, $0.equal + $1.equal, $0.skipped + $1.skipped)
    }
  }

  /// For people.
  var text: String {
    let kinds = families.sorted { $0.key < $1.key }.map { name, figures in
      "\(name): \(figures.equal) of \(figures.tried) equal, \(figures.skipped) skipped"
    }
    let reasons = GeneratorKnown.all.indices.map { index in
      "known, \(known[index] ?? 0) times: \(GeneratorKnown.all[index].reason)"
    }
    let refused = errors.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }
    let sum = """
      \(tried) statements tried, \(equal) equal, \(skipped) skipped, \
      \(known.values.reduce(0, +)) known differences, the order of \(probed) probed
      """
    return (kinds + ["refused: \(refused.joined(separator: ", "))"] + reasons + [sum])
      .map { "generator: \($0)" }.joined(separator: "\n")
  }
}
