public import Diagnostics

/// Findings that were there when a project began to use the linter; they are not reported.
public struct Baseline: Sendable, Codable {
  /// A finding that was there.
  public struct Entry: Sendable, Codable, Hashable {
    /// What identifies it.
    public let fingerprint: String
    /// As it was reported, for people who read the file.
    public let message: String
    /// In the repository.
    public let path: String
    /// Its rule's id.
    public let rule: String
  }

  /// The version of the format.
  public let version: Int
  /// By path, then in the order of the text.
  public private(set) var findings: [Entry]

  /// The version that is written.
  public static let version = 1

  /// A baseline of findings, each with its file's path in the repository.
  package init(_ findings: [(finding: Finding, path: String)]) {
    version = Self.version
    self.findings = findings.map { finding, path in
      Entry(
        fingerprint: finding.fingerprint, message: finding.message, path: path, rule: finding.rule)
    }
  }

  /// The entries of which the finding is gone, of those that were looked for.
  public func stale(after findings: [Finding], wasLookedFor: (Entry) -> Bool) -> [Entry] {
    let found = Set(findings.map(\.fingerprint))
    return self.findings.filter { !found.contains($0.fingerprint) && wasLookedFor($0) }
  }

  /// The baseline without some of its entries.
  public func without(_ entries: [Entry]) -> Baseline {
    let gone = Set(entries)
    var result = self
    result.findings.removeAll(where: gone.contains)
    return result
  }

  /// The fingerprints, to look up many.
  public var fingerprints: Set<String> { Set(findings.map(\.fingerprint)) }
}
