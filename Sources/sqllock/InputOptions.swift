import ArgumentParser
import Diagnostics
import Linting
import LockAnalysis

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What is read.
struct InputOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files and folders; `-` is standard input. Folders are searched for SQL files that git does not ignore.",
      valueName: "path"))
  var paths: [String] = ["."]

  @Option(
    help: "The name under which standard input is reported; it is read instead of that file.")
  var stdinFilename: String = standardInput

  private static let standardInput = "<stdin>"

  @Option(name: [.short, .long], help: "Threads to use; all processors by default.")
  var jobs: Int?

  @Flag(help: "Look at tests, fixtures, seeds and benchmarks as well.")
  var includeTests = false

  @OptionGroup var settings: ConfigurationOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
    if stdinFilename != Self.standardInput, !readsStandardInput {
      throw ValidationError("--stdin-filename is about standard input: name `-` as well")
    }
  }

  var threads: Int { max(1, jobs ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// What was read, and what finds out how.
  struct Input {
    let files: [ProjectFile]
    let reader: ProjectReader
    let configuration: Configuration
    /// The roots of the repositories that are read as a whole.
    let roots: [String]

    /// Whether there is no such file any more, by its path in the repository.
    func isGone(_ path: String) -> Bool {
      !roots.isEmpty && roots.allSatisfy { !FileSystem.exists($0 + "/" + path) }
    }
  }

  /// Whether standard input is among the files.
  var readsStandardInput: Bool { paths.contains("-") }

  /// Reads everything that was named, with what has changed as it is staged; says what
  /// git does not tell, and what was read, as far as that is wanted.
  func read(_ verbosity: Verbosity, changes: Changes? = nil) async throws -> Input {
    let configuration = try configuration()
    let found = try await FileFinder.find(
      paths.filter { $0 != "-" }, for: configuration, isStaged: changes?.isStaged ?? false,
      isQuiet: verbosity.quiet)
    let contents = { @Sendable (path: String) in (try? FileSystem.read(path, orSkip: true))?.bytes }
    let host = HostProgram(
      found.others, isWhole: !found.roots.isEmpty, threads: threads, read: contents)
    let reader = ProjectReader(
      threads: threads, includesTests: includeTests, host: host,
      configuration: configuration.project, contents: contents, exists: FileSystem.exists)
    let files = try read(found.files, changes?.staged ?? [:]).map { file in
      var file = changes?.staged[file.place].map(file.with) ?? file
      if let changes, changes.touch(file.pathInRepository) { file.isPending = true }
      return file
    }
    if files.isEmpty, !verbosity.quiet { Output.error("note: no SQL files found\n") }
    if verbosity.verbose, !verbosity.quiet {
      Output.errorLine(
        "read \(SummaryLine.count(files.count, "file")); "
          + (configuration.path.map { "configuration: \($0)" } ?? "no configuration"))
    }
    return Input(
      files: files, reader: reader, configuration: configuration, roots: found.roots)
  }

  /// What the project asks for.
  func configuration() throws(UserError) -> Configuration {
    let isNamed = paths == ["-"] && stdinFilename != Self.standardInput
    return try settings.read(for: isNamed ? [stdinFilename] : paths)
  }

  private func read(
    _ files: [FileFinder.Candidate], _ staged: [String: [UInt8]]
  ) throws -> [ProjectFile] {
    let readsInput = readsStandardInput
    // An editor hands over a text that is newer than its file.
    let replaced = readsInput ? FileSystem.identity(of: stdinFilename) : nil
    let found = try FileFinder.read(files, staged: staged, except: replaced, threads: threads)
    guard readsInput else { return found }
    let bytes = try FileSystem.readStandardInput()
    return found + [Place.file(SourceFile(path: stdinFilename, bytes: bytes))]
  }
}

/// When to write in colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// Whether output to a stream is coloured; NO_COLOR and FORCE_COLOR are honoured.
  func applies(terminal: Bool) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      if Output.environment("NO_COLOR") != nil {
        false
      } else if Output.environment("FORCE_COLOR") != nil {
        true
      } else {
        terminal && Output.environment("TERM") != "dumb"
      }
    }
  }
}
