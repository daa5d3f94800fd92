#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

import Reports

/// Writes to the standard streams; a closed pipe is no error.
enum Output {
  /// Writes to standard output; throws `UserError` where it can't take the text, as when a disk is
  /// full.
  static func write(_ text: String) throws(UserError) {
    guard write(text, to: STDOUT_FILENO) || errno == EPIPE else {
      throw FileSystem.failure("standard output")
    }
  }

  /// Writes bytes to standard output. Throws `UserError`.
  static func write(_ bytes: [UInt8]) throws(UserError) {
    guard bytes.withUnsafeBytes({ write($0, to: STDOUT_FILENO) }) || errno == EPIPE else {
      throw FileSystem.failure("standard output")
    }
  }

  /// Writes to standard error; there is no other place to say that this failed.
  static func error(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// One line on standard error, whatever the text holds.
  static func errorLine(_ line: String) { error(printable(line) + "\n") }

  /// The number of columns of the terminal, which COLUMNS tells first; 80 where nothing tells.
  static var width: Int {
    if let columns = environment("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
    var size = winsize()
    guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) != 0 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) != 0 }

  /// Whether all was written; `errno` tells why not.
  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, rest.baseAddress, rest.count)
      #else
        let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }

  /// The value of an environment variable, if it is set and not empty.
  static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
