import CommandTesting
import Foundation
import Testing

@Suite("Streams, formats and colour")
struct StreamTests {
  private static let concise = ["lint", "--output-format", "concise"]
  private static let line =
    "a.sql:1:1: warning[unordered-bulk-write] several rows of `c` are locked in no particular order; "

  @Test("Findings are on standard output, the summary is on standard error")
  func summary() async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      let outcome = try await Command.run(Self.concise, in: folder)
      #expect(outcome.lines.count == 1)
      #expect(outcome.output.hasPrefix(Self.line))
      let summary =
        /checked 1 file, 1 statement, 1 transaction in \d+\.\d\d s\nfound 1 warning\nsqllock explain unordered-bulk-write tells more\n/
      #expect(outcome.error.wholeMatch(of: summary) != nil, "\(outcome.error)")
      let quiet = try await Command.run(Self.concise + ["-q"], in: folder)
      #expect(quiet == .init(code: 1, output: outcome.output, error: ""))
    }
  }

  @Test("Functions that are not analysed are counted, and listed when asked for")
  func notAnalysed() async throws {
    try await TemporaryFolder.with(["a.sql": Samples.function]) { folder in
      let outcome = try await Command.run(Self.concise, in: folder)
      #expect(outcome.output == "")
      #expect(outcome.error.contains("1 statement not analysed (sqllock lint -v lists them)\n"))
      let extras = [
        ["-v"], ["--select", "not-analysed"], ["--select", "meta"], ["--select", "all"],
        ["--select", "row-order,meta"],
      ]
      for extra in extras {
        let verbose = try await Command.run(Self.concise + extra, in: folder)
        #expect(verbose.code == 0)
        #expect(
          verbose.output
            == "a.sql:1:1: note[not-analysed] this function is written in plpython3u, which is not "
            + "analysed\n")
      }
    }
  }

  @Test("Standard input has the name that it is given")
  func standardInput() async throws {
    try await TemporaryFolder.with(["b.sql": "SELECT 1;\n"]) { folder in
      let input = Array(Samples.unordered.utf8)
      let named = try await Command.run(
        Self.concise + ["-", "--stdin-filename", "a.sql"], in: folder, input: input)
      #expect(named.code == 1)
      #expect(named.output.hasPrefix(Self.line))
      let unnamed = try await Command.run(Self.concise + ["-"], in: folder, input: input)
      #expect(unnamed.output.hasPrefix("<stdin>:1:1: warning["))
      let both = try await Command.run(Self.concise + ["b.sql", "-"], in: folder, input: input)
      #expect(both.error.hasPrefix("checked 2 files, 2 statements, "))
    }
  }

  @Test(
    "Standard input stands for the file that it has the name of",
    arguments: ["a.sql", "./a.sql", "db/../a.sql"])
  func replacement(name: String) async throws {
    let ignored = "-- sqllock:ignore-file all\n" + Samples.unordered
    try await TemporaryFolder.with(["a.sql": ignored, "db/b.sql": "SELECT 1;\n"]) { folder in
      let outcome = try await Command.run(
        Self.concise + [".", "-", "--stdin-filename", name], in: folder,
        input: Array(Samples.unordered.utf8))
      #expect(outcome.lines.count == 1)
      #expect(outcome.output.hasPrefix("\(name):1:1: warning["))
      #expect(outcome.error.hasPrefix("checked 2 files, 2 statements, "))
      #expect(!outcome.error.contains("hidden"))
    }
  }

  @Test("A report goes to a file when asked for")
  func outputFile() async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      let arguments = Self.concise + ["--output-file", "report.txt", "--color", "always"]
      let outcome = try await Command.run(arguments, in: folder)
      #expect(outcome.code == 1)
      #expect(outcome.output == "")
      let report = try String(
        contentsOf: folder.appending(path: "report.txt"), encoding: .utf8)
      #expect(report.hasPrefix(Self.line))
    }
  }

  @Test(
    "Option, variable and GitHub decide about the format, in this order",
    arguments: [
      ([], [:], "warning: several"),
      ([], ["GITHUB_ACTIONS": "true"], "::warning file="),
      ([], ["GITHUB_ACTIONS": "false"], "warning: several"),
      ([], ["GITHUB_ACTIONS": "true", "SQLLOCK_OUTPUT_FORMAT": "concise"], "a.sql:1:1: "),
      (["--output-format", "full"], ["SQLLOCK_OUTPUT_FORMAT": "concise"], "warning: several"),
    ])
  func format(arguments: [String], environment: [String: String], start: String) async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      let outcome = try await Command.run(
        ["lint", "-q"] + arguments, in: folder, environment: environment)
      #expect(outcome.output.hasPrefix(start))
    }
  }

  @Test("A format that there is not is an error, also in the environment")
  func unknownFormat() async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      let outcome = try await Command.run(
        ["lint"], in: folder, environment: ["SQLLOCK_OUTPUT_FORMAT": "yaml"])
      #expect(outcome.code == 2)
      #expect(outcome.output == "")
      #expect(outcome.error.hasPrefix("error: SQLLOCK_OUTPUT_FORMAT: `yaml` is not one of full, "))
    }
  }

  @Test(
    "Colour is for terminals, unless something asks for it or refuses it",
    arguments: [
      (["--color", "always"], [:], true),
      (["--color", "always"], ["NO_COLOR": "1"], true),
      (["--color", "never"], ["FORCE_COLOR": "1"], false),
      ([], [:], false),
      ([], ["FORCE_COLOR": "1"], true),
      ([], ["FORCE_COLOR": "1", "NO_COLOR": "1"], false),
      ([], ["FORCE_COLOR": "1", "NO_COLOR": ""], true),
    ])
  func color(arguments: [String], environment: [String: String], isColored: Bool) async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      for format in ["full", "concise"] {
        let outcome = try await Command.run(
          ["lint", "--output-format", format] + arguments, in: folder, environment: environment)
        #expect(outcome.output.contains("\u{1B}[") == isColored)
        #expect(outcome.code == 1)
      }
    }
  }

  @Test("A reader that goes away ends the output quietly")
  func closedPipe() async throws {
    let text = String(repeating: Samples.unordered, count: 3000)
    try await TemporaryFolder.with(["a.sql": text]) { folder in
      let script =
        #"("$sqllock" lint -q --output-format concise a.sql; echo "code $?" >&2) | head -n 1"#
      let outcome = try await Command.shell(script, in: folder)
      #expect(outcome.lines.count == 1)
      #expect(outcome.output.hasPrefix(Self.line))
      #expect(outcome.error == "code 1\n")
    }
  }
}
