package import Foundation

/// A throw-away PostgreSQL server on a Unix socket in a temporary folder.
///
/// It ends, and its folder goes, when the process that started it ends, however that happens.
package struct PostgresServer: Sendable {
  /// Where socket, data and log lie.
  package let folder: URL

  /// The server that all tests of this process share; started by the first that asks.
  package static func shared() throws -> PostgresServer { try started.get() }

  private static let started = Result { try PostgresServer() }

  /// A test suite runs all its cases at once, each with a few sessions; the server has a limit.
  private static let turnstile = Turnstile(40)

  /// Whether tests that need a server run: where it can't be found they are skipped, except on a
  /// build server (`CI` is set), where they fail. Under a sanitizer they do not run: sessions would
  /// have to keep time with tests that take many times as long.
  package static var isExpected: Bool {
    let environment = ProcessInfo.processInfo.environment
    guard environment["SQLLOCK_SANITIZED"] == nil else { return false }
    return PostgresInstallation.find() != nil || environment["CI"] != nil
  }

  /// Gives `body` an empty database, dropped afterwards; waits while too many others have one.
  package func withDatabase<Value>(
    _ body: (PostgresDatabase) async throws -> Value
  ) async throws -> Value {
    await Self.turnstile.enter()
    defer { Self.turnstile.leave() }
    let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
    try PostgresSession(folder: folder.path, database: "postgres")
      .execute("CREATE DATABASE \(name) TEMPLATE template0")
    defer {
      _ = try? PostgresSession(folder: folder.path, database: "postgres")
        .execute("DROP DATABASE \(name) WITH (FORCE)")
    }
    return try await body(PostgresDatabase(folder: folder.path, name: name))
  }

  private init() throws {
    guard let installation = PostgresInstallation.find() else {
      throw PostgresUnavailable(reason: "no `initdb` and `postgres` found; install PostgreSQL")
    }
    folder = try Self.makeFolder()
    try waitUntilReady(ServerProcess(script: Self.script(installation), folder: folder))
  }

  /// Socket names may have 107 bytes only, so the folder is not below a long `TMPDIR`.
  private static func makeFolder() throws -> URL {
    var template = Array("/tmp/sqllock-postgres.XXXXXX".utf8CString)
    guard let name = mkdtemp(&template) else {
      throw PostgresUnavailable(reason: "no temporary folder: errno \(errno)")
    }
    return URL(filePath: String(cString: name), directoryHint: .isDirectory)
  }

  /// The server runs beside a `cat` that ends when the last holder of the other end of standard
  /// input, which is the test process, is gone. A server that has just been started ignores the
  /// signal, so it is sent until the server is gone.
  private static func script(_ installation: PostgresInstallation) -> String {
    let user =
      geteuid() == 0 ? "setpriv --reuid postgres --regid postgres --init-groups" : "env"
    let settings = [
      "listen_addresses=", "unix_socket_directories=$PWD", "max_connections=400",
      "deadlock_timeout=100ms", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
      // What the tests count on must not change under them.
      "autovacuum=off", "jit=off",
    ].map { "-c \"\($0)\"" }.joined(separator: " ")
    return """
      [ "$(id -u)" != 0 ] || chown postgres .
      \(user) '\(installation.folder)/initdb' -D data -U postgres -A trust -E UTF8 \
      --locale=C --no-sync || exit
      \(user) '\(installation.folder)/postgres' -D data \(settings) </dev/null &
      server=$!
      cat >/dev/null
      while kill -QUIT $server 2>/dev/null; do sleep 0.05; done
      cd / && rm -rf "$OLDPWD"
      """
  }

  private func waitUntilReady(_ process: ServerProcess) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      do {
        _ = try PostgresSession(folder: folder.path, database: "postgres")
        return
      } catch {
        guard process.isEnded || ContinuousClock.now > deadline else {
          usleep(20_000)
          continue
        }
        let log = (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(at: folder)
        throw PostgresUnavailable(reason: "no connection: \(error)\n\(log)")
      }
    }
  }
}

/// There is no server to test with.
package struct PostgresUnavailable: Error, CustomStringConvertible {
  let reason: String

  package var description: String { "PostgreSQL is not available: \(reason)" }
}
