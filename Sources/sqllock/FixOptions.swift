import ArgumentParser
import Diagnostics
import LockAnalysis
import Linting
import Reports

/// What is done with fixes.
struct FixOptions: ParsableArguments {
  @Flag(
    help: "Apply safe fixes to the files; with `-` the fixed text is written instead of a report.")
  var fix = false

  @Flag(help: "Apply unsafe fixes as well, with --fix or --diff.")
  var unsafeFixes = false

  @Flag(help: "Show what --fix would do as a patch for `git apply`; exit code 1 if there is one.")
  var diff = false

  func validate() throws {
    if fix, diff { throw ValidationError("--fix and --diff exclude each other") }
    if unsafeFixes, !fix, !diff { throw ValidationError("--unsafe-fixes needs --fix or --diff") }
  }

  var isAsked: Bool { fix || diff }

  /// The files that have become others, with their old text.
  static func changed(
    _ before: [ProjectFile], _ after: [ProjectFile]
  ) -> [(old: SourceFile, new: SourceFile)] {
    zip(before, after).filter { $0.source !== $1.source }.map { ($0.source, $1.source) }
  }

  /// The patch of some files.
  static func patch(_ files: [(old: SourceFile, new: SourceFile)]) -> [UInt8] {
    files.flatMap { file in
      Patch(path: FileSystem.patched(file.old.path), old: file.old.bytes, new: file.new.bytes).bytes
    }
  }

  /// Writes some files, all that can be written. Throws what went wrong, a line for each file.
  static func write(_ files: [(old: SourceFile, new: SourceFile)]) throws(UserError) {
    var failures: [String] = []
    for file in files {
      do throws(UserError) {
        try FileSystem.replace(file.old.path, was: file.old.bytes, by: file.new.bytes)
      } catch {
        failures += error.lines
      }
    }
    guard failures.isEmpty else { throw UserError(lines: failures) }
  }
}
