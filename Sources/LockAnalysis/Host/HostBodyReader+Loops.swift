extension HostBodyReader {
  mutating func addLoop(_ header: Range<Int>, body: Range<Int>) -> Int? {
    guard blocks.count < Self.depthLimit else { return nil }
    let reader = HostLoopReader(
      tokens: tokens, isSorted: isSorted, ofCaller: ofCaller)
    var loop = reader.loop(header, body: body)
    loop.token = body.lowerBound
    function.loops.append(loop)
    return function.loops.count - 1
  }

  mutating func loopOfClosure(before open: Int) -> Int? {
    let reader = HostLoopReader(
      tokens: tokens, isSorted: isSorted, ofCaller: ofCaller)
    guard var loop = reader.loopOfClosure(before: open) else { return nil }
    loop.token = open
    function.loops.append(loop)
    return function.loops.count - 1
  }

  /// Whether a name has the value that the function's caller gave it.
  var ofCaller: (String) -> Bool {
    let (parameters, reassigned) = (unit.parameters, function.reassigned)
    return { parameters.contains($0) && !reassigned.contains($0) }
  }

  /// A parameter that gets another value is the caller's no more.
  mutating func assign(_ index: Int) {
    guard blocks.last?.isBrace ?? true || blocks.count == 1 else { return }
    for name in tokens.assigned(before: index + 1) where unit.parameters.contains(name) {
      function.reassigned.insert(name)
    }
  }

  mutating func compare(_ index: Int) {
    guard tokens.isWord(index - 1), let right = tokens.path(at: index + 1) else { return }
    let start = tokens.startOfPath(endingAt: index - 1)
    guard let left = tokens.path(at: start) else { return }
    function.compared.formUnion([left.text, right.text])
  }
}
