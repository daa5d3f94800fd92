import Foundation
import LockModel

/// A lock as the conformance tables write it.
enum ConformanceLock: Hashable, Sendable, CustomStringConvertible {
  /// On a relation that others can see.
  case relation(String, TableLockMode)
  /// On rows of a table: the strongest mode, and whether several rows have a lock.
  case rows(String, RowLockMode, isMany: Bool)
  /// On a relation that the transaction itself made.
  case created(String, TableLockMode)
  /// New entries of a unique key, which only the model speaks of.
  case key(String, isMany: Bool)
  /// On a number, or on two.
  case advisory(String, isExclusive: Bool)

  /// Reads one; nil where it is not written as a lock.
  init?(_ text: String) {
    let words = text.components(separatedBy: " ")
    guard words.count > 1 else { return nil }
    switch words[0] {
    case "new":
      guard let mode = TableLockMode(rawValue: words[2...].joined(separator: " ")) else {
        return nil
      }
      self = .created(words[1], mode)
    case "key":
      self = .key(words[1], isMany: words[2] == "many")
    case "advisory":
      let key = words[1..<(words.count - 1)].joined(separator: " ")
      self = .advisory(key, isExclusive: words.last == "exclusive")
    default:
      let rest = words[1...].joined(separator: " ")
      if let mode = TableLockMode(rawValue: rest) {
        self = .relation(words[0], mode)
      } else if let mode = RowLockMode(
        rawValue: words[1..<(words.count - 1)].joined(separator: " ")),
        ["one", "many"].contains(words.last)
      {
        self = .rows(words[0], mode, isMany: words.last == "many")
      } else {
        return nil
      }
    }
  }

  /// As the tables write it.
  var description: String {
    switch self {
    case .relation(let name, let mode): "\(name) \(mode.rawValue)"
    case .rows(let name, let mode, let isMany): "\(name) \(mode.rawValue) \(Self.count(isMany))"
    case .created(let name, let mode): "new \(name) \(mode.rawValue)"
    case .key(let name, let isMany): "key \(name) \(Self.count(isMany))"
    case .advisory(let key, let isExclusive):
      "advisory \(key) \(isExclusive ? "exclusive" : "shared")"
    }
  }

  private static func count(_ isMany: Bool) -> String { isMany ? "many" : "one" }

  /// Whether it is an entry of a unique key.
  var isKey: Bool {
    if case .key = self { true } else { false }
  }

  /// What other sessions can see of it while a statement is under way; nil when nothing.
  var trace: ConformanceTrace? {
    switch self {
    case .relation(let name, let mode): .relation(name, mode)
    case .rows(let name, _, _): .rows(name)
    case .created: .created
    case .key: nil
    case .advisory(let key, let isExclusive): .advisory(key, isExclusive: isExclusive)
    }
  }
}

/// What can be seen of a lock of a statement that is under way.
enum ConformanceTrace: Hashable, Sendable, CustomStringConvertible {
  case relation(String, TableLockMode)
  /// Some row of the table has a lock.
  case rows(String)
  /// Some new relation is there; its name can't be seen yet.
  case created
  case advisory(String, isExclusive: Bool)

  var description: String {
    switch self {
    case .relation(let name, let mode): "\(name) \(mode.rawValue)"
    case .rows(let name): "rows of \(name)"
    case .created: "a new relation"
    case .advisory(let key, let isExclusive):
      "advisory \(key) \(isExclusive ? "exclusive" : "shared")"
    }
  }

  /// Whether who has the lock gets this for nothing.
  func isIncluded(in lock: ConformanceLock) -> Bool {
    guard case .relation(let name, let mode) = self else { return false }
    return lock.includes(.relation(name, mode))
  }
}

extension ConformanceLock {
  /// Whether it is on a relation as a whole that others can see.
  var isRelation: Bool {
    if case .relation = self { true } else { false }
  }

  /// Whether both are on one relation, and this one in a stronger mode.
  func isStronger(than other: ConformanceLock) -> Bool {
    guard case .relation(let name, let mode) = self, case .relation(name, let weaker) = other
    else { return false }
    return mode > weaker
  }

  /// Whether both are on one relation and whoever waits for the other waits for this one: who has
  /// this one gets the other for nothing.
  func includes(_ other: ConformanceLock) -> Bool {
    guard self != other, case .relation(let name, let mode) = self,
      case .relation(name, let included) = other
    else { return false }
    return TableLockMode.allCases.allSatisfy {
      mode.conflicts(with: $0) || !included.conflicts(with: $0)
    }
  }

  /// The relation's name.
  var relationName: String? {
    switch self {
    case .relation(let name, _), .rows(let name, _, _), .created(let name, _), .key(let name, _):
      name
    case .advisory: nil
    }
  }
}

extension [ConformanceLock] {
  /// Without the locks that an earlier one includes.
  func withoutIncluded(after before: [ConformanceLock] = []) -> [ConformanceLock] {
    var result: [ConformanceLock] = []
    for lock in self where !(before + result).contains(where: { $0.includes(lock) }) {
      result.append(lock)
    }
    return result
  }

  /// As the tables write them; `nothing` when there is none.
  var text: String { isEmpty ? "nothing" : map(\.description).joined(separator: "; ") }
}
