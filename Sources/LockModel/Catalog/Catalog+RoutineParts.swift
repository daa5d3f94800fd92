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
    /// WHEN or WHERE.
    package var condition: RetainedNode?
    /// Whether it waits for COMMIT unless SET CONSTRAINTS says otherwise.
    package var isInitiallyDeferred = false
    /// Whether SET CONSTRAINTS can make it wait for COMMIT.
    package var isDeferrable = false
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
    /// WHEN or WHERE.
    package var condition: RetainedNode?
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
    /// In lower case.
    package var language: String
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

    /// Whether no literal among the arguments speaks against the types of the parameters.
    func fits(_ arguments: [Node]) -> Bool {
      let inputs = body?.parameters.filter(\.isInput) ?? []
      return zip(arguments, inputs).allSatisfy { argument, parameter in
        let isText = ["text", "varchar", "bpchar", "name"].contains(parameter.type)
        switch Literal(argument) {
        case .integer?, .number?: return !isText && parameter.type != "bool"
        case .boolean?: return parameter.type == "bool"
        case .string?, nil: return true
        }
      }
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
