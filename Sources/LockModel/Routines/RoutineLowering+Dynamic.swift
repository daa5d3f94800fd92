import PostgresSyntax

extension RoutineLowering {
  /// Adds what an EXECUTE locks; the rows that it gives.
  @discardableResult
  func dynamic(_ text: PLQuery, _ using: [PLQuery]) -> DerivedTable? {
    let values = DynamicSQL.Variables(texts: knownTexts) { [variables] in
      variables.text(of: $0)
    }
    switch DynamicSQL.parse(text, names: &dynamicNames, variables: values) {
    case .statements(let statements)
    where body.trigger != .none && statements.contains(where: namesLocalTable):
      // Its rows belong to the one that fires it, by columns with names that are not known either.
      note("EXECUTE builds the name of the table when it runs", text.range)
      return nil
    case .statements(let statements):
      var values: [Term.Variable: Term] = [:]
      for (position, value) in using.enumerated() {
        values[.parameter(position + 1)] = value.term ?? .other(value.text, [])
      }
      var rows: DerivedTable?
      for statement in statements {
        var (locks, table) = lower(statement)
        locks.acquisitions = locks.acquisitions.map { assuming($0.replacing(values)) }
        append(statement, locks)
        rows = table
      }
      return rows
    case .unknown(let reason):
      note(reason, text.range)
      return nil
    }
  }

  private func namesLocalTable(_ statement: Statement) -> Bool {
    statement.node.tableReferences.contains { DynamicNames.isLocal($0.name) }
  }

  /// A lock with what is taken for granted of a name that is put together.
  private func assuming(_ lock: Acquisition) -> Acquisition {
    guard let table = lock.target.relation, DynamicNames.isOpen("\(table.schema).\(table.name)")
    else {
      return lock
    }
    var lock = lock
    lock.assumptions.append(
      "`\(table.short)`, a name that is put together, is one table wherever it stands")
    return lock
  }
}
