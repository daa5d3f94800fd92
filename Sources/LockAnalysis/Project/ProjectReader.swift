import PostgresSyntax

/// Reads the files of a project and finds out what each is.
package struct ProjectReader {
  private let threads: Int
  private let includesTests: Bool
  private let host: HostProgram?
  private let configuration: ProjectConfiguration
  private let contents: (String) -> [UInt8]?
  private let exists: (String) -> Bool

  /// Reads on so many threads; `exists` tells of files beside those that are read, such as
  /// `atlas.sum`, `contents` what is in them, `host` which queries are called, and `configuration`
  /// what the project says of its files.
  package init(
    threads: Int, includesTests: Bool, host: HostProgram? = nil,
    configuration: ProjectConfiguration = .init(),
    contents: @escaping (String) -> [UInt8]? = { _ in nil }, exists: @escaping (String) -> Bool
  ) {
    self.contents = contents
    self.threads = threads
    self.includesTests = includesTests
    self.host = host
    self.configuration = configuration
    self.exists = exists
  }

  /// Reads files together: a project, and how each file was read, in the order given.
  package func read(_ files: [ProjectFile]) -> (project: Project, readings: [FileReading]) {
    let layout = ProjectLayout(
      files, includesTests: includesTests, configuration: configuration, contents: contents,
      exists: exists)
    var readings = files.map(layout.leftOut)
    let open = readings.indices.filter { readings[$0] == nil }
    let parsed = FileReader.parse(
      open.map { files[$0].source },
      placeholders: open.map { configuration.placeholders(of: files[$0].place) },
      threads: threads)
    let included = IncludedFiles(zip(open, parsed).map { ($1, files[$0].path) })
    var kept: [(file: ParsedFile, reading: FileReading, given: ProjectFile)] = []
    for (index, parsed) in zip(open, parsed) {
      let reading = layout.reading(
        of: parsed, as: files[index], includedBy: included.script(including: files[index].path))
      readings[index] = reading
      if !reading.role.isLeftOut { kept.append((parsed, reading, files[index])) }
    }
    return (
      Project(kept, host: host, declared: configuration.transactions), readings.compactMap { $0 }
    )
  }
}
