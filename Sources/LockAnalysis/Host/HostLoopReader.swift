/// Reads what a loop goes through.
struct HostLoopReader {
  let tokens: HostTokens
  /// Whether something was sorted before.
  let isSorted: Bool
  /// Whether a name has the value that the function's caller gave it.
  let ofCaller: (String) -> Bool

  /// Further down nothing is looked for that a round may change.
  private static let bodyLimit = 4000

  private static let closures: Set<String> = [
    "forEach", "map", "each", "flatMap", "for_each", "asyncMap", "mapAsync",
  ]

  /// A loop by what stands between its keyword and its body: `_, id := range ids`,
  /// `(const id of ids)`, `id in ids`.
  func loop(_ header: Range<Int>, body: Range<Int>) -> HostLoop {
    let separator = header.first { ["range", "of", "in", ":"].contains(tokens[$0].text) }
    let variables = Set(tokens.words(header.lowerBound..<(separator ?? header.upperBound)))
    var assigned: Set<String> = []
    for index in body.prefix(Self.bodyLimit) where ["=", ":="].contains(tokens[index].text) {
      assigned.formUnion(tokens.assigned(before: index + 1))
    }
    let values = separator.map { $0 + 1..<header.upperBound }
    return HostLoop(
      isOverCallersValues: values.map(isOfCaller) ?? false, variables: variables,
      assigned: assigned)
  }

  /// Whether values are those of a variable that no query has filled and nothing has sorted.
  private func isOfCaller(_ values: Range<Int>) -> Bool {
    var end = values.upperBound
    while end > values.lowerBound, [")", ":"].contains(tokens[end - 1].text) { end -= 1 }
    guard let path = HostArgumentsReader(tokens: tokens).value(values.lowerBound..<end) else {
      return false
    }
    return isOfCaller(path)
  }

  private func isOfCaller(_ path: String) -> Bool {
    let root = path.split(separator: ".").first.map(String.init) ?? path
    return !isSorted && ofCaller(root)
      && !HostNames.words(path).contains { $0.hasPrefix("sort") || $0 == "ordered" }
  }

  /// `ids.forEach(`
  func loopOfClosure(before open: Int) -> HostLoop? {
    guard tokens[open].text == "(", tokens.isWord(open - 1), tokens.text(open - 2) == ".",
      Self.closures.contains(tokens[open - 1].text), let close = tokens.closing(open),
      let arrow = (open..<close).first(where: { ["=>", "->", "|"].contains(tokens[$0].text) })
    else { return nil }
    let start = tokens.startOfPath(endingAt: open - 1)
    let path = tokens.words(start..<open - 1).joined(separator: ".")
    let end = tokens[arrow].text == "|" ? min(arrow + 4, close) : arrow
    return HostLoop(
      isOverCallersValues: isOfCaller(path), variables: Set(tokens.words(open + 1..<end)))
  }
}
