#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files below a folder, as `.gitignore` writes them: `**` stands for any folders, a name without a
/// slash is looked for at any depth, and a folder stands for all that is in it.
package struct GlobPattern: Sendable {
  /// As it was written.
  package let text: String
  private let root: String
  private let parts: [String]

  /// A pattern for paths below a folder, which is an absolute path without links.
  package init(_ text: String, in folder: String) {
    self.text = text
    root = folder.hasSuffix("/") ? folder : folder + "/"
    let isAnchored = text.dropLast().contains("/")
    let own = text.split(separator: "/").map(String.init).filter { $0 != "." }
    parts = isAnchored || own.isEmpty ? own : ["**"] + own
  }

  /// Whether an absolute path without links is one of those meant.
  package func matches(_ path: String) -> Bool {
    guard path.hasPrefix(root) else { return false }
    return Self.matches(parts[...], path.dropFirst(root.count).split(separator: "/")[...])
  }

  private static func matches(_ parts: ArraySlice<String>, _ path: ArraySlice<Substring>) -> Bool {
    guard let part = parts.first else { return true }
    guard part == "**" else {
      return !path.isEmpty && fnmatch(part, String(path[path.startIndex]), FNM_PATHNAME) == 0
        && matches(parts.dropFirst(), path.dropFirst())
    }
    let rest = parts.drop { $0 == "**" }
    if rest.isEmpty { return !path.isEmpty }
    return path.indices.contains { matches(rest, path[$0...]) }
  }
}
