import PostgresSyntax

extension CatalogBuilder {
  mutating func createFunction(_ definition: CreateFunctionStatement, _ statement: Statement) {
    guard let name = definition.name else { return }
    var function = Catalog.Function(
      name: RelationName(
        schema: name.schema ?? searchPath.first ?? "public", name: name.name),
      isSchemaWritten: name.schema != nil, volatility: definition.volatility,
      signature: definition.signature, body: statement.routine, file: file,
      isProcedure: definition.isProcedure, returnsSet: definition.returnsSet)
    function.isOfUpgrade = isUpgrade
    let isSame = { (other: Catalog.Function) in
      other.name == function.name && other.signature == function.signature
    }
    if catalog.functions[name.name]?.contains(where: { isSame($0) && stays($0) }) ?? false {
      return
    }
    catalog.functions[name.name, default: []].removeAll(where: isSame)
    catalog.functions[name.name, default: []].append(function)
    defineOpenTables(of: statement.routine, function.name.name)
  }

  /// The triggers that call a routine go with it: it takes CASCADE, or there are none.
  mutating func dropFunction(_ object: ObjectName) {
    for function in functions(object) where !stays(function) {
      remove(function)
      if function.mayBeOfTriggers { catalog.dropTriggers(calling: function.name) }
    }
  }

  /// Whether an upgrade leaves a routine as it is.
  private func stays(_ function: Catalog.Function) -> Bool { isUpgrade && !function.isOfUpgrade }

  private mutating func remove(_ function: Catalog.Function) {
    catalog.functions[function.name.name]?.removeAll {
      $0.name == function.name && $0.signature == function.signature
    }
  }

  /// Gives a routine another name, also where triggers call it.
  mutating func moveFunction(_ object: ObjectName, to name: (RelationName) -> RelationName) {
    for var function in functions(object) {
      remove(function)
      let old = function.name
      function.name = name(old)
      catalog.functions[function.name.name, default: []].append(function)
      if function.mayBeOfTriggers { catalog.renameTriggerFunction(old, to: function.name) }
    }
  }

  /// The routines that a statement names: all of a name where it leaves out the schema, for the text
  /// does not show which is on the search path.
  private func functions(_ object: ObjectName) -> [Catalog.Function] {
    guard let name = object.name else { return [] }
    let named = (catalog.functions[name.name] ?? []).filter { function in
      name.schema == nil || !function.isSchemaWritten || function.name.schema == name.schema
    }
    guard let types = object.argumentTypes, named.count > 1 else { return named }
    return named.filter { $0.signature == types }
  }

  mutating func createTrigger(_ definition: CreateTriggerStatement, _ statement: Statement) {
    guard let table = definition.table.map(name), let name = definition.name else { return }
    var trigger = Catalog.Trigger(
      name: name, function: definition.function?.name ?? "",
      functionSchema: definition.function?.schema, isRow: definition.isRow,
      timing: definition.timing, events: Set(definition.events.compactMap { WriteKind($0) }),
      columns: definition.columns,
      condition: definition.condition.map { RetainedNode($0, of: statement) })
    trigger.transitions = definition.transitions
    trigger.isDeferrable = definition.isDeferrable
    trigger.isInitiallyDeferred = definition.isInitiallyDeferred
    catalog.noteTriggerFunction(trigger.function)
    if catalog.relations[table] == nil, !catalog.isDropped(table) {
      catalog.noteStrayTriggerFunction(trigger.function)
    }
    let number = catalog.nextNumber()
    trigger.number = number
    catalog.update(table) {
      $0.calls.append(.init(function: trigger.function, number: number))
    }
    add(trigger, to: table)
  }

  /// Partitions have the row triggers of their parent.
  private mutating func add(_ trigger: Catalog.Trigger, to table: RelationName) {
    for name in [table] + (trigger.isRow ? catalog.partitions(of: table) : []) {
      catalog.update(name) { relation in
        relation.triggers.removeAll { $0.name == trigger.name }
        relation.triggers.append(trigger)
      }
    }
  }

  mutating func createRule(_ definition: CreateRuleStatement, _ statement: Statement) {
    guard let table = definition.table.map(name), let name = definition.name,
      let event = WriteKind(definition.event)
    else { return }
    let actions = definition.actions
    let rule = Catalog.Rule(
      name: name, event: event, isInstead: definition.isInstead,
      hasCondition: definition.condition != nil,
      actions: actions.map { RetainedNode($0, of: statement) })
    let named = actions.flatMap(\.tableReferences)
      .filter { !["old", "new"].contains($0.name) }.map { self.name($0) }
    catalog.update(table) { relation in
      relation.rules.removeAll { $0.name == name }
      relation.rules.append(rule)
      relation.rules.sort { $0.name < $1.name }
      relation.dependencies += named.filter { $0 != table }
    }
  }

  mutating func createPolicy(_ definition: PolicyStatement, _ statement: Statement) {
    guard let table = definition.table.map(name), let name = definition.name else { return }
    let expressions = definition.expressions
    if var relation = catalog.relations[table] {
      for expression in expressions { noteCalls(in: expression, of: &relation) }
      catalog.update(table) { $0.calls = relation.calls }
    }
    catalog.update(table) { relation in
      relation.policies.removeAll { $0.name == name }
      relation.policies.append(
        .init(name: name, expressions: expressions.map { RetainedNode($0, of: statement) }))
    }
  }
}

extension WriteKind {
  /// What a rule or trigger is for; nil for queries that write nothing.
  init?(_ command: CommandType) {
    switch command {
    case .insert: self = .insert
    case .update: self = .update
    case .delete: self = .delete
    case .truncate: self = .truncate
    case .select, .nothing: return nil
    }
  }
}
