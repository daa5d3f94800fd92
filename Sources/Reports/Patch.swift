/// The change of a file as a unified diff that `git apply` and `patch` take.
public struct Patch: Sendable {
  private static let context = 3

  private let path: String
  private let old: [ArraySlice<UInt8>]
  private let new: [ArraySlice<UInt8>]

  /// The change of a file at a path, relative to the folder in which the patch is to be applied.
  public init(path: String, old: [UInt8], new: [UInt8]) {
    self.path = withoutDotSlash(path)
    self.old = Self.lines(of: old)
    self.new = Self.lines(of: new)
  }

  /// With their line ends.
  private static func lines(of text: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    while let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(text[start...end])
      start = end + 1
    }
    if start < text.count { lines.append(text[start...]) }
    return lines
  }

  /// Lines that are taken out and put in, by their indices.
  private struct Change {
    var old: Range<Int>
    var new: Range<Int>
  }

  private var changes: [Change] {
    var isRemoved = [Bool](repeating: false, count: old.count)
    var isInserted = [Bool](repeating: false, count: new.count)
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): isRemoved[offset] = true
      case .insert(let offset, _, _): isInserted[offset] = true
      }
    }
    var changes: [Change] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      let start = (left, right)
      while left < old.count, isRemoved[left] { left += 1 }
      while right < new.count, isInserted[right] { right += 1 }
      if start != (left, right) {
        changes.append(Change(old: start.0..<left, new: start.1..<right))
      } else {
        left += 1
        right += 1
      }
    }
    return changes
  }

  /// The bytes of the patch; none where nothing changes.
  public var bytes: [UInt8] {
    var hunks: [[Change]] = []
    for change in changes {
      if let last = hunks.last?.last,
        change.old.lowerBound - last.old.upperBound <= 2 * Self.context
      {
        hunks[hunks.count - 1].append(change)
      } else {
        hunks.append([change])
      }
    }
    guard !hunks.isEmpty else { return [] }
    let name = path.hasPrefix("/") ? path : nil
    let head = "--- \(Self.quoted(name ?? "a/" + path))\n+++ \(Self.quoted(name ?? "b/" + path))\n"
    return Array(head.utf8) + hunks.flatMap(lines)
  }

  private func lines(of hunk: [Change]) -> [UInt8] {
    let first = hunk[0]
    let last = hunk[hunk.count - 1]
    let before = min(Self.context, first.old.lowerBound)
    let after = min(Self.context, old.count - last.old.upperBound)
    let left = first.old.lowerBound - before..<last.old.upperBound + after
    let right = first.new.lowerBound - before..<last.new.upperBound + after
    var result = Array("@@ -\(Self.place(left)) +\(Self.place(right)) @@\n".utf8)
    func add(_ sign: Character, _ lines: ArraySlice<ArraySlice<UInt8>>) {
      for line in lines {
        result += Array(String(sign).utf8) + line
        if line.last != UInt8(ascii: "\n") {
          result += Array("\n\\ No newline at end of file\n".utf8)
        }
      }
    }
    var position = left.lowerBound
    for change in hunk {
      add(" ", old[position..<change.old.lowerBound])
      add("-", old[change.old])
      add("+", new[change.new])
      position = change.old.upperBound
    }
    add(" ", old[position..<left.upperBound])
    return result
  }

  /// The first line, from 1, and how many there are.
  private static func place(_ lines: Range<Int>) -> String {
    "\(lines.lowerBound + (lines.isEmpty ? 0 : 1)),\(lines.count)"
  }

  /// A name as git writes it: in quotes with escapes where it has more than plain characters.
  private static func quoted(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
    // A tab ends a name that has blanks.
    guard !isPlain else { return name.contains(" ") ? name + "\t" : name }
    let escaped = name.utf8.map { byte -> String in
      if (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        return String(Unicode.Scalar(byte))
      }
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
    return "\"" + escaped.joined() + "\""
  }
}
