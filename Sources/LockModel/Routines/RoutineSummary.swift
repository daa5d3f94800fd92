import PostgresSyntax

/// What a routine, or the rules of a table, lock when they run: the same for every call, with the
/// parameters as they are named inside.
struct RoutineSummary: Sendable {
  var acquisitions: [Acquisition] = []
  var notes: [LockNote] = []
  /// The columns of existing rows that are changed, by table.
  var written: [RelationName: WrittenColumns] = [:]
  /// Whether it gives back advisory locks of the session.
  var unlocks = false
  /// The locks of checks that wait for COMMIT.
  var deferred: [Acquisition] = []

  /// No call lists more locks; a note says so.
  static let lockLimit = 128

  /// Whether a summary that has found these leaves out what it would find from there on.
  static func isFull(_ found: Set<Acquisition>) -> Bool { found.count > 2 * lockLimit }

  /// Nor more notes: each routine says its own where it is defined.
  private static let noteLimit = 16

  /// The summary with every lock once, and no more than one can read.
  func limited(_ name: String) -> RoutineSummary {
    var result = self
    for list in [\RoutineSummary.acquisitions, \.deferred] {
      var seen: Set<Acquisition> = []
      result[keyPath: list] = result[keyPath: list].filter { seen.insert($0).inserted }
    }
    let excess = max(result.acquisitions.count, result.deferred.count) - Self.lockLimit
    if excess > 0 {
      result.acquisitions = Array(result.acquisitions.prefix(Self.lockLimit))
      result.deferred = Array(result.deferred.prefix(Self.lockLimit))
      result.notes.append(LockNote("further locks of \(name) are left out", isDetail: true))
    }
    var known: Set<LockNote> = []
    result.notes = Array(
      result.notes.filter { known.insert($0).inserted }.prefix(Self.noteLimit))
    return result
  }
}

extension RoutineSummary {
  /// The summary with decisions of its own: two calls can take different arms.
  var instantiated: RoutineSummary {
    guard (acquisitions + deferred).contains(where: { !$0.branches.isEmpty }) else { return self }
    var numbers: [Int: Int] = [:]
    func renumbered(_ lock: Acquisition) -> Acquisition {
      var lock = lock
      lock.branches = lock.branches.map(renumbered)
      lock.absence = lock.absence.map(renumbered)
      return lock
    }
    func renumbered(_ branch: Branch) -> Branch {
      let number = numbers[branch.decision] ?? Decisions.next()
      numbers[branch.decision] = number
      return Branch(decision: number, arms: branch.arms)
    }
    var result = self
    result.acquisitions = acquisitions.map(renumbered)
    result.deferred = deferred.map(renumbered)
    return result
  }
}

/// What a summary is of.
enum RoutineKey: Hashable, Sendable {
  /// A body, called for a trigger's event or by name, with literals that it puts into SQL, and names
  /// looked up along a path.
  case routine(ObjectIdentifier, TriggerEvent?, [String: String], searchPath: [String])
  /// A DO block, which nobody calls.
  case block(ObjectIdentifier)
  /// The rules of a table for an event.
  case rules(RelationName, WriteKind, searchPath: [String])
}

/// The summaries that are known of one catalog.
///
/// Shared by threads. A summary does not depend on who asks for it or on what is known already, so
/// that it makes no difference which thread comes first.
package final class RoutineSummaries: Sendable {
  /// A summary with the others that it goes round in a circle with.
  struct Entry: Sendable {
    let summary: RoutineSummary
    let circle: Set<RoutineKey>
  }

  private struct State {
    var version = -1
    var entries: [RoutineKey: Entry] = [:]
  }

  private let state = Guarded(State())

  /// Nothing is known yet.
  package init() {}

  /// What is known of a routine in a version of the catalog.
  func entry(of key: RoutineKey, version: Int) -> Entry? {
    state.withLock { $0.version == version ? $0.entries[key] : nil }
  }

  /// Keeps a summary; those of other versions are forgotten.
  func store(_ entry: Entry, of key: RoutineKey, version: Int) {
    state.withLock { state in
      if state.version != version { state = State(version: version) }
      state.entries[key] = entry
    }
  }
}
