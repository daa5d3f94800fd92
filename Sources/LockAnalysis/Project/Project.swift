import Diagnostics
package import PostgresSyntax

/// Everything that was read, put in the order in which it takes effect.
package struct Project: Sendable {
  /// The files as given.
  package let files: [ParsedFile]
  /// For each file how it is read.
  package let readings: [FileReading]
  /// Indices of the files: dumps, then migrations in their order, then the rest, at the end what adds
  /// to tables that it does not make.
  package let order: [Int]

  /// The code that calls the application's queries, where it can be read.
  let host: HostProgram?

  /// The transactions that the configuration declares.
  let declared: [DeclaredTransaction]

  /// What was given for each file.
  let given: [ProjectFile]

  /// The absolute path of each file, by the file's place.
  private let paths: [ObjectIdentifier: String]

  /// The comments of each file that speak to this tool, by the file's place.
  private let directives: [ObjectIdentifier: [Directive]]

  /// Files with how each is read, in their order by what they are and by their paths.
  init(
    _ files: [(file: ParsedFile, reading: FileReading, given: ProjectFile)],
    host: HostProgram? = nil, declared: [DeclaredTransaction] = []
  ) {
    self.host = host
    self.declared = declared
    given = files.map(\.given)
    paths = Dictionary(
      files.map { (ObjectIdentifier($0.file.source), $0.given.place) },
      uniquingKeysWith: { first, _ in first })
    self.files = files.map(\.file)
    readings = files.map(\.reading)
    directives = Dictionary(
      files.map { (ObjectIdentifier($0.file.source), Directive.all(in: $0.file)) },
      uniquingKeysWith: { first, _ in first })
    let keys = files.map { file in
      (
        Self.rank(file.file, file.reading),
        MigrationOrder(file.given.path, place: file.reading.place)
      )
    }
    order = files.indices.sorted { left, right in
      if keys[left].0 != keys[right].0 { return keys[left].0 < keys[right].0 }
      return keys[left].1 < keys[right].1
        || (!(keys[right].1 < keys[left].1) && left < right)
    }
  }

  private static func rank(_ file: ParsedFile, _ reading: FileReading) -> Int {
    if reading.role == .schema { return 0 }
    if reading.role == .migration, !reading.isSetUp { return 1 }
    return SetUp.needsTables(file) ? 3 : 2
  }

  /// The absolute path of a file.
  func path(of file: ParsedFile) -> String? { paths[ObjectIdentifier(file.source)] }

  /// The comments of a file that speak to this tool, in the order of the text.
  package func directives(of file: ParsedFile) -> [Directive] {
    directives[ObjectIdentifier(file.source)] ?? []
  }
}
