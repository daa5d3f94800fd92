internal import CPgQuery

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The calls of libpg_query that are used, with their memory freed on every path.
enum PgQuery {
  /// What the parser says of text that it refuses.
  struct Failure: Error {
    let message: String
    /// In bytes of the whole text.
    let offset: Int
  }

  /// Parses a range of `bytes` with some text in front of it and parts of it blanked; the JSON
  /// belongs to the caller, who frees it with `free`.
  static func parse(
    _ bytes: [UInt8], range: Range<Int>, prefix: StaticString = "", blanks: [Range<Int>] = []
  ) -> Result<UnsafeMutablePointer<CChar>, Failure> {
    let base = range.lowerBound - prefix.utf8CodeUnitCount
    let count = range.upperBound - base
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: count + 1)
    defer { copy.deallocate() }
    for index in 0..<prefix.utf8CodeUnitCount {
      copy[index] = CChar(bitPattern: prefix.utf8Start[index])
    }
    bytes.withUnsafeBytes { text in
      UnsafeMutableRawBufferPointer(
        start: copy + prefix.utf8CodeUnitCount, count: range.count
      ).copyMemory(from: UnsafeRawBufferPointer(rebasing: text[range]))
    }
    for index in blanks.joined() { copy[index - base] = CChar(UInt8(ascii: " ")) }
    copy[count] = 0
    let result = pg_query_parse(copy)
    if let error = result.error {
      let message = error.pointee.message.map { String(cString: $0) } ?? "parse error"
      let characters = Int(error.pointee.cursorpos) - 1
      pg_query_free_parse_result(result)
      let offset = base + byteOffset(of: characters, in: copy, count: count)
      return .failure(Failure(message: message, offset: max(offset, range.lowerBound)))
    }
    guard let json = result.parse_tree else {
      preconditionFailure("libpg_query returned neither a tree nor an error")
    }
    free(result.stderr_buffer)
    return .success(json)
  }

  /// What libpg_query makes of the PL/pgSQL functions and DO blocks of a text, as JSON; nil when it
  /// refuses them.
  static func parseRoutines(_ text: String) -> String? {
    let result = pg_query_parse_plpgsql(text)
    defer { pg_query_free_plpgsql_parse_result(result) }
    guard result.error == nil, let json = result.plpgsql_funcs else { return nil }
    return String(cString: json)
  }

  /// The parser counts characters, not bytes (`scanner_errposition` in PostgreSQL's `scan.l`).
  private static func byteOffset(
    of characters: Int, in text: UnsafePointer<CChar>, count: Int
  ) -> Int {
    var remaining = max(characters, 0)
    var offset = 0
    while offset < count, remaining > 0 {
      offset += 1
      while offset < count, UInt8(bitPattern: text[offset]) & 0xC0 == 0x80 { offset += 1 }
      remaining -= 1
    }
    return offset
  }

  /// The PostgreSQL version whose grammar is built in, for example `15.1`.
  static var grammarVersion: String { PG_VERSION }
}

/// What is known of the grammar that is built in.
public enum Grammar {
  /// The PostgreSQL version, for example `15.1`.
  public static var version: String { PgQuery.grammarVersion }
}
