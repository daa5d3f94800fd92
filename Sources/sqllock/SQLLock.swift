import ArgumentParser
import Linting
import PostgresSyntax
import Reports

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The command line.
@main
struct SQLLock: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "sqllock",
    abstract: "Finds PostgreSQL lock orders that can deadlock.",
    discussion: """
      Reads SQL (migrations, query files, psql scripts, dumps), works out which rows and tables \
      every statement locks and in which order, and reports the orders that can end in \
      `deadlock detected` (40P01).

      EXAMPLES
        sqllock lint migrations/ queries/
        sqllock lint --output-format github
        sqllock locks queries/orders.sql
        sqllock explain unordered-upsert
      """,
    version: "sqllock \(version) (grammar of PostgreSQL \(Grammar.version))",
    subcommands: [
      Lint.self, Locks.self, Graph.self, Order.self, Files.self, Init.self,
      Explain.self, Rules.self,
    ])

  /// Runs a command; 2 is the exit code of whatever keeps the tool from doing its work.
  static func main() async {
    // A reader that closes the pipe ends the output, not the process.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let error as UserError {
      fail(error)
    } catch let code as ExitCode {
      Self.exit(withError: code)
    } catch {
      let isRequest = exitCode(for: error) == .success
      let lines = message(of: error).split(separator: "\n", omittingEmptySubsequences: false)
      let message = lines.map { printable(String($0)) + "\n" }.joined()
      guard isRequest else {
        Output.error(message)
        Self.exit(withError: ExitCode(2))
      }
      do { try Output.write(message) } catch { fail(error) }
      Self.exit(withError: ExitCode.success)
    }
  }

  /// What the parser of arguments has to say, in this tool's words.
  private static func message(of error: any Error) -> String {
    let message = fullMessage(for: error)
    let start = "Error: "
    guard message.hasPrefix(start) else { return message }
    let rest = message.dropFirst(start.count)
    let unknown = "Unexpected argument '"
    guard rest.hasPrefix(unknown), let word = CommandLine.arguments.dropFirst().first,
      rest.hasPrefix(unknown + word + "'")
    else { return "error: " + rest.prefix(1).lowercased() + rest.dropFirst() }
    let names = configuration.subcommands.map { "\($0)".lowercased() }
    let hint = Spelling.hint(Spelling.nearest(to: word, in: names))
    let lines = rest.split(separator: "\n", maxSplits: 1).dropFirst().joined()
    return "error: unknown command `\(word)`\(hint)\n\(lines)"
  }

  private static func fail(_ error: UserError) -> Never {
    for line in error.lines { Output.errorLine(line) }
    exit(withError: ExitCode(2))
  }
}

/// Something that the user can set right: a line for each thing, exit code 2.
struct UserError: Error {
  let lines: [String]

  /// Lines that begin with a place.
  init(lines: [String]) { self.lines = lines }

  init(message: String) { lines = ["error: \(message)"] }
}
