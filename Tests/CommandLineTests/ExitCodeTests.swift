import CommandTesting
import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("Exit codes")
struct ExitCodeTests {
  @Test(
    "The threshold decides about the exit code",
    arguments: [
      (Samples.unordered, ["error": 0, "warning": 1, "note": 1, "never": 0]),
      (Samples.unreadable, ["error": 0, "warning": 0, "note": 0, "never": 0]),
      ("SELECT 1;\n", ["error": 0, "warning": 0, "note": 0, "never": 0]),
    ])
  func threshold(text: String, codes: [String: Int]) async throws {
    try await TemporaryFolder.with(["a.sql": text]) { folder in
      for (least, code) in codes {
        let outcome = try await Command.run(["lint", "--fail-on", least, "."], in: folder)
        #expect(outcome.code == code, "--fail-on \(least)")
      }
      let outcome = try await Command.run(["lint"], in: folder)
      #expect(outcome.code == codes["warning"])
    }
  }

  @Test(
    "What is not analysed decides about the exit code only when it is selected",
    arguments: [
      ([], 0), (["-v"], 0), (["--select", "not-analysed"], 1), (["--select", "meta", "-v"], 1),
      (["--select", "all"], 1), (["--select", "all", "--ignore", "not-analysed", "-v"], 0),
    ])
  func notAnalysed(arguments: [String], code: Int) async throws {
    try await TemporaryFolder.with(["a.sql": Samples.function]) { folder in
      let outcome = try await Command.run(["lint", "--fail-on", "note"] + arguments, in: folder)
      #expect(outcome.code == code)
    }
  }

  @Test(
    "Output that can't be written is an error",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"),
    arguments: ["lint", "locks", "rules", "explain unordered-upsert", "--help", "--version"])
  func full(arguments: String) async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      let outcome = try await Command.shell("\"$sqllock\" \(arguments) > /dev/full", in: folder)
      let message = "error: standard output: no space left on device\n"
      #expect(outcome.code == 2)
      #expect(outcome.error.hasPrefix(message), "\(outcome.error)")
    }
  }

  @Test("No SQL files are no failure", arguments: ["lint", "locks"])
  func noFiles(command: String) async throws {
    try await TemporaryFolder.with(["a.txt": Samples.unordered]) { folder in
      let outcome = try await Command.run([command, "."], in: folder)
      #expect(outcome == .init(code: 0, output: "", error: "note: no SQL files found\n"))
    }
  }

  @Test("A path that is not there is named on one line", arguments: ["lint", "locks"])
  func missing(command: String) async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      let outcome = try await Command.run([command, "a.sql", "no such.sql"], in: folder)
      let message = "error: no such.sql: no such file or directory\n"
      #expect(outcome == .init(code: 2, output: "", error: message))
    }
  }

  @Test("A path that can't be looked up is not called missing")
  func lookup() async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      let name = String(repeating: "x", count: 300)
      for (path, reason) in [(name, "file name too long"), ("a.sql/b.sql", "not a directory")] {
        let outcome = try await Command.run(["lint", path], in: folder)
        #expect(outcome == .init(code: 2, output: "", error: "error: \(path): \(reason)\n"))
      }
    }
  }

  @Test(
    "A file that must not be read is named on one line",
    .enabled(if: geteuid() != 0, "root reads everything"))
  func forbidden() async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      try FileManager.default.setAttributes(
        [.posixPermissions: 0], ofItemAtPath: folder.appending(path: "a.sql").path)
      let outcome = try await Command.run(["lint"], in: folder)
      #expect(outcome == .init(code: 2, output: "", error: "error: a.sql: permission denied\n"))
    }
  }

  @Test(
    "A file that can't be read is named on one line",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/mem"), "needs /proc"))
  func unreadable() async throws {
    try await TemporaryFolder.with { folder in
      let outcome = try await Command.run(["lint", "/proc/self/mem"], in: folder)
      let message = "error: /proc/self/mem: input/output error\n"
      #expect(outcome == .init(code: 2, output: "", error: message))
    }
  }

  @Test(
    "Usage errors have exit code 2",
    arguments: [
      (["lint", "--bogus"], "unknown option '--bogus'"),
      (["lint", "--fail-on", "sometimes"], "'sometimes' is invalid for '--fail-on"),
      (["lint", "--output-format", "yaml"], "'yaml' is invalid for '--output-format"),
      (["lint", "--color", "blue"], "'blue' is invalid for '--color"),
      (["lint", "--select", "unordered-upser"], "did you mean `unordered-upsert`?"),
      (["lint", "--ignore", "row-ordr"], "did you mean `row-order`?"),
      (["lint", "--select", "row-order,qqqqqqqqqqqq"], "`qqqqqqqqqqqq` is not a rule or group"),
      (["lint", "--output-file", "no/such/folder"], "no/such/folder: "),
      (["explain", "unordered-upser"], "did you mean `unordered-upsert`?"),
      (["explain"], "error: missing expected argument '<rule>'"),
      (["frobnicate"], "error: unknown command `frobnicate`\n"),
      (["lnt"], "error: unknown command `lnt`; did you mean `lint`?"),
      (["lint", "--stdin-filename", "a.sql"], "name `-` as well"),
      (["lint", "--fix", "--diff"], "--fix and --diff exclude each other"),
      (["lint", "--unsafe-fixes"], "--unsafe-fixes needs --fix or --diff"),
      (["lint", "--since", "HEAD", "--staged"], "--since and --staged exclude each other"),
      (["lint", "--baseline", "no.json"], "error: no.json: no such file or directory"),
      (["lint", "--baseline", "a.sql"], "error: a.sql: this is no baseline"),
      (["lint", "--prune-baseline"], "--prune-baseline needs --baseline"),
      (["lint", "--since", "HEAD"], "error: git: "),
    ])
  func usage(arguments: [String], message: String) async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered]) { folder in
      let outcome = try await Command.run(arguments, in: folder)
      #expect(outcome.code == 2)
      #expect(outcome.output == "")
      #expect(outcome.error.contains(message), "\(outcome.error)")
    }
  }

  @Test(
    "Versions and help are no failure",
    arguments: [[], ["lint"], ["locks"], ["explain"], ["rules"]])
  func help(command: [String]) async throws {
    try await TemporaryFolder.with { folder in
      let help = try await Command.run(command + ["--help"], in: folder)
      #expect(help.code == 0)
      #expect(help.error == "")
      #expect(help.output.contains("EXAMPLES\n  sqllock "))
      #expect(help.output.contains("USAGE: sqllock"))
      let version = try await Command.run(command + ["--version"], in: folder)
      #expect(version.code == 0)
      #expect(version.output.wholeMatch(of: /sqllock \d+\.\d+\.\d+ \(grammar of .+\)\n/) != nil)
    }
  }
}
