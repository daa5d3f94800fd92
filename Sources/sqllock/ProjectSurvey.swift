import Linting
import LockAnalysis
import Reports

/// What the SQL files of a project are taken for, folder by folder.
struct ProjectSurvey {
  /// A folder whose files are all of one kind, or a file.
  private struct Part {
    /// As a pattern of the configuration.
    let pattern: String
    let role: SourceRole
    let why: String
    let count: Int

    var isFolder: Bool { pattern.hasSuffix("**") }
  }

  private let parts: [Part]
  private let counts: [SourceRole: Int]

  /// A folder with the files in it and below.
  private final class Folder {
    var folders: [String: Folder] = [:]
    var files: [(name: String, reading: FileReading)] = []

    var all: [FileReading] { files.map(\.reading) + folders.values.flatMap(\.all) }
  }

  /// Files whose paths begin with that of the folder that is looked at.
  init(_ listing: FileListing, below prefix: String) {
    let root = Folder()
    for entry in listing.entries {
      var folder = root
      let parts = entry.path.dropFirst(prefix.count).split(separator: "/").map(String.init)
      for part in parts.dropLast() {
        let next = folder.folders[part] ?? Folder()
        folder.folders[part] = next
        folder = next
      }
      folder.files.append((parts.last ?? "", entry.reading))
    }
    parts = Self.parts(of: root, "")
    counts = listing.entries.reduce(into: [:]) { $0[$1.reading.role, default: 0] += 1 }
  }

  private static func parts(of folder: Folder, _ path: String) -> [Part] {
    let all = folder.all
    guard let first = all.first else { return [] }
    // What may come beside the only folder of a folder is not known.
    let isChain = folder.files.isEmpty && folder.folders.count == 1
    if !path.isEmpty, !isChain, all.allSatisfy({ $0.role == first.role && !$0.isSetUp }) {
      let reasons = all.reduce(into: [:]) { $0[$1.why, default: 0] += 1 }
      let why = reasons.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
      return [Part(pattern: path + "**", role: first.role, why: why, count: all.count)]
    }
    let files = folder.files.filter { !$0.reading.isSetUp }.map { name, reading in
      Part(pattern: path + name, role: reading.role, why: reading.why, count: 1)
    }
    let below = folder.folders.sorted { $0.key < $1.key }
    return files + below.flatMap { parts(of: $1, path + $0 + "/") }
  }

  /// In the words of the configuration.
  private static func word(_ role: SourceRole) -> String {
    role == .otherDatabase ? "other-database" : role.rawValue
  }

  // MARK: Configuration

  /// The text of a configuration that says what was found.
  func configuration(lockOrder: [String]) -> String {
    let order = lockOrder.map(Self.quoted).joined(separator: ", ")
    let head = """
      # How sqllock reads this project; `sqllock lint --show-settings` shows what applies, and
      # `sqllock files` how each file is read. Paths are patterns as in .gitignore.

      # Files that are looked at; all that git does not ignore unless something is said here.
      # include = ["db/**/*.sql"]
      # exclude = ["vendor"]

      # The least severity that makes the exit code 1: error, warning, note or never.
      fail-on = "warning"

      # What was there before: `sqllock lint --write-baseline sqllock-baseline.json` writes it.
      # baseline = "sqllock-baseline.json"

      # The order in which all transactions are to lock tables; declared-order-violation holds it up.
      # `sqllock order` says which transactions break the order that fits most of them\(
        lockOrder.isEmpty ? "." : ":")
      # lock-order = [\(order.isEmpty ? "\"accounts\", \"ledger\"" : order)]

      [rules]
      # off, note, warning or error, for a rule or a group; `sqllock rules` lists them.
      # unordered-bulk-write = "off"

      """
    let folders = parts.filter { $0.isFolder && $0.role != .application }
    let sources = folders.prefix(Self.limit).map { part in
      """

      [[sources]]  # \(part.count == 1 ? "1 file" : "\(part.count) files"): \(printable(part.why))
      paths = [\(Self.quoted(Self.escaped(part.pattern)))]
      role = "\(Self.word(part.role))"

      """
    }
    let tail = """

      # Queries that the application runs in one transaction, where its code does not tell:
      # [transactions]
      # place-order = ["queries/accounts.sql#LockAccount", "queries/orders.sql#InsertOrder"]

      """
    let more =
      folders.count > Self.limit
      ? "\n# And \(folders.count - Self.limit) more folders that are recognised as they are.\n" : ""
    return head + sources.joined() + more + tail
  }

  /// So many sources are written down; the others are recognised all the same.
  private static let limit = 12

  /// A folder's pattern, in which only the stars at its end stand for something.
  private static func escaped(_ pattern: String) -> String {
    pattern.dropLast(2).flatMap { "*?[\\".contains($0) ? ["\\", $0] : [$0] } + "**"
  }

  private static func quoted(_ text: String) -> String {
    "\"" + printable(text).flatMap { "\\\"".contains($0) ? ["\\", $0] : [$0] } + "\""
  }

  // MARK: Summary

  /// What was seen, and what to do next.
  func summary(of file: String) -> String {
    let kinds: [(SourceRole, String)] = [
      (.application, "application SQL"), (.migration, "migrations"), (.schema, "schema"),
      (.test, "tests, left out"), (.otherDatabase, "other databases, left out"),
    ]
    let lines = kinds.compactMap { role, name -> String? in
      guard let count = counts[role] else { return nil }
      let folders = parts.filter { $0.role == role }.map(\.pattern)
      let shown = folders.prefix(3).map { printable($0) }.joined(separator: ", ")
      let more = folders.count > 3 ? ", and \(folders.count - 3) more" : ""
      return "  \(SummaryLine.count(count, "file")) of \(name): \(shown)\(more)\n"
    }
    return "wrote \(printable(file))\n" + lines.joined() + """
      next:
        sqllock lint                                         what is found now
        sqllock lint --write-baseline sqllock-baseline.json  to be told of what is new only

      """
  }
}
