/// A path taken apart.
struct SourcePath {
  let folders: [String]
  let name: String
  let isAbsolute: Bool

  init(_ path: String) {
    var parts = path.split(separator: "/").map(String.init)
    name = parts.popLast() ?? ""
    folders = parts
    isAbsolute = path.hasPrefix("/")
  }

  var folder: String { folders.last ?? "" }
  var directory: String { (isAbsolute ? "/" : "") + folders.map { $0 + "/" }.joined() }

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

  /// `seeds.sql`, or a file in `seeds/` or `fixtures/`.
  var isSeed: Bool {
    let names: Set<String> = ["seed", "seeds", "fixture", "fixtures"]
    return folders.contains { names.contains($0.lowercased()) }
      || names.contains(name.lowercased().split(separator: ".").first.map(String.init) ?? "")
  }

  func startsWithDigit(_ text: String) -> Bool { text.first?.isNumber ?? false }

  static func isMigrationFolder(_ folder: String) -> Bool {
    ["migrations", "migration", "migrate"].contains(folder.lowercased())
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
