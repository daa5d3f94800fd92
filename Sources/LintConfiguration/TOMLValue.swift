import CTOMLPlusPlus

/// A value of a TOML document with its place.
struct TOMLValue {
  /// A line and a column, from 1; columns count code points.
  struct Place: Comparable {
    let line: Int
    let column: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.line, left.column) < (right.line, right.column)
    }
  }

  /// A value with its name.
  struct Member {
    let key: String
    let place: Place
    let value: TOMLValue
  }

  enum Content {
    /// In the order of the text.
    case table([Member])
    case array([TOMLValue])
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case float
    case dateOrTime
  }

  var content: Content
  let place: Place

  /// What it is, with an article.
  var kind: String {
    switch content {
    case .table: "a table"
    case .array: "an array"
    case .string: "a string"
    case .integer: "an integer"
    case .boolean: "a boolean"
    case .float: "a float"
    case .dateOrTime: "a date or time"
    }
  }
}

extension TOMLValue {
  /// Reads a document. Throws `ConfigurationError` where it is no TOML.
  init(document: [UInt8]) throws(ConfigurationError) {
    var reading = Reading()
    document.withUnsafeBytes { bytes in
      withUnsafeMutablePointer(to: &reading) { reading in
        toml_read(
          bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, reading,
          { context, value in
            guard let context, let value = value?.pointee else { return }
            context.assumingMemoryBound(to: Reading.self).pointee.add(value)
          },
          { context, message, size, place in
            context?.assumingMemoryBound(to: Reading.self).pointee.error = ConfigurationError(
              place: Place(place), message: text(message, size))
          })
      }
    }
    if let error = reading.error {
      throw ConfigurationError(
        place: error.place,
        message: error.message.prefix(1).lowercased() + error.message.dropFirst())
    }
    self = reading.document()
  }
}

/// The values of a document as they come.
private struct Reading {
  /// The tables and arrays that are open, each with its name.
  private var open: [(key: String, place: TOMLValue.Place, value: TOMLValue)] = []
  var error: ConfigurationError?

  mutating func add(_ value: toml_value) {
    while open.count > value.depth { close() }
    let content: TOMLValue.Content =
      switch value.kind {
      case TOML_TABLE: .table([])
      case TOML_ARRAY: .array([])
      case TOML_STRING: .string(text(value.text, value.text_size))
      case TOML_INTEGER: .integer(value.number)
      case TOML_BOOLEAN: .boolean(value.number != 0)
      case TOML_FLOAT: .float
      default: .dateOrTime
      }
    open.append(
      (
        text(value.key, value.key_size), TOMLValue.Place(value.key_place),
        TOMLValue(content: content, place: TOMLValue.Place(value.place))
      ))
  }

  private mutating func close() {
    guard open.count > 1, let (key, place, value) = open.popLast() else { return }
    switch open[open.count - 1].value.content {
    case .table(var members):
      members.append(TOMLValue.Member(key: key, place: place, value: value))
      members.sort { $0.place < $1.place }
      open[open.count - 1].value.content = .table(members)
    case .array(let elements):
      open[open.count - 1].value.content = .array(elements + [value])
    case .string, .integer, .boolean, .float, .dateOrTime: break
    }
  }

  mutating func document() -> TOMLValue {
    while open.count > 1 { close() }
    return open.first?.value
      ?? TOMLValue(content: .table([]), place: TOMLValue.Place(line: 1, column: 1))
  }
}

extension TOMLValue.Place {
  fileprivate init(_ place: toml_place) {
    self.init(line: max(1, Int(place.line)), column: max(1, Int(place.column)))
  }
}

private func text(_ start: UnsafePointer<CChar>?, _ size: Int) -> String {
  guard let start else { return "" }
  return start.withMemoryRebound(to: UInt8.self, capacity: size) {
    String(decoding: UnsafeBufferPointer(start: $0, count: size), as: UTF8.self)
  }
}
