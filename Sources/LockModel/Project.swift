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
    let keys = files.indices.map { (rank($0), MigrationOrder(path: files[$0].source.path)) }
    order = files.indices.sorted { left, right in
      if keys[left].0 != keys[right].0 { return keys[left].0 < keys[right].0 }
      return keys[left].1 < keys[right].1
        || (!(keys[right].1 < keys[left].1) && left < right)
    }
  }
}
