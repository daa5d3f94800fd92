import ArgumentParser
import Diagnostics
import Linting
import Reports

/// What of the findings is reported in a project that has some already.
struct AdoptionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Don't report what is in this file.", valueName: "file"))
  var baseline: String?

  @Option(
    help: ArgumentHelp("Write all findings to this file, for --baseline.", valueName: "file"))
  var writeBaseline: String?

  @Flag(help: "Take what is gone out of the baseline.")
  var pruneBaseline = false

  @Option(
    help: ArgumentHelp(
      "Report only what touches lines that have changed since a commit.", valueName: "commit"))
  var since: String?

  @Flag(help: "Report only what touches staged lines; what is staged is read.")
  var staged = false

  func validate() throws {
    if since != nil, staged { throw ValidationError("--since and --staged exclude each other") }
    if writeBaseline != nil, pruneBaseline || since != nil || staged {
      throw ValidationError("--write-baseline writes all findings: leave out the other options")
    }
  }

  /// The lines that have changed, if that is asked for. Throws `UserError` where git can't tell.
  func changes(in paths: [String]) async throws(UserError) -> Changes? {
    guard staged || since != nil else { return nil }
    let option = staged ? "--staged" : "--since"
    guard !paths.contains("-") else {
      throw UserError(message: "\(option) compares files: leave out `-`")
    }
    var repositories: [Git] = []
    var files: [String] = []
    for path in paths {
      let isFolder = try FileSystem.kind(of: path) == .directory
      if !isFolder { files.append(path) }
      let folder = isFolder ? path : path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      repositories.append(try await Git(above: folder.isEmpty ? "/" : folder))
    }
    guard let git = repositories.first, repositories.allSatisfy({ $0.root == git.root }) else {
      throw UserError(message: "\(option) looks at one repository at a time")
    }
    if let since { return try await Changes.since(since, git, files: files) }
    return try await Changes.staged(git)
  }

  // MARK: Baseline

  /// The baseline's file: that of the command line before that of the configuration.
  func file(_ configuration: Configuration) -> String? {
    baseline ?? configuration.baseline.map(FileSystem.shown)
  }

  /// The baseline, if there is to be one. Throws `UserError` for a file that is none.
  func readBaseline(_ configuration: Configuration) throws(UserError) -> Baseline? {
    guard writeBaseline == nil, let file = file(configuration) else {
      if pruneBaseline { throw UserError(message: "--prune-baseline needs --baseline") }
      return nil
    }
    let bytes = try FileSystem.read(file, orSkip: false)?.bytes ?? []
    let baseline: Baseline? = decodedJSON(bytes)
    guard let baseline else {
      throw UserError(
        message: "\(file): this is no baseline; sqllock lint --write-baseline writes one")
    }
    guard baseline.version == Baseline.version else {
      throw UserError(
        message: "\(file): a baseline of version \(baseline.version), not \(Baseline.version)")
    }
    return baseline
  }

  /// Writes a baseline. Throws `UserError`.
  func write(_ baseline: Baseline, to file: String) throws(UserError) {
    try FileSystem.write(encodedJSON(baseline, pretty: true) + "\n", to: file)
  }
}
