import SeededRandom

/// Makes files of SQL that is wrong in every way that parses, and in some that don't: few names for
/// everything, objects over themselves, in circles and missing, clauses in odd places.
///
/// Right SQL over right schemas, held to a server, is made by `GeneratorStatements`.
struct WrongSQL {
  /// A way to make a statement.
  enum Piece: CaseIterable {
    case table, partition, attach, inherit, foreignKey, view, rule, trigger, policy
    case function, procedure, rename, move, drop, block, query, write, merge, utility
    case transaction, comment, meta, fragment
  }

  var random: GeneratorRandom

  init(seed: UInt64) { random = GeneratorRandom(seed: seed) }

  /// A file of some statements.
  mutating func file() -> [UInt8] {
    let count = random.number(1...15)
    var bytes: [UInt8] = []
    for _ in 0..<count {
      bytes += Array(statement().utf8)
      bytes += Array(random.chance(95) ? ";\n".utf8 : random.pick(["\n", "", ";;", " -- "]).utf8)
    }
    return random.chance(20) ? mangled(bytes) : bytes
  }

  /// A statement without its end.
  mutating func statement() -> String {
    let text = text(of: random.pick(Piece.allCases))
    guard random.chance(3), !text.isEmpty else { return text }
    return String(text.prefix(random.number(0...text.count)))
  }

  private mutating func text(of piece: Piece) -> String {
    switch piece {
    case .table: table()
    case .partition: partition()
    case .attach: attach()
    case .inherit: inherit()
    case .foreignKey: "ALTER TABLE \(name()) ADD \(reference())"
    case .view: view()
    case .rule: rule()
    case .trigger: trigger()
    case .policy: policy()
    case .function: function()
    case .procedure: procedure()
    case .rename: rename()
    case .move: move()
    case .drop: drop()
    case .block: "DO $$ \(body()) $$"
    case .query: query(depth: 2)
    case .write: write(depth: 2)
    case .merge: merge()
    case .utility: utility()
    case .transaction: transaction()
    case .comment: comment()
    case .meta: meta()
    case .fragment: fragment()
    }
  }

  // MARK: Names

  /// A name that relations, functions, triggers, schemas and columns share.
  mutating func simpleName() -> String { random.pick(["a", "b", "c", "d", "e"]) }

  /// The name of a relation or function, mostly one of few.
  mutating func name() -> String {
    let name = simpleName()
    return random.pick(weighted: [
      (80, name), (10, "s.\(name)"), (3, "public.\(name)"), (2, "a.\(name)"),
      (1, "pg_temp.\(name)"),
      (1, "\"\(name.uppercased())\""), (1, "pg_catalog.pg_class"), (1, "x.y.\(name)"),
      (1, "missing"),
    ])
  }

  /// A column, whether or not there is such a one.
  mutating func column() -> String {
    random.pick(weighted: [
      (30, "id"), (20, "v"), (10, "w"), (10, simpleName()), (5, "\(simpleName()).v"),
      (3, "\(simpleName()).*"), (2, "ctid"), (2, "tableoid"), (1, "new.v"), (1, "missing"),
    ])
  }

  /// One to three of something, with commas between.
  mutating func list(_ item: (inout Self) -> String) -> String {
    (0..<random.number(1...3)).map { _ in item(&self) }.joined(separator: ", ")
  }

  /// A text in some cases, nothing in the others.
  mutating func maybe(_ percent: Int, _ text: String) -> String {
    random.chance(percent) ? text : ""
  }

  /// The text of one of some makers, each as often as its weight says.
  mutating func any(_ makers: [(weight: Int, item: (inout Self) -> String)]) -> String {
    let maker = random.pick(weighted: makers)
    return maker(&self)
  }

  // MARK: Broken text

  /// A file with bytes changed, cut out, doubled or put in.
  private mutating func mangled(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<random.number(1...8) where !bytes.isEmpty {
      let start = random.number(0...(bytes.count - 1))
      let end = min(bytes.count, start + random.number(1...20))
      switch random.number(0...4) {
      case 0: bytes[start] = UInt8(random.number(0...255))
      case 1: bytes.removeSubrange(start..<end)
      case 2: bytes.insert(contentsOf: Array(bytes[start..<end]), at: start)
      case 3: bytes.insert(random.pick(Array("'\"$;()/*-\\:\u{0}".utf8)), at: start)
      default: bytes.removeSubrange(end...)
      }
    }
    return bytes
  }
}
