import Foundation
import LockModel

/// One way in which the model and the server differ, with all that tells whether it is known.
struct GeneratorProblem {
  let text: String
  let statement: GeneratorStatement
  let model: GeneratorModel
  let seen: GeneratorSight
  let schema: GeneratorSchema

  /// The relation that it is about, for locks that are only on one side.
  private var relation: String? {
    for start in [
      "not in the model: rows of ", "not in the model: ", "not on the server: ", "before ",
    ]
    where text.hasPrefix(start) {
      return text.dropFirst(start.count).split(separator: " ").first.map(String.init)
    }
    return nil
  }

  /// Whether it is about a partition.
  var isOnPartition: Bool { relation.map(isPartition) ?? false }

  private func isPartition(_ name: String) -> Bool {
    schema.tables.contains { $0.leaves.contains(name) || $0.branches.contains(name) }
  }

  /// The relations that a probe of the order finds on one side only.
  private var differingRelations: Set<String> {
    let sides = text.components(separatedBy: "], on the server [").map { side in
      Set(
        side.components(separatedBy: "\"").enumerated().filter { $0.offset % 2 == 1 }
          .map(\.element))
    }
    guard sides.count == 2 else { return [] }
    return Set(
      sides[0].symmetricDifference(sides[1]).map { lock in
        let words = lock.split(separator: " ")
        return String(lock.hasPrefix("rows of ") ? words[2] : words[0])
      })
  }

  /// Whether it is about a check of a foreign key of a table whose rows are changed at several
  /// places, or by a trigger or function, which may run more than once.
  var isCheckOfRewrittenRow: Bool {
    guard
      text.hasSuffix(" ROW SHARE") || text.hasSuffix(" FOR KEY SHARE")
        || text.hasPrefix("several rows of ")
    else { return false }
    let several = "several rows of "
    let name =
      text.hasPrefix(several)
      ? text.dropFirst(several.count).split(separator: ",").first.map(String.init) : relation
    guard let name else { return false }
    let parent = root(of: name)
    return schema.tables.contains { table in
      table.foreignKeys.contains { $0.parent == parent } && isRewritten(table.name)
    }
  }

  /// Whether it is about partitions that a function or a check of a foreign key reads.
  var isOfRepeatedPlan: Bool {
    let isCalled = model.entries.contains { entry in
      entry.reason.contains { $0.hasPrefix("function ") }
    }
    if text.hasPrefix("before ") {
      return isCalled && (isOnPartition || differingRelations.allSatisfy(isPartition))
    }
    guard text.hasPrefix("not in the model: "), text.hasSuffix(" ROW SHARE"), let relation,
      isOnPartition
    else { return false }
    return model.entries.contains { entry in
      guard case .relation(let name, .rowShare) = entry.lock else { return false }
      return name == root(of: relation) && entry.isOptional
    }
  }

  private func isRewritten(_ table: String) -> Bool {
    let writes = model.entries.filter { entry in
      guard case .rows(let name, let mode, _) = entry.lock else { return false }
      return mode >= .forNoKeyUpdate && root(of: name) == table
    }
    return writes.contains(where: \.isOptional) || writes.count > 1
  }

  private func root(of name: String) -> String {
    let roots = schema.roots
    var name = name
    while let parent = roots[name] { name = parent }
    return name
  }
}

/// What the server shows.
struct GeneratorSight {
  let locks: Set<ConformanceLock>

  /// Whether some table has locks on several rows, in one partition or in several.
  func hasSeveralRows(_ schema: GeneratorSchema) -> Bool {
    var seen: Set<String> = []
    for case .rows(let name, _, let isMany) in locks {
      if isMany || !seen.insert(schema.roots[name] ?? name).inserted { return true }
    }
    // New rows show no locks.
    var written: Set<String> = []
    for case .relation(let name, .rowExclusive) in locks {
      if let root = schema.roots[name], !written.insert(root).inserted { return true }
    }
    return false
  }
}
