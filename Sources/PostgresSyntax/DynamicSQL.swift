package enum DynamicSQL {
  package enum Result: Sendable {
    case statement(Statement)
    case unknown(reason: String)
  }
  package static func parse(_ query: PLQuery, in file: ParsedFile) -> Result {
    .unknown(reason: "EXECUTE runs a text that is made when it runs")
  }
}
