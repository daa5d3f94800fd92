import Foundation

/// What a piece of work took.
struct Cost {
  /// Seconds on the wall.
  let wall: Double
  /// Seconds of all processors, the system's own work included.
  let cpu: Double

  /// Runs work and tells what it took.
  static func of(_ work: () throws -> Void) rethrows -> Cost {
    let (wall, cpu) = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
    try work()
    return Cost(wall: now(CLOCK_MONOTONIC) - wall, cpu: now(CLOCK_PROCESS_CPUTIME_ID) - cpu)
  }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// The middle value; the lower one of two.
func median(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : values.sorted()[(values.count - 1) / 2]
}

/// The middle of walls and of processor times, each for itself.
func median(_ costs: [Cost]) -> Cost {
  Cost(wall: median(costs.map(\.wall)), cpu: median(costs.map(\.cpu)))
}
