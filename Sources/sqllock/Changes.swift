import Diagnostics
import Linting

/// The lines that a repository has that it had not before.
struct Changes {
  /// Lines from 1, by path in the repository.
  private var lines: [String: [ClosedRange<Int>]] = [:]
  /// Files that are new as a whole.
  private var wholes: Set<String> = []
  private let root: String
  /// What is staged of files that have other changes as well, by absolute path.
  private(set) var staged: [String: [UInt8]] = [:]
  /// Whether what is staged is looked at, not the working tree.
  private(set) var isStaged = false

  /// What is staged.
  static func staged(_ git: Git) async throws(UserError) -> Changes {
    var changes = Changes(root: git.root)
    changes.isStaged = true
    try await changes.read(["--cached"], git)
    for path in try await git.paths(["diff", "--name-only", "-z", "--no-ext-diff"]) {
      let isThere = try await !git.paths(["ls-files", "-z", "--cached", "--", path]).isEmpty
      guard isThere, FileSystem.isSQL(path) else { continue }
      changes.staged[git.root + "/" + path] = try await git.run(["show", ":" + path])
    }
    return changes
  }

  /// What has changed since the working tree left a commit's history, new files included, and those
  /// of the `files` that were named of which git keeps no history.
  static func since(
    _ reference: String, _ git: Git, files: [String] = []
  ) async throws(UserError) -> Changes {
    var changes = Changes(root: git.root)
    let arguments = [
      "rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}",
    ]
    guard let commit = try? await git.run(arguments) else {
      throw UserError(message: "--since: `\(reference)` is not a commit of \(git.root)")
    }
    let name = String(decoding: commit.dropLast(), as: UTF8.self)
    // Histories without a common beginning have no merge base.
    let base = try? await git.run(["merge-base", name, "HEAD"])
    try await changes.read(
      [base.map { String(decoding: $0.dropLast(), as: UTF8.self) } ?? name], git)
    let others = ["ls-files", "-z", "--others", "--exclude-standard"]
    changes.wholes.formUnion(try await git.paths(others))
    let named = files.map(FileSystem.canonical).filter { $0.hasPrefix(git.root + "/") }
    if !named.isEmpty {
      let ignored = ["--literal-pathspecs", "ls-files", "-z", "--others", "--"] + named
      changes.wholes.formUnion(try await git.paths(ignored))
    }
    return changes
  }

  private init(root: String) { self.root = root }

  private mutating func read(_ arguments: [String], _ git: Git) async throws(UserError) {
    let options = ["--no-ext-diff", "--no-color", "--find-renames"]
    // Names in the diff may be quoted; those in this list are not.
    let names = try await git.paths(["diff", "--name-only", "-z"] + options + arguments)
    wholes.formUnion(names.filter(Self.isQuoted))
    let diff = try await git.run(
      ["-c", "core.quotePath=false", "diff", "--unified=0", "--src-prefix=a/", "--dst-prefix=b/"]
        + options + arguments)
    var path: String?
    // Lines of a file that look like heads come in hunks, which tell how long they are.
    var rest = 0
    for line in diff.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if rest > 0, let first = line.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
      {
        rest -= 1
      } else if line.starts(with: "+++ b/".utf8) {
        let name = String(decoding: line.dropFirst(6), as: UTF8.self)
        path = name.hasSuffix("\t") ? String(name.dropLast()) : name
      } else if line.starts(with: "+++ ".utf8) {
        path = nil
      } else if line.starts(with: "@@ ".utf8), let hunk = Hunk(line) {
        rest = hunk.removed + hunk.added
        if let path { lines[path, default: []].append(hunk.lines) }
      }
    }
  }

  /// Whether git writes a name in quotes, even without `core.quotePath`.
  private static func isQuoted(_ name: String) -> Bool {
    name.utf8.contains {
      $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
    }
  }

  /// `@@ -a,b +c,d @@`
  private struct Hunk {
    var removed = 0
    var added = 0
    private var start = 0

    init?(_ line: ArraySlice<UInt8>) {
      let parts = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard parts.count > 3 else { return nil }
      (_, removed) = Self.extent(parts[1])
      (start, added) = Self.extent(parts[2])
    }

    private static func extent(_ text: Substring) -> (Int, Int) {
      let numbers = text.dropFirst().split(separator: ",").compactMap { Int($0) }
      return (numbers.first ?? 0, numbers.count > 1 ? numbers[1] : 1)
    }

    /// The new lines; where lines are gone those around them.
    var lines: ClosedRange<Int> { added > 0 ? start...start + added - 1 : start...start + 1 }
  }

  // MARK: Findings

  /// Whether a finding is about something that has changed.
  func touch(_ finding: Finding, in result: LintResult) -> Bool {
    let ranges =
      [finding.range, finding.statement].compactMap { $0 } + finding.labels.map(\.range)
      + finding.flows.flatMap { $0.steps.map(\.range) }
    if ranges.contains(where: { touch($0, in: result) }) { return true }
    return finding.flows.contains { flow in
      flow.steps.contains { step in
        step.call.map { touch($0.line...$0.line, of: pathInRepository($0.path)) } ?? false
      }
    }
  }

  private func touch(_ range: SourceRange, in result: LintResult) -> Bool {
    // The semicolon behind a statement is its own.
    let bytes = range.file.bytes
    let behind = bytes[range.bytes.upperBound...].firstIndex { byte in
      byte != 0x20 && !(0x09...0x0D).contains(byte)
    }
    let isEnded = behind.map { bytes[$0] == UInt8(ascii: ";") } ?? false
    let last =
      isEnded
      ? behind ?? range.bytes.upperBound : max(range.bytes.lowerBound, range.bytes.upperBound - 1)
    return touch(
      range.start.line...range.file.position(of: last).line, of: result.path(of: range.file))
  }

  /// Whether anything of a file has changed, by its path in the repository.
  func touch(_ path: String) -> Bool { wholes.contains(path) || lines[path] != nil }

  private func touch(_ extent: ClosedRange<Int>, of path: String) -> Bool {
    wholes.contains(path) || (lines[path] ?? []).contains { $0.overlaps(extent) }
  }

  private func pathInRepository(_ path: String) -> String {
    let absolute = FileSystem.canonical(path)
    return absolute.hasPrefix(root + "/") ? String(absolute.dropFirst(root.count + 1)) : path
  }

  // MARK: Edits

  /// Follows edits of a file, in the order of the text: what they have written counts as changed.
  mutating func follow(_ edits: [Edit], of path: String) {
    for edit in edits.reversed() {
      let first = edit.range.start.line
      let last = edit.range.end.line
      let growth = edit.replacement.utf8.count { $0 == UInt8(ascii: "\n") } - (last - first)
      lines[path] = (lines[path] ?? []).map { range in
        range.lowerBound > last ? range.lowerBound + growth...range.upperBound + growth : range
      }
      lines[path, default: []].append(first...max(first, last + growth))
    }
  }
}
