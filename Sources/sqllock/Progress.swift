/// A line on the terminal while the work lasts longer than half a second.
struct Progress {
  private let task: Task<Bool, Never>?

  init(files: Int, isShown: Bool) {
    guard isShown else {
      task = nil
      return
    }
    task = Task.detached {
      do { try await Task.sleep(for: .milliseconds(500)) } catch { return false }
      Output.error("checking \(SummaryLine.count(files, "file")) …")
      return true
    }
  }

  /// Removes the line; what is written next stands in its place.
  func finish() async {
    guard let task else { return }
    task.cancel()
    if await task.value { Output.error("\r\u{1B}[K") }
  }
}
