package import PostgresSyntax

extension Catalog {
  /// A trigger of a table or view.
  package struct Trigger: Sendable {
    /// Its name.
    package var name: String
    /// The function's name without its schema.
    package var function: String
    /// The function's schema, when it is written.
    package var functionSchema: String?
    /// Whether it fires FOR EACH ROW.
    package var isRow: Bool
    /// When it fires.
    package var timing: Timing
    /// What it fires for.
    package var events: Set<WriteKind>
    /// The columns of UPDATE OF; empty for all.
    package var columns: [String]
    /// WHEN.
    package var condition: RetainedNode?
    /// Whether it waits for COMMIT unless SET CONSTRAINTS says otherwise.
    package var isInitiallyDeferred = false
    /// Whether SET CONSTRAINTS can make it wait for COMMIT.
    package var isDeferrable = false
    /// In the order of creation.
    var number = 0
    /// Whether ALTER TABLE has not switched it off.
    package var isEnabled = true
    /// The names of its transition tables.
    package var transitions: [String] = []

    /// When it fires.
    package typealias Timing = CreateTriggerStatement.Timing
  }

  /// A rule other than that of a view's SELECT.
  package struct Rule: Sendable {
    /// Its name.
    package var name: String
    /// What it is for.
    package var event: WriteKind
    /// Whether it takes the place of the query.
    package var isInstead: Bool
    /// Whether it has a WHERE.
    package var hasCondition: Bool
    /// The queries that it adds or puts in place.
    package var actions: [RetainedNode]
  }

  /// A policy of row security.
  package struct Policy: Sendable {
    /// Its name.
    package var name: String
    /// USING and WITH CHECK.
    package var expressions: [RetainedNode]
  }

  /// A function or procedure, one overload.
  package struct Function: Sendable {
    /// Its name.
    package var name: RelationName
    /// Whether the definition names the schema, rather than leave it to the search path.
    var isSchemaWritten = true
    /// What it promises about its results.
    package var volatility: CreateFunctionStatement.Volatility
    /// The types of the parameters that tell overloads apart.
    var signature: [String]
    /// What it runs, as far as that can be read.
    package var body: RoutineBody?
    /// The file that the definition stands in.
    package var file: ParsedFile?
    /// Whether it is run by CALL.
    package var isProcedure = false
    /// Whether a call gives any number of rows.
    var returnsSet = false
    /// Whether a script that leads from one version to another defines it.
    var isOfUpgrade = false

    /// Whether triggers may call it: their functions have no parameters.
    var mayBeOfTriggers: Bool { signature.isEmpty }

    /// Whether no literal among the arguments speaks against the types of the parameters.
    func fits(_ arguments: [Node]) -> Bool {
      pairs(arguments).allSatisfy { argument, parameter in
        guard let parameter = parameter?.definition else { return true }
        let isText = ["text", "varchar", "bpchar", "name"].contains(parameter.type)
        switch Literal(argument) {
        case .integer?, .number?: return !isText && parameter.type != "bool"
        case .boolean?: return parameter.type == "bool"
        case .string?, nil: return true
        }
      }
    }

    /// The arguments of a call, each with its parameter and the number by which the body can name
    /// that as well: SQL functions count inputs, PL/pgSQL all parameters (`plpgsql_compile`).
    func pairs(
      _ arguments: [Node]
    ) -> [(argument: Node, parameter: (definition: RoutineParameter, number: Int)?)] {
      let all = body?.parameters ?? []
      let takesOutputs = isProcedure && arguments.count == all.count
      var parameters: [(definition: RoutineParameter, number: Int)] = []
      var inputs = 0
      for (position, parameter) in all.enumerated() {
        if parameter.isInput { inputs += 1 }
        guard takesOutputs || parameter.isInput else { continue }
        parameters.append((parameter, countsAll ? position + 1 : inputs))
      }
      return arguments.enumerated().map { position, argument in
        if argument.kindName == "NamedArgExpr", let value = argument.child(.arg) {
          let name = argument.string(.name)
          return (value, parameters.first { $0.definition.name == name })
        }
        return (argument, position < parameters.count ? parameters[position] : nil)
      }
    }

    private var countsAll: Bool {
      if case .plpgsql? = body?.content { return true }
      return false
    }

    /// Whether a call can have so many arguments.
    func accepts(_ count: Int) -> Bool {
      guard let body else { return true }
      let inputs = body.parameters.filter(\.isInput)
      let required = inputs.filter { !$0.hasDefault }.count
      if isProcedure, count == body.parameters.count { return true }
      return count >= required && count <= inputs.count
    }
  }
}

extension Catalog {
  /// The bodies of its routines: older definitions of the same routines are gone, and so are functions
  /// whose triggers are.
  ///
  /// A definition that leaves the schema to the search path may be run with another one than the
  /// text shows, which is none: of one in `public` and one elsewhere, with the same name and
  /// parameters, the later counts.
  package var routineBodies: Set<ObjectIdentifier> {
    var result: Set<ObjectIdentifier> = []
    let called = Set(relations.values.lazy.flatMap(\.triggers).map(\.function))
    for (name, overloads) in functions {
      let isGone = isOfTriggers(name) && !called.contains(name)
      var later: [[String]: Set<String>] = [:]
      for function in overloads.reversed() {
        guard let body = function.body, !(isGone && function.mayBeOfTriggers) else { continue }
        if !function.isSchemaWritten {
          let schemas = later[function.signature] ?? []
          later[function.signature, default: []].insert(function.name.schema)
          if schemas.contains("public") || function.name.schema == "public" && !schemas.isEmpty {
            continue
          }
        }
        result.insert(ObjectIdentifier(body))
      }
    }
    return result
  }

  /// The names of the transition tables that triggers give to functions, by their names.
  package var transitions: [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    for trigger in relations.values.lazy.flatMap(\.triggers) where !trigger.transitions.isEmpty {
      result[trigger.function, default: []].formUnion(trigger.transitions)
    }
    return result
  }
}
