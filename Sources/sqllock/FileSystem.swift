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
  enum Kind { case file, directory }

  /// What a path leads to; throws `UserError` with the system's reason when that can't be told.
  static func kind(of path: String) throws(UserError) -> Kind {
    var info = stat()
    guard stat(path, &info) == 0 else { throw failure(path) }
    return info.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether there is such a name, even if it leads nowhere.
  static func isNamed(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
  }

  /// Tells files apart whatever the paths that lead to them.
  struct Identity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    fileprivate init(_ info: stat) {
      device = UInt64(truncatingIfNeeded: info.st_dev)
      inode = UInt64(truncatingIfNeeded: info.st_ino)
    }
  }

  /// What tells a file apart; nil when there is none.
  static func identity(of path: String) -> Identity? {
    var info = stat()
    return stat(path, &info) == 0 ? Identity(info) : nil
  }

  /// A file that was read.
  struct Content: Sendable {
    let identity: Identity
    let bytes: [UInt8]
  }

  /// The content of a file; nil for what is gone or is no regular file, such as a folder or a pipe,
  /// if it may be skipped. Throws `UserError` with the system's reason.
  static func read(_ path: String, orSkip maySkip: Bool) throws(UserError) -> Content? {
    let descriptor = open(path, maySkip ? O_RDONLY | O_NONBLOCK : O_RDONLY)
    guard descriptor >= 0 else {
      if maySkip, errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
      throw failure(path)
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw failure(path) }
    let isRegular = info.st_mode & S_IFMT == S_IFREG
    guard isRegular || !maySkip else { return nil }
    let size = isRegular ? Int(info.st_size) : nil
    return Content(identity: Identity(info), bytes: try read(descriptor, size: size, name: path))
  }

  static func readStandardInput() throws(UserError) -> [UInt8] {
    try read(STDIN_FILENO, size: nil, name: "standard input")
  }

  /// Reads to the end; the size of a regular file saves room and the call that finds nothing more.
  private static func read(
    _ descriptor: Int32, size: Int?, name: String
  ) throws(UserError) -> [UInt8] {
    var result: [UInt8] = []
    while true {
      let room = result.isEmpty ? (size ?? 1 << 16) + 1 : 1 << 16
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
        count = systemRead(descriptor, buffer.baseAddress, room)
        initialized = max(count, 0)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(name)
      }
      if result.isEmpty { result = chunk } else { result += chunk }
      if count == 0 || result.count == size { return result }
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
    try write(Array(text.utf8), to: path)
  }

  /// Writes a file as a whole; throws `UserError` with the system's reason.
  static func write(_ bytes: [UInt8], to path: String) throws(UserError) {
    guard let file = fopen(path, "w") else { throw failure(path) }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw failure(path) }
  }

  static func failure(_ path: String) -> UserError {
    let reason = String(cString: strerror(errno))
    return UserError(message: "\(path): \(reason.prefix(1).lowercased() + reason.dropFirst())")
  }

  /// Whether a path leads through a hidden folder or `node_modules`.
  static func isHidden(_ path: some Sequence<UInt8>) -> Bool {
    Array(path).split(separator: UInt8(ascii: "/")).dropLast().contains { folder in
      folder.first == UInt8(ascii: ".") || folder.elementsEqual("node_modules".utf8)
    }
  }

  /// The SQL files below a folder and the others, without hidden folders and `node_modules`.
  static func walk(
    _ folder: String
  ) throws(UserError) -> (files: [String], others: [String]) {
    guard let directory = opendir(folder) else { throw failure(folder) }
    defer { closedir(directory) }
    var files: [String] = []
    var others: [String] = []
    while let entry = readdir(directory) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard bytes.first != UInt8(ascii: "."), !bytes.elementsEqual("node_modules".utf8) else {
        continue
      }
      let name = String(decoding: bytes, as: UTF8.self)
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      if isFolder(path, entry.pointee.d_type) {
        let below = try walk(path)
        files += below.files
        others += below.others
      } else if isSQL(name) {
        try requireText(bytes, path)
        files.append(path)
      } else {
        others.append(path)
      }
    }
    return (files, others)
  }

  /// A path is text here: one that is not leads nowhere once it has been repaired. Throws
  /// `UserError`.
  static func requireText(_ bytes: some Collection<UInt8>, _ path: String) throws(UserError) {
    guard path.utf8.suffix(bytes.count).elementsEqual(bytes) else {
      throw UserError(message: "\(path): can't be read, its name is not UTF-8")
    }
  }

  /// Whether an entry of a folder is one itself. A link to a folder is none: it may lead back up,
  /// and what it leads to is found where it is.
  private static func isFolder(_ path: String, _ type: UInt8) -> Bool {
    guard Int(type) == Int(DT_UNKNOWN) else { return Int(type) == Int(DT_DIR) }
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  /// The endings of SQL that PostgreSQL reads.
  private static let endings = [".sql", ".pgsql", ".psql", ".sql.postgres", ".sql.pg"].map {
    Array($0.utf8)
  }

  static func isSQL(_ name: String) -> Bool {
    endings.contains { ending in
      name.utf8.suffix(ending.count).map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        .elementsEqual(ending)
    }
  }

  /// An absolute path as reports name it: below the working directory without it.
  static func shown(_ path: String) -> String {
    let folder = canonical(".") + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }

  /// A path as a patch names it: where it leads to, if it is a link, as git changes no file behind one.
  static func patched(_ path: String) -> String {
    let target = shown(canonical(path))
    return target.hasPrefix("/") ? path : target
  }

  /// The path with links and dots resolved.
  static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

extension FileSystem {
  /// Puts another text in the place of a file's, at once: whoever reads it sees the old one or the new
  /// one. Mode and owner stay; links lead where they did. Throws `UserError` where the file can't be
  /// written, or is not any more what it was.
  static func replace(
    _ path: String, was old: [UInt8], by new: [UInt8]
  ) throws(UserError) {
    let target = canonical(path)
    var info = stat()
    guard stat(target, &info) == 0, access(target, W_OK) == 0 else { throw failure(path) }
    // Root may write everything; what is read-only is not meant to be changed.
    guard info.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH) != 0 else {
      throw UserError(message: "\(path): is read-only")
    }
    guard try read(target, orSkip: false)?.bytes == old else {
      throw UserError(message: "\(path): was changed meanwhile, or is not what is staged")
    }
    // Other names of the file are to see the new text as well.
    if info.st_nlink > 1 { return try write(new, to: target) }
    var name = Array("\(target).XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw failure(path) }
    let temporary = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    do throws(UserError) {
      defer { close(descriptor) }
      let written = new.withUnsafeBytes { Output.write($0, to: descriptor) }
      // Only root can give a file away; where it can't, it is the user's own.
      _ = fchown(descriptor, info.st_uid, info.st_gid)
      guard written, fchmod(descriptor, info.st_mode & 0o7777) == 0, fsync(descriptor) == 0 else {
        throw failure(path)
      }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, target) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }
}
