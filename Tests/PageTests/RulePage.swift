/// A rule's page: headings, and fenced blocks that are examples and tests at once.
struct RulePage: Sendable {
  /// A `##` heading and what stands below it.
  struct Section: Sendable {
    /// Without the `##`; empty for what stands above the first one.
    let heading: String
    /// 1-based.
    let line: Int
    fileprivate(set) var blocks: [Block] = []
  }

  /// A fenced block.
  struct Block: Sendable {
    /// The words after the fence, for example `sql`, `bad`, `deadlocks`.
    let kind: [String]
    /// With a line end after every line.
    let text: String
    /// The line of the text's first line in the page, 1-based; the fence is the line before.
    let firstLine: Int
    /// What the blocks under the same heading set up for this one.
    fileprivate(set) var setup = Setup()

    /// The first word and another one.
    func isKind(_ language: String, _ word: String) -> Bool {
      kind.first == language && kind.dropFirst().contains(word)
    }

    /// The same block with another text.
    func replacing(text: String) -> Block {
      var block = Block(kind: kind, text: text, firstLine: firstLine)
      block.setup = setup
      return block
    }
  }

  /// What a block is to be run with.
  struct Setup: Sendable {
    /// All `sql schema` blocks above the block.
    var schema = ""
    /// The `sql settings` block of the heading.
    var settings = ""
    /// The `toml` block of the heading.
    var configuration = ""
    /// The `sql blocker` block of the heading.
    var blocker = ""
  }

  /// A page that can't be read.
  struct Malformed: Error, CustomStringConvertible {
    let id: String
    let line: Int
    let description: String
  }

  /// The rule's id, as the page's first heading gives it.
  let id: String
  private(set) var sections: [Section]

  /// All blocks, in the order of the page.
  var blocks: [Block] { sections.flatMap(\.blocks) }

  /// Reads a page.
  init(_ text: String) throws(Malformed) {
    var reader = PageReader(text)
    (id, sections) = try reader.read()
    for index in sections.indices { sections[index].setUp() }
  }
}

extension RulePage.Section {
  init(heading: String, line: Int) {
    self.init(heading: heading, line: line, blocks: [])
  }

  fileprivate mutating func setUp() {
    var setup = RulePage.Setup()
    setup.settings = text(of: "settings")
    setup.blocker = text(of: "blocker")
    setup.configuration = blocks.filter { $0.kind == ["toml"] }.map(\.text).joined()
    for index in blocks.indices {
      if blocks[index].isKind("sql", "schema") { setup.schema += blocks[index].text }
      blocks[index].setup = setup
    }
  }

  private func text(of word: String) -> String {
    blocks.filter { $0.isKind("sql", word) }.map(\.text).joined()
  }

  mutating func append(kind: [String], text: String, firstLine: Int) {
    blocks.append(RulePage.Block(kind: kind, text: text, firstLine: firstLine))
  }
}
