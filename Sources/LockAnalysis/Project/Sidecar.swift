/// A file beside a migration that says how the tool runs it.
struct Sidecar {
  /// Where it is.
  private let path: String
  /// The line that asks for no transaction.
  private let key: String

  /// Flyway's `<file>.conf` and diesel's `metadata.toml`; nil for files of other tools.
  init?(of migration: SourcePath) {
    if migration.isFlyway {
      path = migration.directory + migration.name + ".conf"
      key = "executeInTransaction"
    } else if ["up.sql", "down.sql"].contains(migration.name) {
      path = migration.directory + "metadata.toml"
      key = "run_in_transaction"
    } else {
      return nil
    }
  }

  /// Whether it asks for no transaction, given what files contain.
  func asksForNoTransaction(_ contents: (String) -> [UInt8]?) -> Bool {
    guard let bytes = contents(path) else { return false }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).contains {
      let parts = $0.prefix { $0 != "#" }.split(separator: "=").map { part in
        part.filter { !$0.isWhitespace }
      }
      return parts.count == 2 && parts[0] == key && parts[1].lowercased() == "false"
    }
  }
}
