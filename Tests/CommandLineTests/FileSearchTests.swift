import CommandTesting
import Foundation
import Testing

@Suite("Which files are read")
struct FileSearchTests {
  /// A statement with a finding in each of some places.
  private static let files = [
    "a.sql", "B.SQL", "db/deep/c.sql", ".hidden/d.sql", ".e.sql", "node_modules/f/g.sql",
    "out/h.sql", "notes.txt",
  ]

  private static func found(in folder: URL, _ paths: [String] = []) async throws -> [String] {
    let outcome = try await Command.run(
      ["lint", "-q", "--output-format", "concise"] + paths, in: folder)
    return outcome.lines.map { String($0.prefix { $0 != ":" }) }
  }

  private static func expect(
    _ expected: [String], in folder: URL, _ paths: [String] = [],
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let found = try await found(in: folder, paths)
    #expect(found == expected, sourceLocation: location)
  }

  private static func withFiles<Result>(_ body: (URL) async throws -> Result) async throws -> Result
  {
    let files = Dictionary(uniqueKeysWithValues: files.map { ($0, Samples.unordered) })
    return try await TemporaryFolder.with(files, body)
  }

  @Test("Outside git, hidden folders and node_modules are left out")
  func walk() async throws {
    try await Self.withFiles { folder in
      try await Self.expect(["B.SQL", "a.sql", "db/deep/c.sql", "out/h.sql"], in: folder)
      try await Self.expect(["db/deep/c.sql"], in: folder, ["db"])
      try await Self.expect(["./db/deep/c.sql"], in: folder, ["./db/"])
    }
  }

  @Test("In git, what is ignored is left out")
  func git() async throws {
    try await Self.withFiles { folder in
      let setup = try await Command.shell(
        "git init -q && printf 'out/\\nnode_modules/\\n' > .gitignore && git add a.sql", in: folder)
      #expect(setup.code == 0, "\(setup.error)")
      let found = try await Self.found(in: folder)
      #expect(found.contains("a.sql"))
      #expect(found.contains("db/deep/c.sql"))
      #expect(!found.contains("out/h.sql"))
      #expect(!found.contains("node_modules/f/g.sql"))
      try await Self.expect([], in: folder, ["out"])
      try await Self.expect(["db/deep/c.sql"], in: folder, ["db"])
    }
  }

  @Test("Where git gives no list, the walk is announced")
  func refusal() async throws {
    try await TemporaryFolder.with(["a.sql": "SELECT 1;\n", ".git/config": "[core"]) { folder in
      let outcome = try await Command.run(["locks", "."], in: folder)
      let warning =
        "warning: git does not list the files of .; those that it ignores are read too\n"
      #expect(outcome == .init(code: 0, output: "", error: warning))
      let quiet = try await Command.run(["locks", "-q", "."], in: folder)
      #expect(quiet == .init(code: 0, output: "", error: ""))
    }
  }

  @Test(
    "A name that is not UTF-8 is an error, not a file less", arguments: ["true", "git init -q"])
  func name(setup: String) async throws {
    try await TemporaryFolder.with { folder in
      // Some file systems refuse such a name.
      let script = """
        \(setup); name="$(printf 'x\\377.sql')"; echo 'SELECT 1;' > "$name" || exit 9
        "$sqllock" lint
        """
      let outcome = try await Command.shell(script, in: folder)
      guard outcome.code != 9 else { return }
      #expect(outcome.code == 2)
      #expect(outcome.error.hasPrefix("error: "))
      #expect(outcome.error.hasSuffix("x\u{FFFD}.sql: can't be read, its name is not UTF-8\n"))
    }
  }

  @Test("A file that is named is read, whatever it is called and wherever it is")
  func named() async throws {
    try await Self.withFiles { folder in
      for path in ["notes.txt", ".hidden/d.sql", "node_modules/f/g.sql"] {
        try await Self.expect([path], in: folder, [path])
      }
    }
  }

  @Test("A file that is named twice is read once")
  func twice() async throws {
    try await Self.withFiles { folder in
      try await Self.expect(
        ["db/deep/c.sql"], in: folder, ["db/deep/c.sql", "db", "./db/deep/c.sql"])
    }
  }

  @Test("A link that leads back up is no endless search")
  func loop() async throws {
    try await Self.withFiles { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "db/up"), withDestinationURL: folder)
      try await Self.expect(["db/deep/c.sql"], in: folder, ["db"])
    }
  }

  @Test(
    "Rules and groups are selected and left out",
    arguments: [
      ([], ["unordered-bulk-write", "syntax-error"]),
      (["--select", "all"], ["unordered-bulk-write", "syntax-error"]),
      (["--select", "row-order"], ["unordered-bulk-write"]),
      (["--select", "row-order, syntax-error"], ["unordered-bulk-write", "syntax-error"]),
      (
        ["--select", "row-order", "--select", "syntax-error"],
        ["unordered-bulk-write", "syntax-error"]
      ),
      (["--ignore", "unordered-bulk-write"], ["syntax-error"]),
      (["--select", "meta", "--ignore", "syntax-error"], []),
    ])
  func selection(arguments: [String], expected: [String]) async throws {
    try await TemporaryFolder.with(["a.sql": Samples.unordered + Samples.unreadable]) { folder in
      let outcome = try await Command.run(
        ["lint", "-q", "--output-format", "concise"] + arguments, in: folder)
      let rules = outcome.lines.compactMap { line in
        line.firstMatch(of: /\[(.+?)\]/).map { String($0.1) }
      }
      #expect(rules == expected)
    }
  }
}
