import Diagnostics
import LockModel
import PostgresSyntax

/// The named queries of a workload, as a host program finds them.
struct NamedQueries {
  private struct Query {
    /// The folders of its file.
    let folders: [Substring]
    var statements: [Int]
  }

  private let statements: [LoweredStatement]
  private var byName: [String: [Query]] = [:]

  init(_ statements: [LoweredStatement]) {
    self.statements = statements
    var files: [String: [String: Query]] = [:]
    for (index, statement) in statements.enumerated() {
      guard let name = statement.name, statement.role == .application, statement.part == nil else {
        continue
      }
      let path = statement.file.source.path
      let folders = path.split(separator: "/").dropLast()
      files[name, default: [:]][path, default: Query(folders: Array(folders), statements: [])]
        .statements.append(index)
    }
    for (name, queries) in files {
      byName[name] = queries.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  /// The statements of the query that a file calls by a name: of those that are called so the nearest;
  /// none where two are as near.
  func statements(_ name: String, calledIn path: String) -> [Int] {
    guard let found = byName[name] else { return [] }
    let folders = path.split(separator: "/").dropLast()
    let near = found.map { query in
      (query, zip(query.folders, folders).prefix { $0 == $1 }.count)
    }
    let best = near.map(\.1).max()
    let nearest = near.filter { $0.1 == best }
    return nearest.count == 1 ? nearest[0].0.statements : []
  }

  /// Whether a query that a file calls by a name finds rows, not makes them.
  func finds(_ name: String, calledIn path: String) -> Bool {
    let found = statements(name, calledIn: path)
    return !found.isEmpty
      && found.allSatisfy { index in
        if case .insert = statements[index].statement.command { false } else { true }
      }
  }

  /// What the parameters of a statement are given by a call; nil for what is not known.
  func values(of index: Int, _ arguments: HostArguments) -> [(Term.Variable, String?)] {
    let statement = statements[index]
    let parameters = Term.Variable.parameters(of: statement.statement.node)
    return parameters.enumerated().map { position, parameter in
      // Generators of code call `$1` by the column that it is compared with.
      let columns = parameter.number == nil ? [] : columns(equalTo: parameter, statement)
      let own = parameter.number == nil ? [parameter.text] : []
      for name in own + columns {
        if let value = arguments.named[HostNames.folded(name)] { return (parameter, value) }
      }
      let first = arguments.positional.count - parameters.count
      guard arguments.named.isEmpty, first >= 0 else { return (parameter, nil) }
      return (parameter, arguments.positional[first + position])
    }
  }

  private func columns(
    equalTo parameter: Term.Variable, _ statement: LoweredStatement
  ) -> [String] {
    statement.acquisitions.flatMap { lock in
      (lock.rows?.pinned ?? [:]).filter { $0.value == .variable(parameter) }.keys.sorted()
    }
  }
}
