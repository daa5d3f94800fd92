import PostgresSyntax

/// The statements of routines: each routine of the final catalog is a transaction of the
/// application, whoever calls it.
struct RoutineUnits {
  let project: Project
  let catalog: Catalog
  let threads: Int
  let detail: Lowering.Detail

  /// Puts the statements of each routine behind the statement that defines it.
  func insert(into statements: [LoweredStatement]) -> [LoweredStatement] { statements }
}
