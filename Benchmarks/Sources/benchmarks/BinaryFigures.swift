import Foundation

/// The installed program, run as a user runs it.
struct BinaryFigures {
  /// The median of the seconds that `--version` takes.
  let start: Double
  /// The median of the seconds that a lint of the folder takes.
  let lint: Double
  /// The most memory that a lint of the folder has in use at once, in bytes.
  let peakMemory: Int

  static let starts = 50
  private static let lints = 5

  init(binary: String, folder: String) throws {
    _ = try Self.run([binary, "--version"])
    start = median(try (0..<Self.starts).map { _ in try Self.run([binary, "--version"]).seconds })
    let runs = try (0..<Self.lints).map { _ in
      try Self.run([binary, "lint", "--fail-on", "never", folder])
    }
    lint = median(runs.map(\.seconds))
    peakMemory = runs.map(\.memory).max() ?? 0
  }

  /// Runs a child with its output thrown away.
  private static func run(_ words: [String]) throws -> (seconds: Double, memory: Int) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    var status: Int32 = 0
    var usage = rusage()
    let failure = CommandFailure(command: words.joined(separator: " "))
    let cost = try Cost.of {
      guard posix_spawn(&process, words[0], &actions, nil, &arguments, environ) == 0,
        wait4(process, &status, 0, &usage) == process, status == 0
      else { throw failure }
    }
    #if canImport(Darwin)
      return (cost.wall, usage.ru_maxrss)
    #else
      return (cost.wall, usage.ru_maxrss * 1024)
    #endif
  }
}

/// A child that could not be run, or that failed.
struct CommandFailure: Error, CustomStringConvertible {
  let command: String
  var description: String { "failed: \(command)" }
}
