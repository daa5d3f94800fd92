import Foundation

/// A run of the built `sqllock` under limits, and what it cost.
///
/// A child of its own: a crash or a hang ends the child, and nothing else is measured with it.
public struct MeasuredCommand: Sendable {
  /// How a run came to its end.
  public enum End: Sendable, Equatable {
    /// With an exit code.
    case exited(Int)
    /// By a signal: a crash, or the limit of processor time or memory.
    case killed(signal: Int)
  }

  /// How it ended.
  public let end: End
  /// Seconds of all processors, the system's own work included.
  public let cpu: Double
  /// The bytes of standard output.
  public let output: [UInt8]
  /// The bytes of standard error.
  public let error: [UInt8]

  /// The exit code is one that the tool gives when it has done its work.
  public var hasDoneItsWork: Bool { end == .exited(0) || end == .exited(1) }

  /// Runs `sqllock` over a text on standard input.
  ///
  /// - Parameter seconds: The most seconds of processor time that the child may take.
  public static func run(
    _ arguments: [String], input: [UInt8], seconds: Int = 120
  ) async throws -> MeasuredCommand {
    let binary = try Environment.binary()
    return try await withCheckedThrowingContinuation { continuation in
      queue.addOperation {
        continuation.resume(
          with: Result { try wait(for: [binary] + arguments, input: input, seconds: seconds) })
      }
    }
  }

  /// Something that kept a child from being run.
  public struct Failure: Error {}

  /// As many children at once as there are processors, and none of the few threads of Swift's own
  /// pool waits for them.
  private static let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount
    return queue
  }()

  private enum Environment {
    /// Another binary than that beside the tests, for measuring a release build.
    static func binary() throws -> String {
      try ProcessInfo.processInfo.environment["SQLLOCK_BINARY"] ?? Command.binary().path
    }

    /// The address space is not limited where a sanitizer reserves most of it.
    static let limits =
      ProcessInfo.processInfo.environment["SQLLOCK_SANITIZED"] == nil ? "ulimit -v 12000000; " : ""
  }

  private static func wait(
    for words: [String], input: [UInt8], seconds: Int
  ) throws -> MeasuredCommand {
    let files = try Files(input: input)
    defer { files.remove() }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, path, mode) in [
      (STDIN_FILENO, files.input, O_RDONLY), (STDOUT_FILENO, files.output, O_WRONLY | O_CREAT),
      (STDERR_FILENO, files.error, O_WRONLY | O_CREAT),
    ] {
      posix_spawn_file_actions_addopen(&actions, descriptor, path, mode, 0o600)
    }
    let script = "ulimit -c 0; ulimit -t \(seconds); \(Environment.limits)exec \"$@\""
    let arguments = (["/bin/sh", "-c", script, "sh"] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    var status: Int32 = 0
    var usage = rusage()
    guard posix_spawn(&process, "/bin/sh", &actions, nil, arguments, environ) == 0,
      wait4(process, &status, 0, &usage) == process
    else { throw Failure() }
    let signal = Int(status & 0x7F)
    return MeasuredCommand(
      end: signal == 0 ? .exited(Int(status >> 8) & 0xFF) : .killed(signal: signal),
      cpu: usage.ru_utime.seconds + usage.ru_stime.seconds,
      output: try files.read(files.output), error: try files.read(files.error))
  }

  /// The files that stand for the standard streams of a child.
  private struct Files {
    private let folder: URL

    init(input: [UInt8]) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(input).write(to: folder.appending(path: "input"))
    }

    var input: String { folder.appending(path: "input").path }
    var output: String { folder.appending(path: "output").path }
    var error: String { folder.appending(path: "error").path }

    func read(_ path: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
  }
}

extension timeval {
  fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}
