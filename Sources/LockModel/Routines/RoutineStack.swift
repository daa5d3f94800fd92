/// The routines and rules that a statement runs in, outermost first.
///
/// Each routine is gone into once and its summary used again. A circle of routines ends where it
/// comes back to one that is running: the locks of that one are in the list already.
struct RoutineStack {
  private let keys: [RoutineKey]
  private let run: Run

  /// Calls nest no deeper; each level takes some stack. Far more than a summary has locks, so that
  /// what is cut is hardly ever missed.
  private static let depthLimit = 2000

  init(_ summaries: RoutineSummaries, version: Int) {
    keys = []
    run = Run(summaries: summaries, version: version)
  }

  private init(keys: [RoutineKey], run: Run) {
    self.keys = keys
    self.run = run
  }

  /// Whether the statement stands for itself.
  var isEmpty: Bool { keys.isEmpty }

  /// The stack inside of a routine.
  func entering(_ key: RoutineKey) -> RoutineStack { RoutineStack(keys: keys + [key], run: run) }

  /// What has been learned since the outermost routine was entered.
  private final class Run {
    let summaries: RoutineSummaries
    let version: Int
    /// The outermost routine that a circle has come back to, by its place on the stack.
    var lowest = Int.max
    /// Summaries that end at a routine which is still running; good until that one is done.
    var provisional: [RoutineKey: (summary: RoutineSummary, lowest: Int)] = [:]

    init(summaries: RoutineSummaries, version: Int) {
      self.summaries = summaries
      self.version = version
    }
  }

  /// Why a routine is not gone into.
  enum Refusal { case isRunning, isTooDeep }

  /// The summary of a routine; `make` finds it, on the stack inside.
  func summary(
    of key: RoutineKey, _ make: (RoutineStack) -> RoutineSummary
  ) -> Result<RoutineSummary, RefusalError> {
    if let known = run.summaries.entry(of: key, version: run.version),
      known.circle.isEmpty || known.circle.isDisjoint(with: keys)
    {
      return .success(known.summary)
    }
    if let known = run.provisional[key] {
      run.lowest = min(run.lowest, known.lowest)
      return .success(known.summary)
    }
    if let place = keys.firstIndex(of: key) {
      run.lowest = min(run.lowest, place)
      return .failure(RefusalError(refusal: .isRunning))
    }
    guard keys.count < Self.depthLimit else {
      return .failure(RefusalError(refusal: .isTooDeep))
    }
    return .success(enter(key, make))
  }

  struct RefusalError: Error { let refusal: Refusal }

  private func enter(
    _ key: RoutineKey, _ make: (RoutineStack) -> RoutineSummary
  ) -> RoutineSummary {
    let outer = run.lowest
    run.lowest = .max
    let summary = make(entering(key))
    let lowest = run.lowest
    if lowest >= keys.count {
      // Nothing in it ends at something further out.
      let circle = run.provisional.filter { $0.value.lowest >= keys.count }
      for key in circle.keys { run.provisional[key] = nil }
      let members = Set(circle.keys)
      run.summaries.store(
        .init(summary: summary, circle: lowest == .max ? [] : members.union([key])), of: key,
        version: run.version)
      run.lowest = outer
    } else {
      run.provisional[key] = (summary, lowest)
      run.lowest = min(outer, lowest)
    }
    return summary
  }
}
