#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The JSON text of a value: keys sorted, slashes as they are, without a line end.
///
/// What steers a terminal is escaped as well where JSON would let it stand, since the text may be
/// shown on one.
public func encodedJSON(_ value: some Encodable, pretty: Bool) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
  do {
    return escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
  } catch {
    preconditionFailure("reports consist of values that JSON can hold: \(error)")
  }
}

/// The value that a JSON text holds; nil for a text that holds none of the type.
public func decodedJSON<Value: Decodable>(_ text: [UInt8]) -> Value? {
  try? JSONDecoder().decode(Value.self, from: Data(text))
}

/// Such scalars are in strings only: all between them is ASCII.
private func escaped(_ json: String) -> String {
  func isEscaped(_ scalar: Unicode.Scalar) -> Bool { scalar != "\n" && isSteering(scalar) }
  guard json.unicodeScalars.contains(where: isEscaped) else { return json }
  var result = ""
  for scalar in json.unicodeScalars {
    if isEscaped(scalar) {
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}
