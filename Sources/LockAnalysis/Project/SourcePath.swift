/// A path taken apart.
struct SourcePath: Sendable {
  /// The folders in the repository.
  let folders: [String]
  let name: String
  /// The path of the repository.
  private let root: String

  /// A path whose first so many folders are outside of the repository.
  init(_ path: String, outside: Int = 0) {
    var parts = path.split(separator: "/").map(String.init)
    name = parts.popLast() ?? ""
    root =
      (path.hasPrefix("/") ? "/" : "") + parts.prefix(outside).map { $0 + "/" }.joined()
    folders = parts.dropFirst(outside).filter { $0 != "." }
  }

  var folder: String { folders.last ?? "" }
  /// The path of the folder that the file is in.
  var directory: String { directory(folders.count) }

  /// The path of the first so many folders in the repository.
  func directory(_ count: Int) -> String {
    root + folders.prefix(count).map { $0 + "/" }.joined()
  }

  /// The name without its last ending.
  var stem: String { name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name }

  /// The endings in small letters: `mysql` and `sql` of `1.mysql.sql`.
  var endings: [String] {
    name.lowercased().split(separator: ".").dropFirst().map(String.init)
  }

  /// `V1_2__name.sql`, `R__name.sql`, `U1__name.sql`.
  var isFlyway: Bool {
    guard let first = name.first, "VUR".contains(first), let bars = name.range(ofPair: "_") else {
      return false
    }
    let version = name[name.index(after: name.startIndex)..<bars]
    return first == "R"
      ? version.isEmpty
      : !version.isEmpty && version.allSatisfy { $0.isNumber || $0 == "_" || $0 == "." }
  }

  /// `beforeMigrate.sql`, `afterEachMigrate__name.sql`.
  var isFlywayCallback: Bool {
    ["before", "after"].contains { time in
      name.hasPrefix(time) && Self.callbacks.contains(where: name.dropFirst(time.count).hasPrefix)
    }
  }

  private static let callbacks = [
    "Migrate", "EachMigrate", "Versioned", "Repeatables", "Validate", "Undo", "EachUndo", "Clean",
    "Info", "Baseline", "Repair", "Connect",
  ]

  static func isMigrationFolder(_ folder: String) -> Bool {
    ["migrations", "migration", "migrate"].contains(folder.lowercased())
  }

  /// The words of a name in small letters: `unit`, `test` of `unit_test`.
  static func words(_ name: some StringProtocol) -> [String] {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }
}

extension String {
  /// The index of the first character that stands twice in a row.
  fileprivate func range(ofPair character: Character) -> String.Index? {
    var previous: String.Index?
    for index in indices {
      if self[index] == character, let previous, self[previous] == character { return previous }
      previous = index
    }
    return nil
  }
}
