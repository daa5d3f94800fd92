/// Folders whose files, or whose folders, are run one after the other, whatever they are called.
struct FileSequences {
  /// Folders most of whose files are numbered.
  private var ofFiles: Set<String> = []
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

  /// Why a file is one of a sequence; nil when it is none.
  func reason(_ path: SourcePath) -> String? {
    if SequenceNumber.leads(path.name), ofFiles.contains(path.directory) {
      return "numbered like the other files of \(Self.named(path.folder))"
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

  private static func named(_ folder: String) -> String {
    folder.isEmpty ? "this folder" : "`\(folder)/`"
  }
}
