import CPgQuery

/// A token as PostgreSQL's own scanner finds it.
struct ScannedToken: Equatable {
  var start = 0
  var end = 0
  var kind = 0

  /// `SQL_COMMENT` and `C_COMMENT` of `pg_query.proto`.
  var isComment: Bool { kind == 275 || kind == 276 }

  /// The tokens of a text; nil when the scanner refuses it.
  static func scan(_ text: String) -> [ScannedToken]? {
    let result = pg_query_scan(text)
    defer { pg_query_free_scan_result(result) }
    guard result.error == nil, let data = result.pbuf.data else { return nil }
    let bytes = data.withMemoryRebound(to: UInt8.self, capacity: result.pbuf.len) {
      Array(UnsafeBufferPointer(start: $0, count: result.pbuf.len))
    }
    var reader = WireReader(bytes[...])
    var tokens: [ScannedToken] = []
    while let (field, _, content) = reader.next() {
      if field == 2 { tokens.append(ScannedToken(content)) }
    }
    return tokens
  }

  private init(_ bytes: ArraySlice<UInt8>) {
    var reader = WireReader(bytes)
    while let (field, value, _) = reader.next() {
      switch field {
      case 1: start = value
      case 2: end = value
      case 4: kind = value
      default: break
      }
    }
  }
}

/// As much of protobuf's wire format as a scan result uses: varints and embedded messages.
private struct WireReader {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The next field's number with its value or its content.
  mutating func next() -> (field: Int, value: Int, content: ArraySlice<UInt8>)? {
    guard !bytes.isEmpty else { return nil }
    let key = varint()
    let value = varint()
    guard key & 7 == 2 else { return (key >> 3, value, []) }
    defer { bytes = bytes.dropFirst(value) }
    return (key >> 3, 0, bytes.prefix(value))
  }

  private mutating func varint() -> Int {
    var value = 0
    var shift = 0
    while let byte = bytes.popFirst() {
      value |= Int(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { break }
    }
    return value
  }
}
