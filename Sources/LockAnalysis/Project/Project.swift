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

  /// The comments of each file that speak to this tool, by the file's place.
  private let directives: [ObjectIdentifier: [Directive]]

  /// Recognises the role and the order of every file.
  package init(files: [ParsedFile], tool: MigrationTool) {
    self.files = files
    directives = Dictionary(
      files.map { (ObjectIdentifier($0.source), Directive.all(in: $0)) },
      uniquingKeysWith: { first, _ in first })
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

  /// The comments of a file that speak to this tool, in the order of the text.
  package func directives(of file: ParsedFile) -> [Directive] {
    directives[ObjectIdentifier(file.source)] ?? []
  }
}
