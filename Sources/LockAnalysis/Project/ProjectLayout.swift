import PostgresSyntax

/// Decides how each file of a project is read, from where it stands among the others and from what
/// it says.
struct ProjectLayout {
  private let tool: MigrationTool
  private let sequences: FileSequences
  private let extensions: ExtensionScripts
  private let includesTests: Bool

  /// Looks at the places of all files together; `exists` tells of other files beside them,
  /// `contents` what is in them.
  init(
    _ files: [ProjectFile], includesTests: Bool = false,
    contents: @escaping (String) -> [UInt8]? = { _ in nil }, exists: @escaping (String) -> Bool
  ) {
    tool = MigrationTool(contents: contents, exists: exists)
    sequences = FileSequences(files.map(\.path))
    extensions = ExtensionScripts(files.map(\.path))
    self.includesTests = includesTests
  }

  /// How a file is read that is left out for its path; nil when it has to be looked into.
  func leftOut(_ file: ProjectFile) -> FileReading? {
    if !includesTests {
      let why =
        TestFiles.reason(file.path, named: file.named)
        ?? (file.isNamed ? nil : TestFiles.regression(file.path, exists: tool.exists))
      if let why { return .leftOut(.test, why) }
    }
    guard !file.isNamed, let other = OtherDatabase.named(by: file.path) else { return nil }
    return .leftOut(.otherDatabase, "\(other.why): \(other.database)")
  }

  /// How a file is read that is not left out for its path.
  func reading(of parsed: ParsedFile, as file: ProjectFile) -> FileReading {
    if !file.isNamed, let other = OtherDatabase.givenAway(by: parsed) {
      return .leftOut(.otherDatabase, "\(other.why): \(other.database)")
    }
    if !file.isNamed, let newer = extensions.replacement(of: file.path) {
      return tool.replaced(parsed, by: newer)
    }
    let reading = tool.reading(of: parsed, at: file.path, in: sequences)
    // Who names a file wants to see what is wrong with its queries, whatever else is in it.
    guard reading.role == .application, !file.isNamed else { return reading }
    return tool.setUp(parsed) ?? reading
  }
}
