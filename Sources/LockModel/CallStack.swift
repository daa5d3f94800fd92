/// The routines, rules and blocks that a statement runs in, outermost first, and how many more may
/// be gone into from the statement that began.
struct CallStack {
  private let names: [String]
  private let budget: Budget

  /// Routines that call each other in many ways would be gone through in all of them.
  private final class Budget {
    var left = 64
  }

  init(_ names: [String] = []) {
    self.names = names
    budget = Budget()
  }

  private init(names: [String], budget: Budget) {
    self.names = names
    self.budget = budget
  }

  var isEmpty: Bool { names.isEmpty }

  func adding(_ name: String) -> CallStack {
    CallStack(names: names + [name], budget: budget)
  }

  /// Whether one more may be gone into: it is not running already, and the budget is not used up.
  func admits(_ name: String) -> Bool {
    guard !names.contains(name), names.count < 12, budget.left > 0 else { return false }
    budget.left -= 1
    return true
  }

  /// Whether something was left out for want of budget.
  var isExhausted: Bool { budget.left == 0 }
}
