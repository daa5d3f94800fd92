import LockModel

/// Edges of transactions that look the same to all others.
struct EdgeGroup {
  /// What the first of them holds and asks for.
  let held: LockRequest
  let request: LockRequest
  /// That of their transactions.
  let kind: LockSequence.Kind
  /// Whether its transactions are guessed, or come to one of the two by a cascade, which is rare.
  let isUncertain: Bool
  /// The clearest first.
  private(set) var members: [LockCircle.Member]

  var classEdge: LockSequence.ClassEdge {
    LockSequence.ClassEdge(held: held.lockClass, request: request.lockClass)
  }

  /// What others see of a lock.
  private struct Shape: Hashable {
    let lockClass: Int
    let mode: LockMode
    let form: RowLockForm?
    /// Columns with their literals.
    let literals: [LockRequest.Pin]
    let columns: [Int]
    let forms: [String?]

    init(_ lock: LockRequest, _ terms: SequenceTerms) {
      lockClass = lock.lockClass
      mode = lock.mode
      form = lock.form
      literals = lock.pins.filter { terms.isLiteral($0.term) }
      columns = lock.pins.map(\.column)
      forms = lock.pins.map(\.form)
    }
  }

  /// Shapes are numbered, since a lock is part of many edges.
  private struct Key: Hashable {
    let held: Int
    let request: Int
    let kind: LockSequence.Kind
    let isUncertain: Bool
  }

  /// The clearest first; else in the order of the first edge of each.
  ///
  /// Edges that no circle of classes goes through are left out.
  static func groups(of sequences: [LockSequence], _ terms: SequenceTerms) -> [EdgeGroup] {
    let graph = ClassGraph(sequences)
    var places: [Key: Int] = [:]
    var groups: [EdgeGroup] = []
    var numbers: [Shape: Int] = [:]
    for (index, sequence) in sequences.enumerated() {
      var known: [Int: Int] = [:]
      func number(ofStep step: Int, _ lock: LockRequest) -> Int {
        if let number = known[step] { return number }
        let shape = Shape(lock, terms)
        let number = numbers[shape] ?? numbers.count
        numbers[shape] = number
        known[step] = number
        return number
      }
      for edge in sequence.edges(terms, in: graph) {
        let (held, request) = (sequence[step: edge.held], sequence[step: edge.request])
        let member = LockCircle.Member(sequence: index, edge: edge)
        let isUncertain = sequence.isGuessed || held.isOfCascade || request.isOfCascade
        let key = Key(
          held: number(ofStep: edge.held, held), request: number(ofStep: edge.request, request),
          kind: sequence.kind, isUncertain: isUncertain)
        if let place = places[key] {
          groups[place].members.append(member)
        } else {
          places[key] = groups.count
          groups.append(
            EdgeGroup(
              held: held, request: request, kind: sequence.kind, isUncertain: isUncertain,
              members: [member]))
        }
      }
    }
    for index in groups.indices { groups[index].sort(sequences) }
    return groups.enumerated().sorted {
      ($0.element.distance(sequences), $0.offset) < ($1.element.distance(sequences), $1.offset)
    }.map(\.element)
  }

  /// How far the clearest of them is from the text.
  private func distance(_ sequences: [LockSequence]) -> Int {
    Self.distance(members[0], sequences)
  }

  private static func distance(
    _ member: LockCircle.Member, _ sequences: [LockSequence]
  ) -> Int {
    let sequence = sequences[member.sequence]
    return sequence[step: member.edge.held].distance
      + sequence[step: member.edge.request].distance
  }

  /// What stands in the text before what follows from it; else one of each sequence after the other,
  /// so that the first ones are of many.
  private mutating func sort(_ sequences: [LockSequence]) {
    var counts: [Int: Int] = [:]
    let keys = members.enumerated().map { offset, member in
      counts[member.sequence, default: 0] += 1
      return (Self.distance(member, sequences), counts[member.sequence, default: 0], offset)
    }
    let all = members
    members = keys.sorted { $0 < $1 }.map { all[$0.2] }
  }
}
