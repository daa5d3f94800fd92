package import LockModel

/// The order in which the application locks tables and their rows: what is asked for while something
/// else is held, over all transactions.
///
/// Locks that nobody else can wait for are left out, and so are migrations, which run once.
package struct LockOrder: Sendable {
  /// One lock that a transaction asks for while it holds another.
  package struct Site: Sendable {
    /// The transaction, as a report calls it.
    package let transaction: String
    package let held: AcquisitionID
    package let request: AcquisitionID
  }

  /// A table that is locked while another one is held.
  package struct Edge: Sendable {
    /// Index of a table.
    package let held: Int
    /// Index of a table.
    package let request: Int
    /// One for each transaction.
    package fileprivate(set) var sites: [Site]
    /// Whether a deadlock goes through it.
    package fileprivate(set) var isOfCircle = false
  }

  /// Transactions that can deadlock, by what each holds.
  package struct Circle: Sendable {
    /// Indices of tables; one alone where it is about its rows.
    package let tables: [Int]
    /// As reports call them.
    package let transactions: [String]
  }

  /// By name.
  package let tables: [RelationName]
  /// By their tables.
  package private(set) var edges: [Edge] = []
  package private(set) var circles: [Circle] = []

  struct Pair: Hashable, Comparable {
    let held: RelationName
    let request: RelationName

    static func < (left: Pair, right: Pair) -> Bool {
      left.held == right.held ? left.request < right.request : left.held < right.held
    }
  }

  /// Reads the order from a workload.
  package init(_ workload: Workload) {
    let read = WorkloadSequences(workload)
    var sites: [Pair: [Site]] = [:]
    for index in read.sequences.indices where !read.runsOnce(index) {
      for (pair, site) in Self.sites(of: index, read, workload) {
        sites[pair, default: []].append(site)
      }
    }
    let circles = TransactionCircles(workload, read).circles.filter { circle in
      !circle.members.contains(where: \.runsOnce)
    }
    let ofCircles = circles.map { circle in
      circle.members.compactMap { member in
        Self.table(of: member.held, workload).map { (member, $0) }
      }
    }
    let names = Set(sites.keys.flatMap { [$0.held, $0.request] } + ofCircles.joined().map(\.1))
    tables = names.sorted()
    let numbers = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($1, $0) })
    for (pair, found) in sites.sorted(by: { $0.key < $1.key }) {
      guard let held = numbers[pair.held], let request = numbers[pair.request] else { continue }
      edges.append(Edge(held: held, request: request, sites: found))
    }
    for (circle, members) in zip(circles, ofCircles) where members.count == circle.members.count {
      add(members.map { ($0.0, numbers[$0.1] ?? 0) }, workload)
    }
  }

  private mutating func add(
    _ members: [(TransactionCircle.Member, Int)], _ workload: Workload
  ) {
    for (index, (member, held)) in members.enumerated() {
      let request = members[(index + 1) % members.count].1
      if let place = edges.firstIndex(where: { $0.held == held && $0.request == request }) {
        edges[place].isOfCircle = true
      } else {
        let site = Site(
          transaction: workload.title(of: member), held: member.held, request: member.request)
        var edge = Edge(held: held, request: request, sites: [site])
        edge.isOfCircle = true
        edges.append(edge)
      }
    }
    var tables: [Int] = []
    for (_, table) in members where !tables.contains(table) { tables.append(table) }
    circles.append(Circle(tables: tables, transactions: members.map { workload.title(of: $0.0) }))
  }

  /// The table that a lock is on or about; nil for advisory locks, sequences and views.
  static func table(of id: AcquisitionID, _ workload: Workload) -> RelationName? {
    guard let name = workload[id].target.relation.map(workload.catalog.lockClass) else {
      return nil
    }
    switch workload.catalog.relations[name]?.kind {
    case .sequence, .view, .compositeType: return nil
    case .table, .materializedView, nil: return name
    }
  }

  /// For each pair of tables the first place in a transaction where one is asked for while the other
  /// is held.
  static func sites(
    of index: Int, _ read: WorkloadSequences, _ workload: Workload
  ) -> [(Pair, Site)] {
    let sequence = read.sequences[index]
    var held = HeldSteps()
    var known: Set<Pair> = []
    var result: [(Pair, Site)] = []
    for (position, step) in sequence.steps.enumerated() {
      if case .acquire(let lock) = step, lock.canWait,
        let request = read.place(of: index, position), let table = table(of: request, workload)
      {
        for other in held.all where lock.canFollow(sequence[step: other], read.terms) {
          guard let place = read.place(of: index, other),
            let first = self.table(of: place, workload), first != table
          else { continue }
          let pair = Pair(held: first, request: table)
          guard known.insert(pair).inserted else { continue }
          let title =
            read.inferred(index)?.title
            ?? workload.title(of: workload.statements[request.statement])
          result.append((pair, Site(transaction: title, held: place, request: request)))
        }
      }
      held.follow(step, at: position)
    }
    return result
  }
}

extension Workload {
  /// How a report calls the transaction of a statement.
  package func title(of statement: LoweredStatement) -> String {
    if statement.routine != nil { return statement.title }
    let begin = transactions[statement.transaction - 1].statements
      .first { !statements[$0].acquisitions.isEmpty }
    return begin.map { statements[$0].title } ?? statement.title
  }

  /// How a report calls what a member of a circle runs.
  package func title(of member: TransactionCircle.Member) -> String {
    member.inferred?.title ?? title(of: statements[member.request.statement])
  }
}
