/// Something that repeats a lock for many rows: a loop, a trigger that fires for each row, a
/// function that is called for each row.
struct Driver {
  /// By the text of a value that changes from one repetition to the next, its place in the order
  /// of the repetitions.
  var ranks: [String: Rank] = [:]
  /// Whether a value changes from one repetition to the next.
  let varies: (String) -> Bool
  /// Why the repetitions come in no order.
  let why: String
  var loop: LoopKind?
  /// Whether the order of the repetitions is known, to be none or another.
  var isKnown = true
  /// Arrays that are sorted, whose elements come in the order of their subscripts.
  var sortedArrays: Set<String> = []
  /// The table that the repetitions go over, and the terms that its rows are sorted by.
  var source: (table: RelationName, terms: [SortTerm])?

  struct Rank {
    let position: Int
    let isDescending: Bool
  }

  /// The lock that all repetitions take together.
  func repeated(_ lock: Acquisition) -> Acquisition {
    switch lock.target {
    case .rows: return repeatedRows(lock)
    case .uniqueKey where lock.form == .upsert: return repeatedRows(lock)
    case .advisory(let key): return repeatedAdvisory(lock, key)
    case .table, .uniqueKey: return lock
    }
  }

  private func repeatedRows(_ lock: Acquisition) -> Acquisition {
    guard var rows = lock.rows else { return lock }
    let varying = rows.pinned.filter { varies($0.value) }
    guard !varying.isEmpty else { return lock }
    if case .alreadyLocked = rows.order { return lock }
    var result = lock
    let wasHazard = rows.count == .many && rows.order.isHazardous
    rows.order = ordered(
      varying, then: rows.count == .many ? rows.order : nil, of: lock.target.relation)
    rows.count = .many
    if !wasHazard {
      result.loop = loop ?? lock.loop
      result.isOwn = true
    }
    for column in varying.keys { rows.literals[column] = nil }
    // What one repetition pins, all together do not.
    rows.pinned = rows.pinned.filter { varying[$0.key] == nil }
    result.rows = rows
    return result
  }

  /// The order of columns that follow the repetitions, then that of the rows of each.
  private func ordered(
    _ varying: [String: String], then inner: RowOrder?, of table: RelationName?
  ) -> RowOrder {
    var terms: [(rank: Rank, column: String)] = []
    guard isKnown else { return .unknown(why: why) }
    for (column, value) in varying {
      guard let rank = rank(of: value) else {
        // A range that no array is read by makes numbers that can't be followed.
        if loop == .range, !value.utf8.contains(UInt8(ascii: "[")) {
          return .unknown(why: "the loop counts, and the key is made of the count")
        }
        return .unordered(why: why)
      }
      terms.append((rank, column))
    }
    terms.sort { $0.rank.position < $1.rank.position }
    if let source, source.table == table, terms.count == 1, inner == nil,
      terms[0].rank.position > 0, terms[0].rank.position < source.terms.count
    {
      return .total(Array(source.terms[...terms[0].rank.position]))
    }
    for (position, term) in terms.enumerated() where term.rank.position != position {
      return .unordered(why: why)
    }
    let outer = terms.map { SortTerm(text: $0.column, isDescending: $0.rank.isDescending) }
    switch inner {
    case nil: return .total(outer)
    case .total(let terms): return .total(outer + terms)
    case .partial(let terms, let why, let isExtensible):
      return .partial(outer + terms, why: why, isExtensible: isExtensible)
    case .unordered, .alreadyLocked, .unknown: return inner ?? .unordered(why: why)
    }
  }

  /// The place of a value: of what varies itself, of it plus a constant, of an element of a sorted
  /// array.
  private func rank(of value: String) -> Rank? {
    if let rank = ranks[value] { return rank }
    for sign in [" + ", " - "] {
      let parts = value.split(separator: sign, maxSplits: 1).map(String.init)
      if parts.count == 2, parts[1].isLiteral, let rank = ranks[parts[0]] { return rank }
    }
    guard value.hasSuffix("]"), let open = value.firstIndex(of: "["),
      sortedArrays.contains(String(value[..<open]))
    else { return nil }
    return ranks[String(value[value.index(after: open)...].dropLast())]
  }

  private func repeatedAdvisory(_ lock: Acquisition, _ key: String) -> Acquisition {
    let parts = key.components(separatedBy: ", ")
    let varying = parts.filter(varies)
    guard !varying.isEmpty || varies(key) else { return lock }
    var result = lock
    var keys: [String: String] = [:]
    for part in varying { keys[part] = part }
    if keys.isEmpty { keys[key] = key }
    result.rows = RowSet(
      count: .many, order: ordered(keys, then: nil, of: nil), pinned: [:], literals: [:],
      conditions: [],
      isLimited: false)
    result.loop = loop ?? lock.loop
    result.isOwn = true
    return result
  }
}

extension String {
  /// Whether a name occurs in it as a word, `r` in `r.id` and `i` in `ids[i]`.
  func mentions(_ name: String) -> Bool {
    var (own, other) = (self, name)
    return own.withUTF8 { text in other.withUTF8 { Self.mentions(text, $0) } }
  }

  private static func mentions(
    _ text: UnsafeBufferPointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard let first = name.first, text.count >= name.count else { return false }
    for start in 0...(text.count - name.count) where text[start] == first {
      let end = start + name.count
      guard text[start..<end].elementsEqual(name) else { continue }
      let isOpen = start == 0 || !(text[start - 1].isNamePart || text[start - 1] == 0x2E)
      if isOpen, end == text.count || !text[end].isNamePart { return true }
    }
    return false
  }

  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator).map(String.init)
  }
}

extension UInt8 {
  /// Whether a byte can be part of a name.
  fileprivate var isNamePart: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
      || self == 0x5F || self == 0x24 || self >= 0x80
  }
}
