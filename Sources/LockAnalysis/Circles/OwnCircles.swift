/// Circles of transactions with copies of themselves over one class of locks.
///
/// Each is mended where it stands: none makes that of another transaction superfluous, nor one of
/// another kind.
struct OwnCircles {
  /// A transaction and what two copies of it deadlock about.
  struct Place: Hashable {
    let sequence: Int
    let lockClass: Int
    /// Whether each copy asks for what it holds already, in another mode.
    let isOnOneThing: Bool
  }

  /// A circle that stands for others of its place.
  struct Result {
    let circle: LockCircle
    let isUncertain: Bool
    var others = 0
  }

  private(set) var found: [Result] = []
  private var places: [Place: Int] = [:]
  private var attempts: [Place: Int] = [:]

  /// So many edges are tried for a circle of a place, and so many for others like one that was found.
  private static let triesPerPlace = 300
  private static let triesForOthers = 20

  /// The clearest circle of each transaction, one that is certain if there is one.
  init(_ groups: [EdgeGroup], _ sequences: [LockSequence], _ proof: inout CircleProof) {
    for group in groups.filter({ !$0.isUncertain }) + groups.filter(\.isUncertain)
    where group.kind == .repeated && group.held.lockClass == group.request.lockClass
      && group.request.waits(for: group.held)
    {
      for member in group.members {
        let sequence = sequences[member.sequence]
        let place = Place(
          sequence: member.sequence, lockClass: group.held.lockClass,
          isOnOneThing: sequence.isOnOneThing(member.edge))
        attempt(member, of: group, at: place, &proof)
      }
    }
  }

  private mutating func attempt(
    _ member: LockCircle.Member, of group: EdgeGroup, at place: Place, _ proof: inout CircleProof
  ) {
    let known = places[place]
    let limit = known == nil ? Self.triesPerPlace : Self.triesForOthers
    guard attempts[place, default: 0] < limit else { return }
    attempts[place, default: 0] += 1
    let circle = LockCircle([member, member])
    guard proof.holds(circle) else { return }
    if let known {
      found[known].others += 1
    } else {
      attempts[place] = 0
      places[place] = found.count
      found.append(Result(circle: circle, isUncertain: group.isUncertain))
    }
  }

  /// Whether a transaction deadlocks with a copy of itself over a class, as certainly as it would with
  /// another by edges of a group.
  func contains(_ sequence: Int, as group: EdgeGroup) -> Bool {
    [false, true].contains { isOnOneThing in
      let place = Place(
        sequence: sequence, lockClass: group.held.lockClass, isOnOneThing: isOnOneThing)
      return places[place].map { group.isUncertain || !found[$0].isUncertain } ?? false
    }
  }
}

extension LockSequence {
  /// Whether it asks for what it holds already, in another mode.
  func isOnOneThing(_ edge: Edge) -> Bool {
    let (held, request) = (self[step: edge.held], self[step: edge.request])
    return held.identities.contains { request.identities.contains($0) }
      || held.pins == request.pins && held.identities.isEmpty
  }
}
