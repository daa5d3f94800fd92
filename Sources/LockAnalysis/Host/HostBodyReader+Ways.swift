import LockModel

extension HostBodyReader {
  /// Python's `if a: b()` in one line.
  mutating func beginInline(at colon: Int) {
    guard let pending, pending.kind == .arm, pending.depth == blocks.count,
      tokens.text(colon + 1) != "{"
    else { return }
    self.pending = nil
    beginInline(pending.decision, pending.arm, colon)
  }

  mutating func beginInline(_ decision: Int, _ arm: Int, _ index: Int) {
    inline = InlineWay(
      decision: decision, arm: arm, depth: blocks.count,
      line: tokens[min(index + 1, tokens.count - 1)].line, callsBefore: function.calls.count)
  }

  mutating func endInline(before index: Int) {
    guard let way = inline else { return }
    inline = nil
    if tokens.text(index) == "else" {
      ended = (way.decision, way.arm + 1)
    } else if way.leaves, function.calls.count > way.callsBefore,
      let outer = blocks.lastIndex(where: \.isBrace) ?? blocks.indices.first
    {
      blocks[outer].rest.append(Branch(decision: way.decision, arms: [way.arm + 1]))
    }
  }

  /// `else` behind a way without braces.
  mutating func continueInline(_ ended: (decision: Int, arm: Int), _ index: Int) {
    if ["{", "if"].contains(tokens.text(index + 1)) {
      pending = Pending(
        kind: .arm, start: index, depth: blocks.count, decision: ended.decision, arm: ended.arm)
    } else {
      beginInline(ended.decision, ended.arm, index)
    }
  }

  /// `a ? b : c`, not `a?: Type`.
  mutating func choose(_ index: Int) {
    guard inline == nil, ![":", ")", ",", "="].contains(tokens.text(index + 1)) else { return }
    beginInline(decisions, 0, index)
    decisions += 1
  }

  mutating func otherwise(_ index: Int) {
    guard let way = inline, way.arm == 0 else { return }
    beginInline(way.decision, 1, index)
  }

  /// Python's `a() if b else c()`: what stands before in the line is one way.
  mutating func chooseBackwards(_ index: Int) {
    guard tokens[index].text == "if" else {
      if let ended { beginInline(ended.decision, ended.arm, index) }
      ended = nil
      return
    }
    for place in function.calls.indices.reversed() {
      guard function.calls[place].line == tokens[index].line else { break }
      function.calls[place].branches.append(Branch(decision: decisions, arms: [0]))
    }
    ended = (decisions, 1)
    decisions += 1
  }

  mutating func leaveCase() {
    guard let last = blocks.indices.last, blocks[last].cases != nil, blocks[last].leaves else {
      return
    }
    blocks[last].left.formUnion(blocks[last].branch?.arms ?? [])
    blocks[last].leaves = false
  }

  mutating func nextCase(_ index: Int) {
    leaveCase()
    guard let last = blocks.indices.last, let decision = blocks[last].cases else { return }
    let arm = (blocks[last].branch?.arms.max() ?? -1) + 1
    blocks[last].branch = Branch(decision: decision, arms: [arm])
  }
}
