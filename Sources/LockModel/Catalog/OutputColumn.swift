package import PostgresSyntax

/// The name that a query's output column gets (manual, *SELECT*, "Output Name").
package enum OutputColumn {
  /// The alias, or what PostgreSQL makes of the expression; nil for `*`.
  package static func name(of target: ResultTarget) -> String? {
    if let name = target.name { return name }
    guard let value = target.value else { return nil }
    return name(of: value)
  }

  private static func name(of value: Node) -> String? {
    switch Expression(value) {
    case .column(let names): names.last
    case .call(let call): call.name
    case .cast(let inner, let type): name(of: inner) ?? type
    case .star: nil
    default: "?column?"
    }
  }
}
