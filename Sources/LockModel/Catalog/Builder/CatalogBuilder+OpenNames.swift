import PostgresSyntax

extension CatalogBuilder {
  /// A routine that makes tables whose names it puts together shows what is in them, whoever calls
  /// it: nothing else has these names.
  mutating func defineOpenTables(of routine: RoutineBody?, _ name: String) {
    guard case .plpgsql(let block)? = routine?.content else { return }
    var names = DynamicNames(in: name)
    var assigned: [String: PLQuery] = [:]
    for kind in Self.kinds(in: block) {
      switch kind {
      case .assign(let target, let value): assigned[target] = value
      case .dynamic(let text, _, _):
        let variables = DynamicSQL.Variables { [assigned] in
          DynamicSQL.Variables.Value(version: 0, query: assigned[$0])
        }
        guard
          case .statement(let statement) = DynamicSQL.parse(
            text, names: &names, variables: variables),
          Self.definesOpenTable(statement.command)
        else { continue }
        define(statement)
      default: break
      }
    }
  }

  /// Whether a statement makes or alters a table whose name is put together, with a part of it or
  /// its schema written.
  private static func definesOpenTable(_ command: SQLCommand) -> Bool {
    let table: TableReference? =
      switch command {
      case .createTable(let definition): definition.table
      case .createIndex(let definition): definition.table
      case .alterTable(let change): change.relation
      default: nil
      }
    guard let table, DynamicNames.isOpen(table.name) else { return false }
    return table.name.contains("…") || table.schema.map { !DynamicNames.isOpen($0) } ?? false
  }
}
