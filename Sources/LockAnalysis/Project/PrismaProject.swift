/// The `package.json` over a Prisma migration, which tells how Prisma runs it: one statement at a time
/// from 7.4 on, all of a file at once before.
struct PrismaProject {
  private static let keys = ["\"prisma\"", "\"@prisma/client\""].map { Array($0.utf8) }
  private let path: SourcePath

  /// The project of `<timestamp>_<name>/migration.sql`; nil for other files.
  init?(of migration: SourcePath) {
    guard migration.name == "migration.sql" else { return nil }
    path = migration
  }

  /// Whether each statement of a migration is a transaction of its own, given what files contain: as
  /// the nearest `package.json` says that names a version.
  func runsStatements(_ contents: (String) -> [UInt8]?) -> Bool {
    for depth in (0...path.folders.count).reversed() {
      guard let bytes = contents(path.directory(depth) + "package.json") else { continue }
      if let version = Self.keys.compactMap({ Self.version(of: $0, in: bytes) }).first {
        return version.major > 7 || version.major == 7 && version.minor >= 4
      }
    }
    return false
  }

  /// The version that `"key": "^7.4.0"` asks for at least.
  private static func version(of key: [UInt8], in bytes: [UInt8]) -> (major: Int, minor: Int)? {
    for range in bytes.ranges(of: key) {
      let line = String(decoding: bytes[range.upperBound...].prefix { $0 != 0x0A }, as: UTF8.self)
      let value = line.drop { $0.isWhitespace || $0 == ":" }
      guard value.first == "\"" else { continue }
      let numbers = value.dropFirst().prefix { $0 != "\"" }.drop { !$0.isNumber }
        .split(separator: ".").map { Int($0.prefix(while: \.isNumber)) ?? 0 }
      if let major = numbers.first { return (major, numbers.dropFirst().first ?? 0) }
    }
    return nil
  }
}
