/// Numbers, dates and versions in the names of files and folders that are run once, one after the
/// other.
enum SequenceNumber {
  /// Whether a name begins with one: `0012-x`, `20240131_x`, `2024-01-31-x`, `v1.2__x`, `7`.
  static func leads(_ name: String) -> Bool {
    var rest = Substring(name)
    if let first = rest.first, first == "v" || first == "V" { rest.removeFirst() }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return false }
    // `2fa.sql` and `3d_points.sql` are no numbers.
    guard let next = rest.dropFirst(digits.count).first else { return true }
    return !next.isLetter || digits.count > 3
  }

  /// What stands before the version in `delta_1.2.0_x` and `upgrade-1.2`, with the sign behind it; nil
  /// where a name has none, or where it is a number alone.
  static func wordBeforeVersion(_ name: String) -> Substring? {
    let word = name.prefix { !$0.isNumber }
    let version = name.dropFirst(word.count).prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let sign = word.last, "_-.".contains(sign), word.contains(where: \.isLetter),
      version.split(separator: ".").count > 1
    else { return nil }
    return word
  }

  /// Whether a name has a date in it: `fix-2024-01-31`, `users_20240131`.
  static func isDated(_ name: String) -> Bool {
    let numbers = name.split { !($0.isASCII && $0.isNumber) }
    return numbers.indices.contains { index in
      let first = numbers[index]
      if first.count == 8 { return isDay(first.prefix(4), first.dropFirst(4)) }
      guard index + 2 < numbers.count, numbers[index + 1].count == 2,
        numbers[index + 2].count == 2
      else { return false }
      return isDay(first, numbers[index + 1] + numbers[index + 2])
    }
  }

  private static func isDay(_ year: Substring, _ day: Substring) -> Bool {
    guard let year = Int(year), let day = Int(day) else { return false }
    return 1990...2099 ~= year && 1...12 ~= day / 100 && 1...31 ~= day % 100
  }

  /// Whether a name has the number of a ticket in it, such as `MBS-1234`.
  static func hasTicket(_ name: String) -> Bool {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    return zip(parts, parts.dropFirst()).contains { project, number in
      let letters = project.reversed().prefix(while: \.isLetter)
      return letters.count > 1 && letters.allSatisfy { $0.isASCII && $0.isUppercase }
        && number.count > 1 && number.prefix(2).allSatisfy(\.isNumber)
    }
  }

  /// The script of an extension, which sets up a version or goes from one to another:
  /// `name--1.0`, `name--1.0--1.1`.
  static func isExtension(_ name: String) -> Bool {
    let parts = name.split(separator: "--", omittingEmptySubsequences: false)
    return 2...3 ~= parts.count
      && parts.dropFirst().contains { $0 == "unreleased" || $0.first?.isNumber ?? false }
  }

  /// Whether a script leads from one version to another: `2.1-2.2-upgrade`, `1.0to1.1`, `name--1.0--1.1`,
  /// `upgrade_2.1_to_3.0`.
  static func leadsFromVersion(_ name: String) -> Bool {
    var rest = Substring(name)
    var isBehindVersion = false
    while !rest.isEmpty {
      let between = rest.prefix { !$0.isNumber }
      rest = rest.dropFirst(between.count)
      let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      guard !digits.isEmpty else { return false }
      rest = rest.dropFirst(digits.count)
      let isVersion = digits.split(separator: ".").count > 1
      let signs = between.lowercased().filter { !"-_v".contains($0) }
      if isBehindVersion, isVersion, signs.isEmpty || signs == "to" { return true }
      isBehindVersion = isVersion
    }
    return false
  }
}
