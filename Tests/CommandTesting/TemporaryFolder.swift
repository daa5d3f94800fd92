public import Foundation

/// A folder of its own for a test, outside of any git repository.
public enum TemporaryFolder {
  /// Makes the folder with files in it, runs `body` and removes it.
  public static func with<Result>(
    _ files: [String: String] = [:], _ body: (URL) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "sqllock-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, text) in files { try write(Data(text.utf8), to: path, in: folder) }
    return try await body(folder)
  }

  /// Writes a file and the folders that it needs.
  public static func write(_ data: Data, to path: String, in folder: URL) throws {
    let url = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }
}
