import LockModel

/// The locks of a statement in the model beside those on the server.
///
/// The model's list is an upper bound over what the rows may be: a lock that a trigger, a foreign
/// key or a function takes may be absent on the server, as may one in a branch. All others must be
/// there, and the server must have none that the model does not list.
struct GeneratorComparison {
  let model: GeneratorModel
  let seen: Set<ConformanceLock>
  /// The table that a partition or an inheritance child hangs on.
  let roots: [String: String]

  /// What differs, one line each; empty when nothing does.
  var problems: [String] {
    (missing + superfluous + rows).sorted()
  }

  // MARK: Relations

  private var listed: [ConformanceLock] {
    model.entries.map(\.lock).filter(\.isRelation)
  }

  private var missing: [String] {
    let listed = listed
    return seen.filter { lock in
      lock.isRelation && !listed.contains { $0 == lock || $0.includes(lock) }
    }.map { "not in the model: \($0)" }
  }

  private var superfluous: [String] {
    model.entries.filter { entry in
      entry.lock.isRelation && !entry.isOptional
        && !seen.contains { $0 == entry.lock || $0.includes(entry.lock) }
    }.map { "not on the server: \($0.lock)" }
  }

  // MARK: Rows

  /// What is locked of one table.
  private struct Rows {
    var modes: [RowLockMode] = []
    var places = 0
    var isMany = false
  }

  private func root(of name: String) -> String {
    var name = name
    while let parent = roots[name] { name = parent }
    return name
  }

  private func rows(_ locks: [ConformanceLock]) -> [String: Rows] {
    var result: [String: Rows] = [:]
    for case .rows(let name, let mode, let isMany) in locks {
      var rows = result[root(of: name)] ?? Rows()
      rows.modes.append(mode)
      rows.places += 1
      // Rows in two partitions, or at two places, are several.
      rows.isMany = isMany || rows.places > 1
      result[root(of: name)] = rows
    }
    return result
  }

  private var rows: [String] {
    let modelled = rows(model.entries.map(\.lock))
    return rows(Array(seen)).compactMap { name, found in
      guard let strongest = found.modes.max() else { return nil }
      guard let expected = modelled[name], let upper = expected.modes.max(),
        let lower = expected.modes.min()
      else { return "not in the model: rows of \(name) \(strongest.rawValue)" }
      if strongest > upper {
        return "rows of \(name) are \(strongest.rawValue), in the model \(upper.rawValue)"
      }
      if strongest < lower {
        return "rows of \(name) are only \(strongest.rawValue), in the model \(lower.rawValue)"
      }
      return found.isMany && !expected.isMany ? "several rows of \(name), one in the model" : nil
    }
  }

  // MARK: Order

  /// The locks on the server in the order of the model. Where the model has rows of a table at
  /// several places, those on the server can be any of them: there are two such orders then.
  var orders: [[ConformanceLock]] {
    let orders = [false, true].map { byMode in
      seen.map { lock in (place: place(of: lock, byMode: byMode), lock: lock) }.sorted {
        ($0.place, $0.lock.description) < ($1.place, $1.lock.description)
      }.map(\.lock).withoutIncluded()
    }
    return orders[0] == orders[1] ? [orders[0]] : orders
  }

  /// Where the model has a lock: of rows the first one, or the first in the same mode.
  private func place(of lock: ConformanceLock, byMode: Bool) -> Int {
    guard case .rows(let name, let mode, _) = lock else {
      return model.entries.firstIndex { $0.lock == lock } ?? Int.max
    }
    let root = root(of: name)
    var result: Int?
    for (index, entry) in model.entries.enumerated() {
      guard case .rows(let other, let otherMode, _) = entry.lock, self.root(of: other) == root
      else { continue }
      if otherMode == mode || !byMode { return index }
      result = result ?? index
    }
    return result ?? Int.max
  }
}
