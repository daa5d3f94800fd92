/// The scripts of extensions: `name--1.0.sql` sets up a version, `name--1.0--1.1.sql` goes from one
/// to another (manual, *Extension Files*).
struct ExtensionScripts {
  /// By folder and extension, the script that sets up the newest version.
  private var newest: [String: (version: MigrationOrder.Version, file: String)] = [:]

  /// Looks at the places of all files together.
  init(_ places: [SourcePath]) {
    for path in places {
      guard let script = Script(path), script.isInstallation else { continue }
      let key = path.directory + script.name
      if let known = newest[key], !(known.version < script.version) { continue }
      newest[key] = (script.version, path.name)
    }
  }

  /// The script that sets up a version which has all that a script defines, or something newer in its
  /// place; nil where the script itself is the newest.
  func replacement(of path: SourcePath) -> String? {
    guard let script = Script(path), let newest = newest[path.directory + script.name],
      newest.file != path.name, !(newest.version < script.version)
    else { return nil }
    return newest.file
  }

  /// A name taken apart.
  private struct Script {
    let name: String
    /// What it leads to.
    let version: MigrationOrder.Version
    let isInstallation: Bool

    init?(_ path: SourcePath) {
      guard SequenceNumber.isExtension(path.stem) else { return nil }
      let parts = path.stem.split(separator: "--", omittingEmptySubsequences: false)
      guard let last = parts.last else { return nil }
      name = String(parts[0])
      version = MigrationOrder.Version(String(last))
      isInstallation = parts.count == 2
    }
  }
}
