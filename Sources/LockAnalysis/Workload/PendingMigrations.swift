import LockModel
import PostgresSyntax

/// Migrations that their tool runs in one transaction, as they are all run at the same time.
struct PendingMigrations {
  private let project: Project
  /// Indices of the files of each such transaction, in their order.
  private var groups: [[Int]] = []

  init(_ project: Project) {
    self.project = project
    var byFolder: [String: [Int]] = [:]
    var folders: [String] = []
    for index in project.order where Self.isOne(index, of: project) {
      let folder = project.given[index].path.directory
      if byFolder[folder] == nil { folders.append(folder) }
      byFolder[folder, default: []].append(index)
    }
    groups = folders.compactMap { byFolder[$0] }.filter { $0.count > 1 }
  }

  /// Whether a file is one of those; one that has transactions of its own is not.
  private static func isOne(_ index: Int, of project: Project) -> Bool {
    project.given[index].isPending
      && project.readings[index].sections.contains { $0.boundary == .pending && !$0.isReverse }
      && !project.files[index].statements.contains { statement in
        if case .transaction = statement.command { true } else { false }
      }
  }

  /// The statements with one number for each such transaction, and for each of these numbers the places
  /// of its files.
  func joined(
    _ statements: [LoweredStatement]
  ) -> (statements: [LoweredStatement], places: [Int: [ObjectIdentifier: Int]]) {
    guard !groups.isEmpty else { return (statements, [:]) }
    var result = statements
    var places: [Int: [ObjectIdentifier: Int]] = [:]
    for group in groups {
      var order: [ObjectIdentifier: Int] = [:]
      for (place, index) in group.enumerated() {
        order[ObjectIdentifier(project.files[index].source)] = place
      }
      let members = statements.indices.filter { index in
        let statement = statements[index]
        return order[ObjectIdentifier(statement.file.source)] != nil && !statement.isReverse
          && statement.boundary == .pending
      }
      guard let first = members.first else { continue }
      let number = statements[first].transaction
      let inOrder = members.sorted { left, right in
        let places = [left, right].map { index in
          order[ObjectIdentifier(statements[index].file.source)] ?? 0
        }
        return places[0] == places[1] ? left < right : places[0] < places[1]
      }
      var created: Set<RelationName> = []
      for index in inOrder {
        result[index].transaction = number
        // Nobody else sees what the transaction has made itself.
        for position in result[index].acquisitions.indices {
          let table = result[index].acquisitions[position].target.relation
          if let table, created.contains(table) {
            result[index].acquisitions[position].isPrivate = true
          }
        }
        if let table = result[index].created { created.insert(table) }
      }
      places[number] = order
    }
    return (result, places)
  }
}
