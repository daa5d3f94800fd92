import PostgresSyntax

/// Files that psql scripts include (psql manual, `\i` and `\ir`): whoever runs the script runs them.
struct IncludedFiles {
  /// By the name of an included file: what is written of its path, and the place of the script.
  private var byName: [String: [(folders: [String], script: SourcePath)]] = [:]

  /// Looks at scripts with their places.
  init(_ scripts: [(file: ParsedFile, path: SourcePath)]) {
    for (file, path) in scripts {
      for included in file.included {
        var parts = included.split(separator: "/").map(String.init)
        guard let name = parts.popLast() else { continue }
        byName[name, default: []].append((parts, path))
      }
    }
  }

  /// The name of a script that includes a file.
  func script(including path: SourcePath) -> String? {
    byName[path.name]?.first { folders, script in
      let up = folders.prefix { $0 == ".." || $0 == "." }.count { $0 == ".." }
      let known = folders.filter { $0 != "." && $0 != ".." && !$0.hasPrefix(":") }
      if script.folders.dropLast(up) + known == path.folders { return true }
      // `\i` begins where psql was started, which nobody knows.
      return !known.isEmpty && path.folders.suffix(known.count).elementsEqual(known)
    }?.script.name
  }
}
