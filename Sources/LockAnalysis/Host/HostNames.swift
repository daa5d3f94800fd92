/// How names are put together in host programs.
enum HostNames {
  /// The words of a name in small letters: `get`, `user` of `getUser`, `get-user` and `GET_USER`.
  static func words(_ name: some StringProtocol) -> [String] {
    var words: [String] = []
    var previous: Character = "_"
    for character in name {
      defer { previous = character }
      guard character.isLetter || character.isNumber else { continue }
      let begins =
        !(previous.isLetter || previous.isNumber)
        || character.isUppercase && !previous.isUppercase
      if begins || words.isEmpty { words.append("") }
      words[words.count - 1] += character.lowercased()
    }
    return words
  }

  /// The same for all spellings of a name.
  static func folded(_ name: some StringProtocol) -> String { words(name).joined() }

  private static let nouns: Set<String> = ["tx", "txn", "trx", "transaction", "transactions"]
  private static let verbs: Set<String> = [
    "begin", "with", "exec", "execute", "run", "in", "start", "new", "open", "prepare", "do",
    "wrap",
    "atomic", "use", "optimistic",
  ]
  private static let wholes: Set<String> = ["transaction", "transactional", "begin", "transact"]

  /// Whether a function of this name begins a transaction: `BeginTx`, `execTx`, `WithTransaction`.
  static func beginsTransaction(_ name: some StringProtocol) -> Bool {
    let words = words(name)
    guard let first = words.first else { return false }
    if words.count == 1 { return wholes.contains(first) }
    return verbs.contains(first) && words.dropFirst().prefix(3).contains(where: nouns.contains)
  }

  /// Whether a variable of this name is a transaction: `tx`, `qtx`, `dbTx`.
  static func isTransaction(_ name: some StringProtocol) -> Bool {
    guard let last = words(name).last else { return false }
    return nouns.contains(last) || last == "qtx" || last == "dbtx"
  }

  /// Whether a function of this name puts things in order.
  static func sorts(_ name: some StringProtocol) -> Bool {
    words(name).contains { $0.hasPrefix("sort") }
      || ["orderBy", "OrderBy", "order_by"].contains(String(name))
  }
}
