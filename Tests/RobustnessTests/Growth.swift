import CommandTesting
import Testing

/// What a command costs over an input of some size.
struct Growth: Sendable {
  /// A command that reads standard input and writes all that it knows.
  enum Work: String, CaseIterable, Sendable {
    case lint, locks

    /// The command line; one thread, so that processor time is the work.
    var arguments: [String] {
      switch self {
      case .lint:
        ["lint", "-v", "--select", "all", "--output-format", "json", "-q", "-j", "1", "-"]
      case .locks: ["locks", "-v", "--output-format", "json", "-q", "-j", "1", "-"]
      }
    }
  }

  /// The size, the bytes of the text and of the output, and the seconds of processor time.
  struct Point: Sendable {
    let size: Int
    let input: Int
    let output: Int
    var cpu: Double
    let end: MeasuredCommand.End
  }

  let input: GrowingInput
  let work: Work

  /// Runs the command over a size.
  func point(_ size: Int, seconds: Int = 20) async throws -> Point {
    let text = Array(input.text(size).utf8)
    let run = try await MeasuredCommand.run(work.arguments, input: text, seconds: seconds)
    return Point(
      size: size, input: text.count, output: run.output.count, cpu: run.cpu, end: run.end)
  }

  /// The first of the sizes, each twice the one before, that takes as long as can be measured well, or fails.
  func measurable(_ seconds: Double) async throws -> Point {
    var point = try await point(input.start)
    while point.cpu < seconds, point.size < 1 << 17, !point.hasFailed {
      point = try await self.point(point.size * 2)
    }
    return point
  }

  /// What grows faster than the text when its size is doubled twice; nothing when all is well.
  func problems() async throws -> [String] {
    var small = try await measurable(0.3)
    guard !small.hasFailed else { return ["\(small)"] }
    var large = try await point(small.size * 4)
    // A busy moment of the machine hits one of them; the least of some runs is the work.
    for _ in 0..<2
    where !large.hasFailed
      && large.cpu / small.cpu > Self.limit * Double(large.input) / Double(small.input)
    {
      small.cpu = min(small.cpu, try await point(small.size).cpu)
      large.cpu = min(large.cpu, try await point(large.size).cpu)
    }
    guard !large.hasFailed else { return ["\(small)", "\(large)"] }
    let text = Double(large.input) / Double(small.input)
    let work = large.cpu / small.cpu
    let output = Double(large.output + 1000) / Double(small.output + 1000)
    return [("work", work), ("output", output)].filter { $0.1 > Self.limit * text }.map {
      "\($0.0) grows \($0.1) times where the text grows \(text) times: \(small) \(large)"
    }
  }

  /// How much faster than the text work and output may grow where the size is doubled twice, 1.4
  /// for each time: a square grows four times as fast, `n log n` a fifth faster.
  static let limit = 1.96
}

extension Growth.Point {
  /// Whether the tool could not do its work.
  var hasFailed: Bool { end != .exited(0) && end != .exited(1) }
}

extension Growth.Point: CustomStringConvertible {
  var description: String {
    "(\(size): \(input) bytes → \(output) bytes, \(cpu) s, \(end))"
  }
}

extension Growth: CustomTestStringConvertible {
  var testDescription: String { "\(work.rawValue): \(input.name)" }
}
