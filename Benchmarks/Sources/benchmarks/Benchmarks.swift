import Foundation

/// Makes a corpus of SQL files and measures the linter over it, or over any other folder.
@main
struct Benchmarks {
  static func main() {
    do {
      var arguments = Arguments(CommandLine.arguments.dropFirst())
      switch arguments.next() {
      case "generate": try generate(&arguments)
      case "transactions": try transactions(&arguments)
      case "measure": try measure(&arguments)
      default: throw UsageError()
      }
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(2)
    }
  }

  private static func generate(_ arguments: inout Arguments) throws {
    let folder = try arguments.required()
    let files = try arguments.number("--files") ?? 1000
    let bytes = try arguments.number("--bytes") ?? 2_500_000
    let seed = try arguments.number("--seed") ?? 1
    try arguments.finish()
    let corpus = Corpus(files: files, bytes: bytes, seed: UInt64(seed))
    try corpus.write(to: folder)
    print("\(corpus.files.count) files, \(corpus.byteCount) bytes in \(folder)")
  }

  private static func transactions(_ arguments: inout Arguments) throws {
    let folder = try arguments.required()
    let count = try arguments.number("--count") ?? 20_000
    let tables = try arguments.number("--tables") ?? 500
    let opposite = try arguments.number("--opposite") ?? 20
    let seed = try arguments.number("--seed") ?? 1
    try arguments.finish()
    guard tables > 0 else { throw UsageError() }
    let corpus = TransactionCorpus(
      transactions: count, tables: tables, opposite: opposite, seed: UInt64(seed))
    try corpus.write(to: folder)
    print("\(count) transactions, \(corpus.text.utf8.count) bytes in \(folder)")
  }

  private static func measure(_ arguments: inout Arguments) throws {
    let folder = try arguments.required()
    let repetitions = try arguments.number("--repetitions") ?? 9
    let binary = try arguments.text("--binary")
    try arguments.finish()
    // First, while this process is small: a child's peak memory starts with its parent's.
    let child = try binary.map { try BinaryFigures(binary: $0, folder: folder) }
    let figures = try LintFigures(folder: folder, repetitions: max(1, repetitions))
    print(Table(figures, child).text)
  }
}

/// How the tool is called.
struct UsageError: Error, CustomStringConvertible {
  var description: String {
    """
    benchmarks generate FOLDER [--files N] [--bytes M] [--seed S]
    benchmarks transactions FOLDER [--count N] [--tables M] [--opposite K] [--seed S]
    benchmarks measure FOLDER [--repetitions N] [--binary PATH]
    """
  }
}

/// The command line, taken apart from the front.
struct Arguments {
  private var words: [String]

  init(_ words: some Sequence<String>) { self.words = Array(words) }

  mutating func next() -> String? { words.isEmpty ? nil : words.removeFirst() }

  mutating func required() throws -> String {
    guard let word = next(), !word.hasPrefix("-") else { throw UsageError() }
    return word
  }

  mutating func text(_ option: String) throws -> String? {
    guard let index = words.firstIndex(of: option) else { return nil }
    guard index + 1 < words.count else { throw UsageError() }
    defer { words.removeSubrange(index...(index + 1)) }
    return words[index + 1]
  }

  mutating func number(_ option: String) throws -> Int? {
    guard let text = try text(option) else { return nil }
    guard let number = Int(text), number >= 0 else { throw UsageError() }
    return number
  }

  func finish() throws {
    guard words.isEmpty else { throw UsageError() }
  }
}
