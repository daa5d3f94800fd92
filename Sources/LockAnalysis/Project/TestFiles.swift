/// SQL of tests, with what they are fed: it never meets the application.
enum TestFiles {
  private static let folders: Set<String> = [
    "t", "test", "tests", "testing", "spec", "specs", "testdata", "fixture", "fixtures", "pgtap",
    "seed", "seeds", "bench", "benchmark", "benchmarks", "e2e", "mock", "mocks", "stub", "stubs",
    "sample", "samples", "sampledata", "sqltest", "sqltests", "dbtest", "dbtests", "pgtest",
    "pgtests", "unittest", "unittests", "integrationtest", "integrationtests", "example",
    "examples", "experiment", "experiments", "playground", "scratch", "sandbox",
  ]
  private static let words: Set<String> = ["test", "tests", "testdata", "fixture", "fixtures"]

  /// Why a file belongs to tests; nil when it does not. Parts of the path that the user `named`
  /// say nothing.
  static func reason(_ path: SourcePath, named: Int) -> String? {
    for folder in path.folders.dropFirst(named) where isOfTests(folder) {
      return "in `\(folder)/`"
    }
    guard named <= path.folders.count else { return nil }
    let words = SourcePath.words(path.stem)
    guard let first = words.first, let last = words.last else { return nil }
    let isNamed =
      Self.words.contains(last) || ["seed", "seeds"].contains(path.stem.lowercased())
      || path.endings.contains(where: Self.words.contains)
      || !SequenceNumber.leads(path.name)
        && (Self.words.contains(first) || words.contains("tests") || words.contains("fixtures"))
    return isNamed ? "called `\(path.name)`" : nil
  }

  /// Why a file is a test of pg_regress, which compares what it prints with a file in `expected/`.
  static func regression(_ path: SourcePath, exists: (String) -> Bool) -> String? {
    let stem = path.stem.prefix { $0 != "." }
    guard let folder = path.folders.last, ["sql", "input"].contains(folder),
      exists(path.directory(path.folders.count - 1) + "expected/\(stem).out")
    else { return nil }
    return "pg_regress compares it with `expected/\(stem).out`"
  }

  /// Whether a file is loaded once, by one, like a migration.
  static func isSeed(_ path: SourcePath) -> Bool {
    let names: Set<String> = ["seed", "seeds", "fixture", "fixtures"]
    return names.contains(path.stem.lowercased())
      || path.folders.contains { names.contains($0.lowercased()) }
  }

  /// `tests`, `__tests__`, `sql-tests`, `test_data`, `db-test`.
  private static func isOfTests(_ folder: String) -> Bool {
    let words = SourcePath.words(folder)
    guard let first = words.first, let last = words.last else { return false }
    if words.count == 1 { return folders.contains(first) }
    return [first, last].contains(where: Self.words.contains) || folders.contains(words.joined())
  }
}
