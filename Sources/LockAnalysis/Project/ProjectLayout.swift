import PostgresSyntax

/// Decides how each file of a project is read, from where it stands among the others and from what
/// it says.
struct ProjectLayout {
  private let tool: MigrationTool
  private let sequences: FileSequences
  private let extensions: ExtensionScripts
  private let plans: SqitchPlans
  private let includesTests: Bool
  private let configuration: ProjectConfiguration

  /// Looks at the places of all files together; `exists` tells of other files beside them,
  /// `contents` what is in them.
  init(
    _ files: [ProjectFile], includesTests: Bool = false,
    configuration: ProjectConfiguration = .init(),
    contents: @escaping (String) -> [UInt8]? = { _ in nil }, exists: @escaping (String) -> Bool
  ) {
    tool = MigrationTool(contents: contents, exists: exists)
    sequences = FileSequences(files.map(\.path))
    extensions = ExtensionScripts(files.map(\.path))
    plans = SqitchPlans(files.map(\.path), contents: contents)
    self.includesTests = includesTests
    self.configuration = configuration
  }

  /// How a file is read that is left out for its path; nil when it has to be looked into.
  func leftOut(_ file: ProjectFile) -> FileReading? {
    if let said = configuration.role(of: file.place) {
      let isWanted = !said.role.isLeftOut || (said.role == .test && includesTests)
      return isWanted ? nil : .leftOut(said.role, "\(said.place) says so")
    }
    if !includesTests {
      let why =
        TestFiles.reason(file.path, named: file.named)
        ?? (file.isNamed ? nil : TestFiles.regression(file.path, exists: tool.exists))
      if let why { return .leftOut(.test, why) }
    }
    guard !file.isNamed, let other = OtherDatabase.named(by: file.path) else { return nil }
    return .leftOut(.otherDatabase, "\(other.why): \(other.database)")
  }

  /// How a file is read that is not left out for its path; `script` is what psql includes it in.
  func reading(
    of parsed: ParsedFile, as file: ProjectFile, includedBy script: String?
  ) -> FileReading {
    var reading = roleReading(of: parsed, as: file, includedBy: script)
    reading.place = plans.place(of: file.path)
    return reading
  }

  private func roleReading(
    of parsed: ParsedFile, as file: ProjectFile, includedBy script: String?
  ) -> FileReading {
    let boundary = configuration.boundary(of: file.place)
    guard let said = configuration.role(of: file.place), !said.role.isLeftOut else {
      return guess(parsed, file, boundary, includedBy: script)
    }
    return tool.reading(
      of: parsed, at: file.path, in: sequences, as: said.role, why: "\(said.place) says so",
      boundary)
  }

  /// How a file is read of which the configuration does not say what it is.
  private func guess(
    _ parsed: ParsedFile, _ file: ProjectFile, _ boundary: TransactionBoundary?,
    includedBy script: String?
  ) -> FileReading {
    if !file.isNamed, let other = OtherDatabase.givenAway(by: parsed) {
      return .leftOut(.otherDatabase, "\(other.why): \(other.database)")
    }
    if !file.isNamed, let newer = extensions.replacement(of: file.path) {
      return tool.replaced(parsed, by: newer)
    }
    let reading = tool.reading(of: parsed, at: file.path, in: sequences, boundary)
    // Who names a file wants to see what is wrong with its queries, whatever else is in it.
    guard reading.role == .application, !file.isNamed else { return reading }
    return tool.setUp(parsed) ?? script.map { tool.included(parsed, in: $0) } ?? tool.script(
      parsed, file.path, named: file.named) ?? reading
  }
}
