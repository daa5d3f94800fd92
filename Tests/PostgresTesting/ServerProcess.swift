import Foundation

/// A shell script that runs until this process ends.
///
/// Not Foundation's `Process`: the script must not inherit any other open file, and must learn of
/// the end of this process even when it is killed. Its standard input is a pipe whose other end
/// only this process holds.
struct ServerProcess {
  private let pid: pid_t

  /// It has ended before its time.
  var isEnded: Bool { waitpid(pid, nil, WNOHANG) != 0 }

  /// Starts `script` in `folder`; what it says goes to the file `log` there.
  init(script: String, folder: URL) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw PostgresUnavailable(reason: "pipe: errno \(errno)") }
    // Copying the read end to 0 clears the flag there; nobody inherits the other.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }

    #if canImport(Darwin)
      var files: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var files = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&files)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&files)
      posix_spawnattr_destroy(&attributes)
    }
    let log = folder.appending(path: "log").path
    posix_spawn_file_actions_adddup2(&files, ends[0], 0)
    posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&files, 1, 2)
    // A process group of its own, so that Ctrl-C ends the tests and these then end the server.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)

    let words = ["sh", "-c", "cd '\(folder.path)' && {\n\(script)\n}"]
    let arguments = words.map { strdup($0) }
    defer { arguments.forEach { free($0) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, "/bin/sh", &files, &attributes, arguments + [nil], environ)
    guard error == 0 else { throw PostgresUnavailable(reason: "posix_spawn: errno \(error)") }
    self.pid = pid
  }
}
