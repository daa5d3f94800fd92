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
      Output.error("checking \(files) files …")
      return true
    }
  }

  /// Removes the line.
  func finish() {
    guard let task else { return }
    task.cancel()
    Task.detached { if await task.value { Output.error("\r\u{1B}[K") } }
  }
}
