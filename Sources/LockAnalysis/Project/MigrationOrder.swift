/// Where a file stands among the migrations: numbers compare as numbers, dates as dates however they
/// are written, Flyway's versions part by part; Flyway's repeatable migrations come last, and Sqitch's
/// changes in the order of their plan.
struct MigrationOrder: Comparable {
  private let parts: [NaturalPart]

  /// `place` is what a plan says of it.
  init(_ path: SourcePath, place: Int? = nil) {
    let isRepeatable = path.isFlyway && path.name.first == "R"
    var folders = path.folders.map { NaturalPart.parts(of: $0) + [.end] }
    if let place, let index = SqitchPlans.folder(of: path) {
      folders.insert([.number(UInt64(place))], at: index + 1)
    }
    parts =
      folders.flatMap(\.self)
      + [.number(isRepeatable ? 1 : 0)]
      + (path.isFlyway ? NaturalPart.flyway(path.name) : NaturalPart.parts(of: path.name))
  }

  static func < (left: MigrationOrder, right: MigrationOrder) -> Bool {
    left.parts.lexicographicallyPrecedes(right.parts)
  }

  /// A version of an extension: numbers compare as numbers, `unreleased` comes after all of them.
  struct Version: Comparable {
    private let parts: [NaturalPart]

    init(_ text: String) { parts = NaturalPart.parts(of: text) }

    static func < (left: Version, right: Version) -> Bool {
      left.parts.lexicographicallyPrecedes(right.parts)
    }
  }
}

/// A stretch of a name that is compared as a whole.
private enum NaturalPart: Comparable {
  case end
  case number(UInt64)
  /// Year, month, day and what follows, digit by digit: `2017-11-12` comes after `20140924132253`.
  case date(String)
  case text(String)

  static func parts(of name: String) -> [NaturalPart] {
    var result: [NaturalPart] = []
    var rest = Substring(name)
    if let date = date(at: &rest) { result.append(date) }
    while let first = rest.first {
      let isDigit = first.isASCII && first.isNumber
      let part = rest.prefix { ($0.isASCII && $0.isNumber) == isDigit }
      result.append(
        isDigit ? UInt64(part).map { .number($0) } ?? .text(String(part)) : .text(String(part)))
      rest = rest.dropFirst(part.count)
    }
    return result
  }

  private static func date(at name: inout Substring) -> NaturalPart? {
    let stamp = name.prefix { $0 == "-" || $0.isASCII && $0.isNumber }
    let digits = stamp.filter { $0 != "-" }
    guard digits.count >= 8, SequenceNumber.isDated(String(digits.prefix(8))) else { return nil }
    name = name.dropFirst(stamp.count)
    return .date(digits)
  }

  /// `V1.2__x` comes before `V1.10__a`, and `V1__x` before `V1.1__x`.
  static func flyway(_ name: String) -> [NaturalPart] {
    let version = name.dropFirst().prefix { $0.isNumber || $0 == "." || $0 == "_" }
    let numbers = version.split { !$0.isNumber }.map { UInt64($0).map { NaturalPart.number($0) } }
    return [.text(String(name.prefix(1)))] + numbers.compactMap { $0 } + [.end, .text(name)]
  }
}
