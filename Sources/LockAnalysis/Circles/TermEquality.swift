/// Which values of the transactions in a circle have to be equal for them to meet.
///
/// Every value is known by the transaction and its term: parameters of different transactions are
/// free, literals are what they are.
struct TermEquality {
  private struct Value: Hashable {
    let member: Int
    let term: Int
  }

  private let terms: SequenceTerms
  private var parents: [Value: Value] = [:]
  /// Literals that have been made equal to something else.
  private(set) var isContradictory = false

  init(_ terms: SequenceTerms) { self.terms = terms }

  private func value(_ term: Int, of member: Int) -> Value {
    Value(member: terms.isLiteral(term) ? -1 : member, term: term)
  }

  private func root(_ value: Value) -> Value {
    var value = value
    while let parent = parents[value] { value = parent }
    return value
  }

  /// Two transactions are about the same thing: whatever both know of it is equal.
  mutating func meet(_ left: LockRequest, _ member: Int, _ right: LockRequest, _ other: Int) {
    for pin in left.pins {
      guard let same = right.pins.first(where: { $0.column == pin.column }) else { continue }
      if let form = pin.form, let otherForm = same.form, form != otherForm {
        isContradictory = true
      }
      unite(value(pin.term, of: member), value(same.term, of: other))
    }
  }

  private mutating func unite(_ left: Value, _ right: Value) {
    let (left, right) = (root(left), root(right))
    guard left != right else { return }
    if let pattern = terms.pattern(of: left.term), let other = terms.pattern(of: right.term),
      pattern != other
    {
      isContradictory = true
    }
    switch (terms.isLiteral(left.term), terms.isLiteral(right.term)) {
    case (true, true): isContradictory = true
    case (true, false): parents[right] = left
    case (false, _): parents[left] = right
    }
  }

  /// Takes into account that some terms of each transaction are never greater than others: those
  /// that come round in a circle are equal.
  mutating func order(_ ascending: [[(Int, Int)]]) {
    let pairs = ascending.enumerated().flatMap { member, pairs in
      pairs.map { (value($0.0, of: member), value($0.1, of: member)) }
    }
    while let (low, high) = pairs.first(where: { low, high in
      root(low) != root(high) && reaches(root(low), from: root(high), pairs)
    }) {
      unite(low, high)
      if isContradictory { return }
    }
  }

  private func reaches(_ goal: Value, from start: Value, _ pairs: [(Value, Value)]) -> Bool {
    var seen: Set<Value> = [start]
    var open = [start]
    while let next = open.popLast() {
      if next == goal { return true }
      for (low, high) in pairs where root(low) == next && seen.insert(root(high)).inserted {
        open.append(root(high))
      }
    }
    return false
  }

  /// Whether two locks are on one thing for certain.
  func areSame(_ left: LockRequest, _ member: Int, _ right: LockRequest, _ other: Int) -> Bool {
    left.identities.contains { identity in
      right.identities.contains { candidate in
        identity.count == candidate.count
          && zip(identity, candidate).allSatisfy { pin, same in
            pin.column == same.column
              && root(value(pin.term, of: member)) == root(value(same.term, of: other))
          }
      }
    }
  }
}

/// The values that sequences speak of, as numbers.
package struct SequenceTerms: Sendable {
  private struct Value: Sendable {
    let isLiteral: Bool
    let isChosen: Bool
    let pattern: String?
  }

  private var values: [Value] = []

  package init() {}

  /// A new value: a literal is the same in every transaction; one that is chosen is a caller's or the
  /// text's, so that two of them are two things. Texts that are put together by different patterns are
  /// never equal.
  package mutating func add(
    isLiteral: Bool, isChosen: Bool = true, pattern: String? = nil
  ) -> Int {
    values.append(Value(isLiteral: isLiteral, isChosen: isChosen, pattern: pattern))
    return values.count - 1
  }

  func isLiteral(_ term: Int) -> Bool { values[term].isLiteral }

  func isChosen(_ term: Int) -> Bool { values[term].isChosen }

  func pattern(of term: Int) -> String? { values[term].pattern }
}
