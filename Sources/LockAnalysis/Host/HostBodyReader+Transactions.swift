extension HostBodyReader {
  mutating func begin(_ index: Int) {
    guard
      let found = HostScopeReader(tokens: tokens, language: language)
        .scope(at: index, endOfFunction: unit.body.upperBound)
    else { return }
    guard !found.isOfBlock,
      let outer = function.scopes.lastIndex(where: { $0.tokens.contains(index) })
    else {
      open(found.scope)
      return
    }
    let receiver = tokens.text(tokens.startOfPath(endingAt: index))
    if function.scopes[outer].handles.contains(receiver) {
      // A savepoint, or the same with other queries.
      if !HostNames.beginsAnother(tokens[index].text) {
        function.scopes[outer].handles.formUnion(found.scope.handles)
      }
    } else if HostNames.beginsAnother(tokens[index].text), function.scopes[outer].isBegun {
      function.scopes[outer].tokens = function.scopes[outer].tokens.lowerBound..<index
      open(found.scope)
    } else {
      function.scopes[outer].handles.formUnion(found.scope.handles)
    }
  }

  mutating func open(_ scope: HostScope) {
    function.scopes.append(scope)
    depthOfBegin = ways
  }

  /// How many of the blocks around are only some of the ways.
  var ways: Int { blocks.count { $0.branch != nil } }

  /// What follows a commit is not part of the transaction, unless the commit is only one of the ways,
  /// or that of a savepoint.
  mutating func end(_ index: Int) {
    guard let last = function.scopes.indices.last, function.scopes[last].isBegun,
      function.scopes[last].tokens.contains(index), ways <= depthOfBegin,
      tokens.text(tokens.startOfPath(endingAt: index) - 1) != "defer"
    else { return }
    let start = tokens.startOfPath(endingAt: index)
    let handles = function.scopes[last].handles
    guard
      start == index || handles.isEmpty || handles.contains(tokens[start].text)
        || tokens[index].kind == .string
    else { return }
    function.scopes[last].tokens = function.scopes[last].tokens.lowerBound..<index
  }

  /// `client.query('BEGIN')`.
  mutating func command(_ text: String, _ index: Int) {
    guard tokens.text(index - 1) == "(" else { return }
    switch text.uppercased().split(separator: " ").first {
    case "BEGIN", "START":
      let path = tokens.startOfPath(endingAt: index - 2)
      if let last = function.scopes.indices.last, function.scopes[last].isBegun,
        function.scopes[last].tokens.contains(index)
      {
        function.scopes[last].tokens = function.scopes[last].tokens.lowerBound..<index
      }
      open(
        HostScope(
          tokens: index..<unit.body.upperBound, handles: Set(tokens.words(path..<path + 1)),
          isBegun: true))
    case "COMMIT", "END": end(index)
    case "ROLLBACK" where text.uppercased() == "ROLLBACK": rollBack(index)
    default: break
    }
  }

  /// What follows in the same block is not part of the transaction.
  mutating func rollBack(_ index: Int) {
    guard let last = function.scopes.indices.last, function.scopes[last].tokens.contains(index),
      let block = blocks.last(where: \.isBrace), block.end > index
    else { return }
    function.scopes[last].gaps.append(index..<block.end)
  }
}
