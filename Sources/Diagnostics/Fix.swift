/// A change of the text, and how safe it is.
public struct Fix: Sendable {
  /// How safe a fix is to apply.
  public enum Applicability: String, Sendable {
    /// Same rows, same result; only the order of the locks changes.
    case safe
    /// May change behaviour, in the way that `caveat` names.
    case unsafe
    /// To be read, not applied.
    case displayOnly = "display-only"
  }

  /// How safe it is.
  public let applicability: Applicability
  /// What the edits do, as an instruction.
  public let message: String
  /// What may change, when the fix is not safe.
  public let caveat: String?
  /// Not overlapping, in the order of the text.
  public let edits: [Edit]

  /// A fix made of edits of one file.
  public init(applicability: Applicability, message: String, caveat: String? = nil, edits: [Edit]) {
    self.applicability = applicability
    self.message = message
    self.caveat = caveat
    self.edits = edits.sorted { $0.range.bytes.lowerBound < $1.range.bytes.lowerBound }
  }

  /// The bytes of `file` with the edits applied; everything else stays byte-identical.
  public func applied(to file: SourceFile) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(file.bytes.count + 64)
    var position = 0
    for edit in edits {
      precondition(edit.range.bytes.lowerBound >= position, "edits of a fix overlap")
      result += file.bytes[position..<edit.range.bytes.lowerBound]
      result += edit.replacement.utf8
      position = edit.range.bytes.upperBound
    }
    result += file.bytes[position...]
    return result
  }
}

/// Bytes to replace, and by what.
public struct Edit: Sendable {
  /// What is replaced; empty for an insertion.
  public let range: SourceRange
  /// What comes in its place.
  public let replacement: String

  /// Replaces `range` by `replacement`.
  public init(range: SourceRange, replacement: String) {
    self.range = range
    self.replacement = replacement
  }
}
