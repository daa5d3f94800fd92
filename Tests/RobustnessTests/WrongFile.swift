import CommandTesting
import Foundation

/// A file of wrong SQL, and what the tool makes of it.
struct WrongFile: Sendable {
  let bytes: [UInt8]

  private static let commands = [
    ["lint", "-v", "--select", "all", "--output-format", "json", "-q"],
    ["locks", "-v", "--output-format", "json"],
  ]
  /// Processor time, with room for sanitizers; what ends takes a fraction of a second.
  private static let seconds = 120
  /// The most locks of a statement, for each statement of its file.
  private static let locksPerStatement = 40

  /// The first thing that is wrong; nil when all is well.
  func problem(seconds: Int = seconds) async throws -> String? {
    for command in Self.commands {
      // Two processes hash differently, so that an order that hashing makes shows as well.
      let one = try await run(command + ["-j", "1", "-"], seconds)
      guard one.hasDoneItsWork else { return Self.failure(command[0], one) }
      let two = try await run(command + ["-j", "2", "-"], seconds)
      guard two.hasDoneItsWork else { return Self.failure(command[0], two) }
      guard one.output == two.output, one.error == two.error else {
        return "\(command[0]) says different things of the same file"
      }
      if command[0] == "locks", let problem = try Self.excess(one) { return problem }
    }
    return nil
  }

  private func run(_ command: [String], _ seconds: Int) async throws -> MeasuredCommand {
    try await MeasuredCommand.run(command, input: bytes, seconds: seconds)
  }

  private static func failure(_ command: String, _ run: MeasuredCommand) -> String {
    "\(command) ended with \(run.end): \(String(decoding: run.error.suffix(2000), as: UTF8.self))"
  }

  private static func excess(_ run: MeasuredCommand) throws -> String? {
    struct Document: Decodable {
      struct Statement: Decodable { let locks: [Lock] }
      struct Lock: Decodable { let target: String }
      let statements: [Statement]
    }
    let statements = try JSONDecoder().decode(Document.self, from: Data(run.output)).statements
    let most = statements.map(\.locks.count).max() ?? 0
    return most > locksPerStatement * (statements.count + 5)
      ? "a statement has \(most) locks in a file of \(statements.count) statements" : nil
  }

  /// The text without the statements that the problem does not need.
  func minimized() async throws -> String {
    var pieces = String(decoding: bytes, as: UTF8.self).components(separatedBy: ";\n")
    var index = pieces.count - 1
    while index >= 0 {
      var fewer = pieces
      fewer.remove(at: index)
      let file = WrongFile(bytes: Array(fewer.joined(separator: ";\n").utf8))
      if try await file.problem(seconds: 10) != nil { pieces = fewer }
      index -= 1
    }
    return pieces.joined(separator: ";\n")
  }
}
