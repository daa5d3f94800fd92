/// Folders whose files, or whose folders, are run one after the other, whatever they are called.
struct FileSequences {
  /// Folders most of whose files are numbered.
  private var ofFiles: Set<String> = []
  /// Folders most of whose files have a version behind the same word, by that word.
  private var ofVersions: [String: Substring] = [:]
  /// How many digits the long numbers of their files have, each with one of the folders.
  private var lengths: [Int: String] = [:]
  /// Folders most of whose folders are numbered.
  private var ofFolders: Set<String> = []
  /// Those of them where hardly a folder is not.
  private var ofAllFolders: Set<String> = []

  /// Looks at the places of all files together.
  init(_ places: [SourcePath]) {
    var files: [String: (numbered: Int, all: Int)] = [:]
    var folders: [String: Set<String>] = [:]
    for path in places {
      files[path.directory, default: (0, 0)].all += 1
      if SequenceNumber.leads(path.name) { files[path.directory]?.numbered += 1 }
      for (depth, folder) in path.folders.enumerated() {
        folders[path.directory(depth), default: []].insert(folder)
      }
    }
    ofFiles = Set(files.filter { Self.isSequence($0.value.numbered, of: $0.value.all) }.keys)
    ofVersions = Self.versioned(places, files.mapValues(\.all))
    for path in places where ofFiles.contains(path.directory) {
      guard let length = Self.longNumber(path.name) else { continue }
      lengths[length] = min(lengths[length] ?? path.folder, path.folder)
    }
    ofFolders = Set(
      folders.filter { entry in
        Self.isSequence(entry.value.count(where: SequenceNumber.leads), of: entry.value.count)
      }.keys)
    ofAllFolders = ofFolders.filter { folder in
      let all = folders[folder] ?? []
      let numbered = all.count(where: SequenceNumber.leads)
      return numbered >= 4 && 5 * numbered >= 4 * all.count
    }
  }

  private static func isSequence(_ numbered: Int, of all: Int) -> Bool {
    numbered > 1 && 2 * numbered >= all
  }

  private static func versioned(
    _ places: [SourcePath], _ counts: [String: Int]
  ) -> [String: Substring] {
    var words: [String: [Substring: Int]] = [:]
    for path in places {
      guard let word = SequenceNumber.wordBeforeVersion(path.name) else { continue }
      words[path.directory, default: [:]][word, default: 0] += 1
    }
    return words.compactMapValues { $0.max { ($0.value, $1.key) < ($1.value, $0.key) } }
      .filter { isSequence($0.value.value, of: counts[$0.key] ?? 0) }.mapValues(\.key)
  }

  /// Why a file is one of a sequence; nil when it is none.
  func reason(_ path: SourcePath) -> String? {
    if SequenceNumber.leads(path.name), ofFiles.contains(path.directory) {
      return "numbered like the other files of \(Self.named(path.folder))"
    }
    if let word = SequenceNumber.wordBeforeVersion(path.name), ofVersions[path.directory] == word {
      return "with a version like the other files of \(Self.named(path.folder))"
    }
    if let length = Self.longNumber(path.name), let folder = lengths[length] {
      return "numbered like the files of \(Self.named(folder))"
    }
    for (depth, folder) in path.folders.enumerated() {
      let parent = Self.named(depth > 0 ? path.folders[depth - 1] : "")
      if SequenceNumber.leads(folder) {
        guard ofFolders.contains(path.directory(depth)) else { continue }
        return "in `\(folder)/`, one of the numbered folders of \(parent)"
      }
      if ofAllFolders.contains(path.directory(depth)) {
        return "in `\(folder)/`, beside the numbered folders of \(parent)"
      }
    }
    return nil
  }

  /// How many digits a name begins with, if it is so many that a part of a project has them from all of
  /// it.
  private static func longNumber(_ name: String) -> Int? {
    let count = name.prefix { $0.isASCII && $0.isNumber }.count
    return count > 5 && SequenceNumber.leads(name) ? count : nil
  }

  private static func named(_ folder: String) -> String {
    folder.isEmpty ? "this folder" : "`\(folder)/`"
  }
}
