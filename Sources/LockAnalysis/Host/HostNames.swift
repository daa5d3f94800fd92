/// How names are put together in host programs.
enum HostNames {
  /// The words of a name in small letters: `get`, `user` of `getUser`, `get-user` and `GET_USER`.
  static func words(_ name: some StringProtocol) -> [String] {
    var words: [[UInt8]] = []
    var previous = Kind.other
    for byte in name.utf8 {
      let kind = Kind(byte)
      defer { previous = kind }
      guard kind != .other else { continue }
      if previous == .other || kind == .upper && previous != .upper { words.append([]) }
      words[words.count - 1].append(kind == .upper ? byte | 0x20 : byte)
    }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  private enum Kind {
    case upper, lower, other

    init(_ byte: UInt8) {
      switch byte {
      case 0x41...0x5A: self = .upper
      case 0x61...0x7A, 0x30...0x39, 0x80...: self = .lower
      default: self = .other
      }
    }
  }

  /// The same for all spellings of a name.
  static func folded(_ name: some StringProtocol) -> String { words(name).joined() }

  private static let nouns: Set<String> = ["tx", "txn", "trx", "transaction", "transactions"]
  private static let verbs: Set<String> = [
    "begin", "with", "exec", "execute", "run", "in", "start", "open", "prepare", "do",
    "wrap", "atomic", "use",
  ]
  private static let wholes: Set<String> = ["transaction", "transactional", "begin", "transact"]

  /// Whether a function of this name begins a transaction: `BeginTx`, `execTx`, `WithTransaction`.
  static func beginsTransaction(_ name: String) -> Bool {
    guard contains(name, "tx") || contains(name, "tr") || contains(name, "begin") else {
      return false
    }
    let words = words(name)
    guard let first = words.first else { return false }
    if words.count == 1 { return wholes.contains(first) }
    return verbs.contains(first) && words.dropFirst().prefix(3).contains(where: nouns.contains)
  }

  /// Whether a variable of this name is a transaction: `tx`, `qtx`, `dbTx`.
  static func isTransaction(_ name: some StringProtocol) -> Bool {
    guard contains(name, "tx") || contains(name, "tr"), let last = words(name).last else {
      return false
    }
    return nouns.contains(last) || last == "qtx" || last == "dbtx"
  }

  private static let beginners: Set<String> = ["begin", "start", "prepare", "open"]

  /// Whether it begins one of its own, not only hands on the one that there is.
  static func beginsAnother(_ name: String) -> Bool {
    words(name).first.map(beginners.contains) ?? false
  }

  private static let orderedTypes = ["sorted", "btree", "treeset", "treemap"]

  /// Whether what has a type of this name comes in order.
  static func isOrdered(_ type: String) -> Bool {
    let name = folded(type)
    return orderedTypes.contains(where: name.hasPrefix)
  }

  /// Whether a function of this name puts things in order.
  static func sorts(_ name: String) -> Bool {
    contains(name, "sort") || ["orderBy", "OrderBy", "order_by"].contains(name)
  }

  /// Whether small letters stand somewhere in a name, whatever their case is there.
  private static func contains(_ name: some StringProtocol, _ part: StaticString) -> Bool {
    let count = part.utf8CodeUnitCount
    var matched = 0
    for byte in name.utf8 {
      // What is looked for does not begin anew within itself.
      let small = byte | 0x20
      if small == part.utf8Start[matched] {
        matched += 1
      } else {
        matched = small == part.utf8Start[0] ? 1 : 0
      }
      if matched == count { return true }
    }
    return false
  }
}
