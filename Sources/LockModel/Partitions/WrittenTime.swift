/// A date or time as ISO 8601 writes it, which is how PostgreSQL prints them: `2024-02-01`,
/// `2024-02-01 12:30:00`, `2024-02-01 00:00:00+00`.
struct WrittenTime {
  /// Counted from a day long ago.
  private let day: Int
  /// What follows the date, without the zone and without a time of midnight.
  private let time: Substring
  private let zone: Substring

  init?(_ text: String) {
    let bytes = Array(text.utf8.prefix(10))
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)),
      let day = Int(text.dropFirst(8).prefix(2)), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    self.day = Self.number(ofDay: day, month: month, year: year)
    let rest = text.dropFirst(10)
    guard rest.first.map({ $0 == " " || $0 == "T" }) ?? true else { return nil }
    let clock = rest.dropFirst()
    let end = clock.firstIndex { !$0.isNumber && $0 != ":" && $0 != "." } ?? clock.endIndex
    zone = clock[end...]
    time = clock[..<end].allSatisfy { "0:.".contains($0) } ? "" : clock[..<end]
  }

  /// The days of a calendar without reforms, in which every month is as long as the longest: enough
  /// to tell which day comes first, and whether two are far apart.
  private static func number(ofDay day: Int, month: Int, year: Int) -> Int {
    (year * 12 + month) * 31 + day
  }

  /// Whether it comes before another one; nil when they are the same, or too near to tell without
  /// the session's time zone.
  func isBefore(_ other: WrittenTime) -> Bool? {
    if zone != other.zone {
      // Months that are shorter make days seem further apart, by three at most.
      return abs(day - other.day) > 5 ? day < other.day : nil
    }
    if day != other.day { return day < other.day }
    return time == other.time ? nil : time < other.time
  }
}
