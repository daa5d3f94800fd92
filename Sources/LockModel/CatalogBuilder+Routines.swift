import PostgresSyntax

extension CatalogBuilder {
  mutating func createFunction(_ node: Node, _ statement: Statement) {
    let names = node.list(.funcname).compactMap { $0.string(.sval) }
    guard let last = names.last else { return }
    var language = "sql"
    var volatility = Catalog.Function.Volatility.volatile
    for option in node.list(.options) {
      switch option.string(.defname) {
      case "language": language = option.child(.arg)?.string(.sval) ?? language
      case "volatility":
        switch option.child(.arg)?.string(.sval) {
        case "immutable": volatility = .immutable
        case "stable": volatility = .stable
        default: break
        }
      default: break
      }
    }
    let function = Catalog.Function(
      name: RelationName(
        schema: names.count > 1 ? names[names.count - 2] : searchPath.first ?? "public", name: last
      ),
      language: language.lowercased(), volatility: volatility,
      definition: RetainedNode(node, of: statement), body: statement.routine, file: file,
      isProcedure: node.flag(.is_procedure))
    let signature = Self.signature(of: node)
    catalog.functions[last, default: []].removeAll {
      $0.name == function.name && Self.signature(of: $0.definition.node) == signature
    }
    catalog.functions[last, default: []].append(function)
  }

  /// The types of the parameters that tell overloads apart.
  private static func signature(of node: Node) -> [String] {
    node.list(.parameters).filter {
      !$0.symbol(.mode, is: "FUNC_PARAM_OUT") && !$0.symbol(.mode, is: "FUNC_PARAM_TABLE")
    }.map { parameter in
      let type = TypeName(parameter.child(.argType))
      return type.isArray ? type.name + "[]" : type.name
    }
  }

  mutating func dropFunction(_ object: Node) {
    let names = object.list(.objname).compactMap { $0.string(.sval) }
    guard let last = names.last else { return }
    if object.flag(.args_unspecified) || (catalog.functions[last]?.count ?? 0) < 2 {
      catalog.functions[last] = nil
      return
    }
    let types = object.list(.objargs).map { TypeName($0) }
      .map { $0.isArray ? $0.name + "[]" : $0.name }
    catalog.functions[last]?.removeAll { Self.signature(of: $0.definition.node) == types }
  }

  // The bits of `tgtype`, from PostgreSQL's pg_trigger.h.
  private static let before = 1 << 1
  private static let insteadOf = 1 << 6
  private static let events: [(bit: Int, kind: WriteKind)] = [
    (1 << 2, .insert), (1 << 3, .delete), (1 << 4, .update), (1 << 5, .truncate),
  ]

  mutating func createTrigger(_ node: Node, _ statement: Statement) {
    guard let table = name(node.child(.relation)), let name = node.string(.trigname) else { return }
    let function = node.list(.funcname).compactMap { $0.string(.sval) }
    let timing = node.int(.timing)
    let events = node.int(.events)
    var trigger = Catalog.Trigger(
      name: name, function: function.last ?? "",
      functionSchema: function.count > 1 ? function[function.count - 2] : nil,
      isRow: node.flag(.row),
      timing: timing & Self.insteadOf != 0
        ? .insteadOf : timing & Self.before != 0 ? .before : .after,
      events: Set(Self.events.filter { events & $0.bit != 0 }.map(\.kind)),
      columns: node.list(.columns).compactMap { $0.string(.sval) },
      condition: node.child(.whenClause).map { RetainedNode($0, of: statement) })
    trigger.transitions = node.list(.transitionRels).compactMap { $0.string(.name) }
    let number = catalog.nextNumber()
    catalog.update(table) {
      $0.calls.append(.init(function: trigger.function, number: number))
    }
    trigger.isDeferrable = node.flag(.deferrable)
    trigger.isInitiallyDeferred = node.flag(.initdeferred)
    add(trigger, to: table)
  }

  /// Partitions have the row triggers of their parent.
  private mutating func add(_ trigger: Catalog.Trigger, to table: RelationName) {
    catalog.update(table) { relation in
      relation.triggers.removeAll { $0.name == trigger.name }
      relation.triggers.append(trigger)
    }
    guard trigger.isRow, catalog.relations[table]?.isPartitioned ?? false else { return }
    for child in catalog.children(of: table) { add(trigger, to: child.name) }
  }

  mutating func createRule(_ node: Node, _ statement: Statement) {
    guard let table = name(node.child(.relation)), let name = node.string(.rulename) else { return }
    let event: WriteKind
    switch node.string(.event) {
    case "CMD_INSERT": event = .insert
    case "CMD_UPDATE": event = .update
    case "CMD_DELETE": event = .delete
    default: return
    }
    let rule = Catalog.Rule(
      name: name, event: event, isInstead: node.flag(.instead),
      hasCondition: node.has(.whereClause),
      condition: node.child(.whereClause).map { RetainedNode($0, of: statement) },
      actions: node.list(.actions).map { RetainedNode($0, of: statement) })
    catalog.update(table) { relation in
      relation.rules.removeAll { $0.name == name }
      relation.rules.append(rule)
      relation.rules.sort { $0.name < $1.name }
    }
    let named = rule.actions.flatMap { action in
      ([action.node] + action.node.descendants).filter { $0.tag == .RangeVar }
        .filter { !["old", "new"].contains(TableReference($0).name) }.compactMap { self.name($0) }
    }
    catalog.update(table) { $0.dependencies += named.filter { $0 != table } }
  }

  mutating func createPolicy(_ node: Node, _ statement: Statement) {
    guard let table = name(node.child(.table)), let name = node.string(.policy_name) else { return }
    let expressions = [Field.qual, .with_check].compactMap { node.child($0) }
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
