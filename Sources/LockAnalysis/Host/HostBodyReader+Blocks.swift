import LockModel

extension HostBodyReader {
  mutating func open(_ index: Int) {
    var block = Block(isBrace: true)
    block.callsBefore = function.calls.count
    block.end = tokens.closing(index) ?? unit.body.upperBound
    let isOfPending =
      pending.map { $0.depth == blocks.count } ?? false
      && (language.blocks != .indentation || tokens.text(index - 1) == ":")
    if isOfPending, let pending {
      switch pending.kind {
      case .arm:
        block.branch = Branch(decision: pending.decision, arms: [pending.arm])
        block.isArm = true
      case .loop:
        block.loop = addLoop(pending.start..<index, body: index..<(tokens.closing(index) ?? index))
      case .cases:
        block.cases = decisions
        decisions += 1
      }
      self.pending = nil
    } else {
      block.loop = loopOfClosure(before: index)
    }
    blocks.append(block)
  }

  mutating func close(_ index: Int) {
    guard blocks.count > 1 else { return }
    if inline?.depth == blocks.count { endInline(before: index + 1) }
    leaveCase()
    let block = blocks.removeLast()
    let isPlain = block.isBrace && !block.isArm && block.cases == nil && block.loop == nil
    if isPlain, block.leaves, let last = blocks.indices.last, blocks[last].cases != nil {
      blocks[last].leaves = true
    }
    if let decision = block.cases, !block.left.isEmpty,
      let outer = blocks.lastIndex(where: \.isBrace) ?? blocks.indices.first
    {
      let arms = Set(0...(block.branch?.arms.max() ?? 0) + 1).subtracting(block.left)
      blocks[outer].rest.append(Branch(decision: decision, arms: arms))
    }
    guard block.isArm, let branch = block.branch else {
      leaveCondition(index)
      return
    }
    let next = (branch.arms.max() ?? 0) + 1
    if ["else", "elif"].contains(tokens.text(index + 1)) {
      pending = Pending(
        kind: .arm, start: index, depth: blocks.count, decision: branch.decision, arm: next)
    } else if block.leaves, function.calls.count > block.callsBefore,
      let outer = blocks.lastIndex(where: \.isBrace) ?? blocks.indices.first
    {
      blocks[outer].rest.append(Branch(decision: branch.decision, arms: [next]))
    }
  }

  /// `if (…) return;` has no braces.
  mutating func leaveCondition(_ index: Int) {
    guard let pending, pending.depth == blocks.count, tokens[index].text == ")",
      language.hasConditionsInBrackets, tokens.text(index + 1) != "{"
    else { return }
    self.pending = nil
    if pending.kind == .arm { beginInline(pending.decision, pending.arm, index) }
  }
}
