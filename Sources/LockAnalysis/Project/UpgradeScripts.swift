import PostgresSyntax

/// Scripts that lead from one version to another, in a project that also has all definitions of the
/// newest version, for those who begin with it.
///
/// A routine is looked at where the newest version has it. A project whose other files define less than
/// half of the routines in these scripts does not keep such a version.
struct UpgradeScripts {
  private let files: Set<Int>

  init(_ project: Project) {
    let scripts = project.files.indices.filter { Self.isUpgrade(project.given[$0].path) }
    let upgraded = Self.routines(of: scripts.map { project.files[$0] })
    guard !upgraded.isEmpty else {
      files = []
      return
    }
    let isScript = Set(scripts)
    let others = project.files.indices.filter {
      !isScript.contains($0)
        && [.application, .migration, .schema].contains(project.readings[$0].role)
    }
    let kept = Self.routines(of: others.map { project.files[$0] }).intersection(upgraded)
    files = 2 * kept.count >= upgraded.count ? isScript : []
  }

  /// Whether the file of an index is one of them.
  func contains(_ index: Int) -> Bool { files.contains(index) }

  private static func isUpgrade(_ path: SourcePath) -> Bool {
    SequenceNumber.leadsFromVersion(path.stem)
      || path.folders.contains { ["upgrade", "upgrades"].contains($0.lowercased()) }
  }

  /// The names of the routines that files define.
  private static func routines(of files: [ParsedFile]) -> Set<String> {
    Set(
      files.flatMap(\.statements).compactMap {
        if case .createFunction(let definition) = $0.command { definition.name?.name } else { nil }
      })
  }
}
