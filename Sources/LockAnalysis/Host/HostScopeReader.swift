/// Reads how far a transaction goes that a function begins.
struct HostScopeReader {
  let tokens: HostTokens
  let language: HostLanguage

  struct Found {
    let scope: HostScope
    /// Whether its end is in the text, not at a commit.
    let isOfBlock: Bool
  }

  /// The transaction that the call at a position begins.
  func scope(at index: Int, endOfFunction: Int) -> Found? {
    let open = index + 1
    guard let close = tokens.closing(open) else { return nil }
    if tokens.text(open) == "{" { return trailing(open) }
    if let handles = closure(open + 1..<close) {
      return block(open + 1..<close, Set(handles))
    }
    if language.hasTrailingFunctions, tokens.text(close + 1) == "{" {
      return trailing(close + 1)
    }
    if language.blocks == .indentation, let found = with(index, close) { return found }
    guard
      !["transaction", "transactional", "transact"].contains(HostNames.folded(tokens[index].text))
    else { return nil }
    let start = tokens.startOfPath(endingAt: index)
    let assigned = tokens.assigned(before: start)
    let handles = assigned.isEmpty ? tokens.words(start..<start + 1) : assigned
    return Found(
      scope: HostScope(tokens: index..<endOfFunction, handles: Set(handles), isBegun: true),
      isOfBlock: false)
  }

  private func block(_ range: Range<Int>, _ handles: Set<String>) -> Found {
    Found(scope: HostScope(tokens: range, handles: handles, isBegun: true), isOfBlock: true)
  }

  /// Kotlin's `transaction { … }`.
  private func trailing(_ open: Int) -> Found? {
    guard language.hasTrailingFunctions, let close = tokens.closing(open) else { return nil }
    let arrow = (open..<min(open + 6, close)).first { tokens[$0].text == "->" }
    return block(open + 1..<close, Set(arrow.map { tokens.words(open + 1..<$0) } ?? []))
  }

  /// `async with conn.transaction() as tx:`
  private func with(_ index: Int, _ close: Int) -> Found? {
    let start = tokens.startOfPath(endingAt: index)
    guard tokens.text(start - 1) == "with",
      let open = (close..<min(close + 12, tokens.count)).first(where: { tokens[$0].text == "{" }),
      let end = tokens.closing(open)
    else { return nil }
    let name = (close..<open).first { tokens[$0].text == "as" }.map { tokens.text($0 + 1) }
    return block(open + 1..<end, Set([name].compactMap { $0 } + tokens.words(start..<start + 1)))
  }

  /// The parameters of the first function in a list of arguments; nil where there is none.
  private func closure(_ range: Range<Int>) -> [String]? {
    for index in range {
      switch tokens[index].text {
      case "func":
        guard let close = tokens.closing(index + 1) else { return nil }
        return tokens.split(index + 2..<close).compactMap { tokens.words($0).first }
      case "=>", "->":
        let isList = tokens.text(index - 1) == ")"
        let start = isList ? tokens.opening(index - 1) ?? index - 1 : index - 1
        return tokens.words(start..<index)
      case "|":
        let end = (index + 1..<range.upperBound).first { tokens[$0].text == "|" }
        return tokens.words(index + 1..<(end ?? index + 1)).filter { $0 != "mut" }
      default: break
      }
    }
    return nil
  }
}
