import ArgumentParser
import LintConfiguration
import Linting
import SQLLockRules

/// Where the configuration comes from.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read this configuration instead of the sqllock.toml or .sqllock.toml that is found.",
      valueName: "file"))
  var config: String?

  @Flag(help: "Read no configuration.")
  var isolated = false

  func validate() throws {
    if config != nil, isolated {
      throw ValidationError("--config and --isolated exclude each other")
    }
  }

  private static let names = ["sqllock.toml", ".sqllock.toml"]

  /// The configuration for some paths: the nearest one above all of them. Throws `UserError`.
  func read(for paths: [String]) throws(UserError) -> Configuration {
    if isolated { return Configuration() }
    if let config { return try Self.read(config) }
    return try Self.find(above: paths).map(Self.read) ?? Configuration()
  }

  /// Looks upwards, to the root of the repository if there is one.
  private static func find(above paths: [String]) throws(UserError) -> String? {
    var folder = commonFolder(of: paths)
    while true {
      let found = names.map { folder.isEmpty ? "/" + $0 : folder + "/" + $0 }
        .filter(FileSystem.isNamed)
      if found.count > 1 {
        throw UserError(
          message:
            "both \(FileSystem.shown(found[0])) and \(FileSystem.shown(found[1])) are there: remove one"
        )
      }
      if let file = found.first { return FileSystem.shown(file) }
      guard !folder.isEmpty, !FileSystem.exists(folder + "/.git"),
        let slash = folder.lastIndex(of: "/")
      else { return nil }
      folder = String(folder[..<slash])
    }
  }

  /// The folder that all paths are in, without a slash at its end.
  private static func commonFolder(of paths: [String]) -> String {
    let folders = paths.map { path -> [Substring] in
      let parts = FileSystem.canonical(path == "-" ? "." : path).split(separator: "/")
      let isFolder = (try? FileSystem.kind(of: path == "-" ? "." : path)) == .directory
      return isFolder ? parts : parts.dropLast()
    }
    guard var common = folders.first else { return "" }
    for other in folders {
      common = zip(common, other).prefix { $0 == $1 }.map(\.0)
    }
    return common.map { "/" + $0 }.joined()
  }

  /// Reads a file. Throws all that is wrong with it, a line each.
  private static func read(_ path: String) throws(UserError) -> Configuration {
    let text = try FileSystem.read(path, orSkip: false)?.bytes ?? []
    let real = FileSystem.canonical(path)
    let folder = real.lastIndex(of: "/").map { String(real[..<$0]) } ?? ""
    let reader = ConfigurationReader(
      path: path, folder: folder.isEmpty ? "/" : folder, rules: RuleCatalog.descriptions,
      exists: FileSystem.exists)
    do {
      return try reader.read(text)
    } catch {
      throw UserError(
        lines: error.errors.map { "\(path):\($0.line):\($0.column): error: \($0.message)" })
    }
  }
}
