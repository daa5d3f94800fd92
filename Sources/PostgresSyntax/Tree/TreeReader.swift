#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads libpg_query's JSON into a flat tree in one pass over the bytes.
///
/// Not a general JSON reader: it relies on libpg_query writing no blanks and no nested brackets
/// that don't match. `{"Kind":{…}}` becomes one node of that kind.
struct TreeReader {
  private let json: UnsafePointer<UInt8>
  private let length: Int
  private var position = 0
  private var elements: ElementBuffer
  /// The innermost node or list that is open, -1 for none; until it is closed its `end` is the one
  /// around it.
  private var open: Int32 = -1
  private let fields = Field.byName
  private let tags = Tag.byName

  private init(_ json: UnsafePointer<UInt8>, length: Int) {
    self.json = json
    self.length = length
    elements = ElementBuffer(capacity: length / 18 + 16)
  }

  static func read(_ json: UnsafePointer<CChar>) -> ElementBuffer {
    let length = strlen(json)
    return json.withMemoryRebound(to: UInt8.self, capacity: length + 1) {
      var reader = TreeReader($0, length: length)
      reader.run()
      return reader.elements
    }
  }

  private mutating func run() {
    var field = Field.other
    while true {
      switch json[position] {
      case 0: return
      case UInt8(ascii: "{"):
        openObject(field)
        field = json[position] == UInt8(ascii: "\"") ? key() : .other
      case UInt8(ascii: "["):
        begin(.list, tag: .other, field, name: 0)
        field = .other
        position += 1
      case UInt8(ascii: "}"):
        // A wrapper's second brace is closed with it.
        position += close().value != 0 ? 2 : 1
        field = .other
      case UInt8(ascii: "]"):
        _ = close()
        position += 1
        field = .other
      case UInt8(ascii: ","):
        position += 1
        field = open >= 0 && elements.start[Int(open)].kind == .node ? key() : .other
      case UInt8(ascii: "\""):
        let (range, escaped) = scanString()
        elements.append(
          .init(
            kind: escaped ? .escapedString : .string, tag: .other, field: field,
            value: Int32(range.lowerBound), end: Int32(range.count)))
        field = .other
      default:
        scalar(field)
        field = .other
      }
    }
  }

  /// Goes past the name of a member and its colon.
  @inline(__always)
  private mutating func key() -> Field {
    let start = position + 1
    let (name, count) = PackedName.quoted(json, from: start, limit: length)
    position = start + count + 2
    return fields[name]
  }

  private mutating func openObject(_ field: Field) {
    position += 1
    // A wrapper's name starts with a capital; no member's does.
    guard json[position] == UInt8(ascii: "\""), json[position + 1] &- 0x41 < 26 else {
      return begin(.node, tag: Self.implied(by: field), field, name: 0)
    }
    let start = position + 1
    let (name, count) = PackedName.quoted(json, from: start, limit: length)
    position = start + count + 1
    precondition(
      json[position] == UInt8(ascii: ":") && json[position + 1] == UInt8(ascii: "{"),
      "a named node holds an object")
    position += 2
    begin(.node, tag: tags[name], field, name: Int32(start))
  }

  @inline(__always)
  private mutating func begin(
    _ kind: SyntaxTree.Element.Kind, tag: Tag, _ field: Field, name: Int32
  ) {
    let index = Int32(elements.count)
    elements.append(.init(kind: kind, tag: tag, field: field, value: name, end: open))
    open = index
  }

  @inline(__always)
  private mutating func close() -> SyntaxTree.Element {
    let element = elements.start + Int(open)
    open = element.pointee.end
    element.pointee.end = Int32(elements.count)
    return element.pointee
  }

  /// A string's range in the JSON, without its quotes, and whether it has escapes.
  @inline(__always)
  private mutating func scanString() -> (Range<Int>, Bool) {
    let start = position + 1
    var index = start
    var escaped = false
    while true {
      index = PackedName.quoteOrEscape(json, from: index, limit: length)
      if json[index] != UInt8(ascii: "\\") { break }
      escaped = true
      index += 2
    }
    position = index + 1
    return (start..<index, escaped)
  }

  private mutating func scalar(_ field: Field) {
    switch json[position] {
    case UInt8(ascii: "t"):
      position += 4
      append(.flag, 1, field)
    case UInt8(ascii: "f"):
      position += 5
      append(.flag, 0, field)
    case UInt8(ascii: "n"):
      position += 4
      append(.null, 0, field)
    default:
      append(.integer, integer(), field)
    }
  }

  private mutating func append(_ kind: SyntaxTree.Element.Kind, _ value: Int32, _ field: Field) {
    elements.append(.init(kind: kind, tag: .other, field: field, value: value, end: 0))
  }

  private mutating func integer() -> Int32 {
    let isNegative = json[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var value: Int64 = 0
    while Lexer.isDigit(json[position]) {
      value = min(value * 10 + Int64(json[position] - 0x30), Int64(UInt32.max))
      position += 1
    }
    // A number that is not an integer does not occur; anything else in it is passed over.
    while Self.continuesNumber(json[position]) { position += 1 }
    return Int32(clamping: isNegative ? -value : value)
  }

  private static func continuesNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0: false
    default: true
    }
  }

  /// Members of a fixed type carry no kind in the JSON.
  private static func implied(by field: Field) -> Tag {
    switch field {
    case .relation, .rel, .pktable, .view, .sequence, .table, .constrrel, .typevar: .RangeVar
    case .alias: .Alias
    case .withClause: .WithClause
    case .onConflictClause: .OnConflictClause
    case .infer: .InferClause
    case .larg, .rarg: .SelectStmt
    case .typeName, .ofTypename, .returnType, .argType: .TypeName
    case .into, .intoClause: .IntoClause
    case .partspec: .PartitionSpec
    case .partbound, .bound: .PartitionBoundSpec
    case .funccall: .FuncCall
    case .over: .WindowDef
    case .ival: .Integer
    case .fval: .Float
    case .boolval: .Boolean
    case .sval: .String
    case .bsval: .BitString
    case .pubtable: .PublicationTable
    case .newowner: .RoleSpec
    default: .other
    }
  }
}
