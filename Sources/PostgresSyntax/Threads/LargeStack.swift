#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

private import Dispatch
private import Synchronization

/// Runs work on threads whose stacks are large enough for libpg_query's recursion.
///
/// Threads are kept and used again: libpg_query takes one of the process's thread-specific keys for
/// every thread that parses, and never gives it back (`pg_query_init` in `pg_query.c`).
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
    let workers = (0..<max(1, min(threads, count))).map { _ in
      idle.withLock { $0.popLast() } ?? Worker()
    }
    for worker in workers { worker.begin { work.run() } }
    for worker in workers { worker.finish() }
    idle.withLock { $0 += workers }
    return work.results
  }

  /// Threads that wait for work.
  private static let idle = Guarded<[Worker]>([])

  /// Calls `body` on a thread with a large stack and waits for it.
  public static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    map(count: 1, threads: 1) { _ in body() }[0]
  }

  /// Grows the heap of the calling thread at once and keeps it: glibc would ask the system for every
  /// few pages, and give them back. Pages are only taken when they are used.
  private static func reserveHeap() {
    #if canImport(Glibc)
      // Freeing a large block makes glibc take blocks of that size from the heap from then on, and
      // keep twice as much of it (mallopt(3), `M_MMAP_THRESHOLD`).
      free(malloc(31 << 20))
      let blocks = (0..<2).map { _ in malloc(28 << 20) }
      blocks.forEach { free($0) }
    #endif
  }

  private final class Work<Result: Sendable>: Sendable {
    private let body: @Sendable (Int) -> Result
    private let count: Int
    private let next = Atomic<Int>(0)
    private let done: Guarded<[Result?]>

    init(count: Int, body: @escaping @Sendable (Int) -> Result) {
      self.body = body
      self.count = count
      done = Guarded(Array(repeating: nil, count: count))
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

  /// One POSIX thread, which lives as long as the process.
  fileprivate final class Worker: Sendable {
    private let work = Guarded<(@Sendable () -> Void)?>(nil)
    private let started = DispatchSemaphore(value: 0)
    private let finished = DispatchSemaphore(value: 0)

    init() {
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      defer { pthread_attr_destroy(&attributes) }
      pthread_attr_setstacksize(&attributes, LargeStack.size)
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let status = pthread_create(
        &thread, &attributes, workerMain, Unmanaged.passRetained(self).toOpaque())
      precondition(status == 0, "no thread could be started")
    }

    func begin(_ body: @escaping @Sendable () -> Void) {
      work.withLock { $0 = body }
      started.signal()
    }

    func finish() { finished.wait() }

    func run() {
      LargeStack.reserveHeap()
      while true {
        started.wait()
        let body = work.withLock { work in
          defer { work = nil }
          return work
        }
        body?()
        finished.signal()
      }
    }
  }
}

#if canImport(Darwin)
  private func workerMain(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<LargeStack.Worker>.fromOpaque(argument).takeRetainedValue().run()
    return nil
  }
#else
  private func workerMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<LargeStack.Worker>.fromOpaque(argument).takeRetainedValue().run()
    return nil
  }
#endif
