/// Where a file stands among the migrations: numbers compare as numbers, Flyway's repeatable
/// migrations come last.
struct MigrationOrder: Comparable {
  private let parts: [NaturalPart]

  init(_ path: SourcePath) {
    let isRepeatable = path.isFlyway && path.name.first == "R"
    parts =
      path.folders.flatMap { NaturalPart.parts(of: $0) + [.end] }
      + [.number(isRepeatable ? 1 : 0)] + NaturalPart.parts(of: path.name)
  }

  static func < (left: MigrationOrder, right: MigrationOrder) -> Bool {
    left.parts.lexicographicallyPrecedes(right.parts)
  }
}

/// A stretch of a name that is compared as a whole.
private enum NaturalPart: Comparable {
  case end
  case number(UInt64)
  case text(String)

  static func parts(of name: String) -> [NaturalPart] {
    var result: [NaturalPart] = []
    var rest = Substring(name)
    while let first = rest.first {
      let isDigit = first.isASCII && first.isNumber
      let part = rest.prefix { ($0.isASCII && $0.isNumber) == isDigit }
      result.append(
        isDigit ? UInt64(part).map { .number($0) } ?? .text(String(part)) : .text(String(part)))
      rest = rest.dropFirst(part.count)
    }
    return result
  }
}
