import ArgumentParser
import Linting
import LockAnalysis
import LockModel
import Reports

/// `sqllock init`
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented configuration for what is there.",
    discussion: """
      Looks at all SQL files below a folder, says what it takes them for and writes sqllock.toml \
      there, in which that can be changed.

      EXAMPLES
        sqllock init
        sqllock init --force services/billing
      """)

  @Argument(help: ArgumentHelp("The folder.", valueName: "folder"))
  var folder = "."

  @Flag(help: "Replace a configuration that is there.")
  var force = false

  @OptionGroup var verbosity: Verbosity

  func run() async throws {
    guard try FileSystem.kind(of: folder) == .directory else {
      throw UserError(message: "\(folder): not a folder")
    }
    let prefix = folder == "." ? "" : folder.hasSuffix("/") ? folder : folder + "/"
    let known = ["sqllock.toml", ".sqllock.toml"].first { FileSystem.exists(prefix + $0) }
    if let known, !force {
      throw UserError(message: "\(prefix)\(known) is there; --force replaces it")
    }
    let file = prefix + (known ?? "sqllock.toml")
    let input = try InputOptions.parse([folder, "--isolated"])
    let read = try await input.read(verbosity)
    let result = read.reader.read(read.files)
    let survey = ProjectSurvey(FileListing.make(read.files, result), below: prefix)
    let workload = WorkloadBuilder(project: result.project, threads: input.threads).build()
    let order = LockOrder(workload)
    try FileSystem.write(
      survey.configuration(lockOrder: CanonicalOrder(order).joined.map { order.tables[$0].short }),
      to: file)
    guard !verbosity.quiet else { return }
    try Output.write(survey.summary(of: file))
  }
}
