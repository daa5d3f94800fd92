/// What a statement does to the rows of a table.
package enum WriteKind: String, Sendable, Hashable {
  case insert = "INSERT"
  case update = "UPDATE"
  case delete = "DELETE"
  case truncate = "TRUNCATE"
}
