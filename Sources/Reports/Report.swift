public import Diagnostics

/// A way to write findings down, for people or for programs.
public protocol Report: Sendable {
  /// The whole text for `findings`, in the order given; ends with a line end unless empty.
  func render(_ findings: [Finding], _ context: ReportContext) -> String
}
