#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

private import Synchronization

/// Runs work on threads whose stacks are large enough for libpg_query's recursion.
public enum LargeStack {
  /// Reserved, not used: pages are only taken when the stack grows into them.
  static let size = 1 << 30

  /// Calls `body` for every index below `count`, on up to `threads` threads, and returns the
  /// results in the order of the indices.
  public static func map<Result: Sendable>(
    count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    guard count > 0 else { return [] }
    let work = Work(count: count, body: body)
    let workers = (0..<max(1, min(threads, count))).map { _ in Worker { work.run() } }
    for worker in workers { worker.join() }
    return work.results
  }

  /// Calls `body` on a thread with a large stack and waits for it.
  public static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    map(count: 1, threads: 1) { _ in body() }[0]
  }

  private final class Work<Result: Sendable>: Sendable {
    private let body: @Sendable (Int) -> Result
    private let count: Int
    private let next = Atomic<Int>(0)
    private let done: Mutex<[Result?]>

    init(count: Int, body: @escaping @Sendable (Int) -> Result) {
      self.body = body
      self.count = count
      done = Mutex(Array(repeating: nil, count: count))
    }

    func run() {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        let result = body(index)
        done.withLock { $0[index] = result }
      }
    }

    var results: [Result] { done.withLock { $0.compactMap { $0 } } }
  }

  /// One POSIX thread.
  private struct Worker {
    private let thread: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      defer { pthread_attr_destroy(&attributes) }
      pthread_attr_setstacksize(&attributes, LargeStack.size)
      let box = Unmanaged.passRetained(Box(body))
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let status = pthread_create(&thread, &attributes, workerMain, box.toOpaque())
      precondition(status == 0, "no thread could be started")
      #if canImport(Darwin)
        self.thread = thread!
      #else
        self.thread = thread
      #endif
    }

    func join() { pthread_join(thread, nil) }
  }

  fileprivate final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

#if canImport(Darwin)
  private func workerMain(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<LargeStack.Box>.fromOpaque(argument).takeRetainedValue().body()
    return nil
  }
#else
  private func workerMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<LargeStack.Box>.fromOpaque(argument).takeRetainedValue().body()
    return nil
  }
#endif
