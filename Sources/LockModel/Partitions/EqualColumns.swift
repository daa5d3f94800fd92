/// Columns that conditions say are equal, each by the names that it is written with.
struct EqualColumns {
  private var numbers: [[String]: Int] = [:]
  private var names: [[String]] = []
  /// Another member of the class, or the column itself for the one that stands for the class.
  private var above: [Int] = []

  /// The number of a column's class.
  mutating func number(of column: [String]) -> Int {
    guard var number = numbers[column] else {
      numbers[column] = names.count
      above.append(names.count)
      names.append(column)
      return names.count - 1
    }
    while above[number] != number {
      above[number] = above[above[number]]
      number = above[number]
    }
    return number
  }

  /// Makes one class of those of two columns.
  mutating func join(_ left: [String], _ right: [String]) {
    let (left, right) = (number(of: left), number(of: right))
    above[max(left, right)] = min(left, right)
  }

  /// All columns with the numbers of their classes, in the order in which they were met.
  mutating func all() -> [(column: [String], number: Int)] {
    names.map { ($0, number(of: $0)) }
  }
}
