/// Reads what a call is given, as far as it is a path such as `arg.id`.
struct HostArgumentsReader {
  let tokens: HostTokens

  /// Conversions, which change nothing but the type.
  private static let conversions: Set<String> = [
    "int", "int32", "int64", "uint32", "uint64", "string", "str", "uuid", "UUID", "Int", "Long",
    "String", "Number", "BigInt", "toInt", "toLong", "clone", "to_owned",
  ]

  /// The arguments between two brackets.
  func arguments(_ range: Range<Int>) -> HostArguments {
    var result = HostArguments()
    for part in tokens.split(range) {
      let isNamed =
        tokens.isWord(part.lowerBound) && tokens.text(part.lowerBound + 1) == "="
      if isNamed {
        let name = HostNames.folded(tokens[part.lowerBound].text)
        result.named[name] = value(part.dropFirst(2))
        continue
      }
      result.positional.append(value(part))
      addFields(part, to: &result)
    }
    return result
  }

  /// The fields of a record: `Params{ID: id}`, `{ id, amount: 1 }`.
  private func addFields(_ part: Range<Int>, to result: inout HostArguments) {
    // The record's type comes before it at most.
    guard let open = part.prefix(12).first(where: { tokens[$0].text == "{" }),
      let close = tokens.closing(open), close < part.upperBound
    else { return }
    for field in tokens.split(open + 1..<close) where tokens.isWord(field.lowerBound) {
      let name = tokens[field.lowerBound].text
      if tokens.text(field.lowerBound + 1) == ":" {
        result.named[HostNames.folded(name)] = value(field.dropFirst(2))
      } else if field.count == 1 {
        result.named[HostNames.folded(name)] = name
      }
    }
  }

  /// The path that an expression is, if it is one.
  func value(_ range: Range<Int>) -> String? {
    var start = range.lowerBound
    while start < range.upperBound, ["&", "*", "await", "...", "mut"].contains(tokens[start].text) {
      start += 1
    }
    guard start < range.upperBound, let path = tokens.path(at: start) else { return nil }
    if path.end == range.upperBound { return path.text }
    guard tokens[path.end].text == "(", let close = tokens.closing(path.end),
      close == range.upperBound - 1,
      let last = path.text.split(separator: ".").last, Self.conversions.contains(String(last))
    else { return nil }
    return value(path.end + 1..<close)
  }
}

extension Range<Int> {
  /// Without so many at the beginning.
  fileprivate func dropFirst(_ count: Int) -> Range<Int> {
    Swift.min(lowerBound + count, upperBound)..<upperBound
  }
}
