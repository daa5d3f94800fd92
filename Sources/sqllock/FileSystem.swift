import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few things that are wanted of the file system.
enum FileSystem {
  enum Kind { case file, directory, missing }

  static func kind(of path: String) -> Kind {
    var info = stat()
    guard stat(path, &info) == 0 else { return .missing }
    return info.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The content of a file; throws `UserError` with the system's reason.
  static func read(_ path: String) throws(UserError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    return try read(descriptor, name: path)
  }

  static func readStandardInput() throws(UserError) -> [UInt8] {
    try read(STDIN_FILENO, name: "standard input")
  }

  private static func read(_ descriptor: Int32, name: String) throws(UserError) -> [UInt8] {
    var info = stat()
    let expected = fstat(descriptor, &info) == 0 ? Int(info.st_size) : 0
    var result: [UInt8] = []
    while true {
      let room = max(expected - result.count + 1, 1 << 16)
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
        count = systemRead(descriptor, buffer.baseAddress, room)
        initialized = max(count, 0)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(name)
      }
      if count == 0 { return result }
      if result.isEmpty { result = chunk } else { result += chunk }
    }
  }

  private static func systemRead(
    _ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, buffer, count)
    #elseif canImport(Musl)
      Musl.read(descriptor, buffer, count)
    #else
      Darwin.read(descriptor, buffer, count)
    #endif
  }

  /// Writes a file as a whole; throws `UserError` with the system's reason.
  static func write(_ text: String, to path: String) throws(UserError) {
    guard let file = fopen(path, "w") else { throw failure(path) }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw failure(path) }
  }

  static func failure(_ path: String) -> UserError {
    let reason = String(cString: strerror(errno))
    return UserError(message: "\(path): \(reason.prefix(1).lowercased() + reason.dropFirst())")
  }

  /// The `.sql` files below a folder, without hidden folders and `node_modules`.
  static func walk(_ folder: String) throws(UserError) -> [String] {
    guard let directory = opendir(folder) else { throw failure(folder) }
    defer { closedir(directory) }
    var files: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix("."), name != "node_modules" else { continue }
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      switch kind(of: path) {
      case .directory:
        // A link to a folder may lead back up; what it leads to is found where it is.
        if !isLink(path) { files += try walk(path) }
      case .file: if isSQL(name) { files.append(path) }
      case .missing: break
      }
    }
    return files
  }

  private static func isLink(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
  }

  static func isSQL(_ name: String) -> Bool { name.lowercased().hasSuffix(".sql") }

  /// The path with links and dots resolved.
  static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
