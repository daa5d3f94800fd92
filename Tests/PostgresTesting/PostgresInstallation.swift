import Foundation

/// The folder that holds `initdb` and `postgres`.
struct PostgresInstallation {
  let folder: String

  /// The one that `pg_config` lies in, else the newest that a Linux distribution or Homebrew put down.
  static func find() -> PostgresInstallation? {
    let places = search(path: "pg_config").map { [$0.resolvingSymlinksInPath()] } ?? []
    let folders =
      places.map { $0.deletingLastPathComponent().path } + versioned(below: "/usr/lib/postgresql")
      + ["/usr/local/pgsql/bin", "/opt/homebrew/bin", "/usr/local/bin"]
    return folders.first(where: isComplete).map(PostgresInstallation.init)
  }

  private static func isComplete(_ folder: String) -> Bool {
    ["initdb", "postgres"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)")
    }
  }

  private static func search(path command: String) -> URL? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map { URL(filePath: "\($0)/\(command)") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Debian keeps one folder per major version and only a wrapper of `pg_config` in the path.
  private static func versioned(below root: String) -> [String] {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
      .map { "\(root)/\($0)/bin" }
  }
}
