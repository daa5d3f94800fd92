import Diagnostics
package import PostgresSyntax

/// Everything that was read, put in the order in which it takes effect.
package struct Project: Sendable {
  /// The files as given.
  package let files: [ParsedFile]
  /// For each file its sections.
  package let sections: [[SourceSection]]
  /// Indices of the files: dumps, then migrations in their order, then the rest.
  package let order: [Int]

  /// Recognises the role and the order of every file.
  package init(files: [ParsedFile], tool: MigrationTool) {
    self.files = files
    let sections = files.map(tool.sections)
    self.sections = sections
    func rank(_ index: Int) -> Int {
      switch sections[index].first?.role {
      case .schema: 0
      case .migration: 1
      case .application, nil: 2
      }
    }
    let paths = files.map(\.source.path)
    order = files.indices.sorted { left, right in
      let ranks = (rank(left), rank(right))
      if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
      if MigrationTool.runsBefore(paths[left], paths[right]) { return true }
      if MigrationTool.runsBefore(paths[right], paths[left]) { return false }
      return left < right
    }
  }
}
