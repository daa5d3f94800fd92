/// The path without a leading `./`, as services that know only the repository's paths need it.
func withoutDotSlash(_ path: String) -> String {
  var rest = path[...]
  while rest.hasPrefix("./"), rest.count > 2 { rest = rest.dropFirst(2) }
  return String(rest)
}

/// The path as a URI reference (RFC 3986); an absolute path becomes a `file://` URI.
func uriReference(forPath path: String) -> String {
  let encoded = withoutDotSlash(path).utf8.map(percentEncoded).joined()
  return path.hasPrefix("/") ? "file://" + encoded : encoded
}

private func percentEncoded(_ byte: UInt8) -> String {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
    UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
    return String(Unicode.Scalar(byte))
  default:
    let hex = String(byte, radix: 16, uppercase: true)
    return "%" + (hex.count == 1 ? "0" : "") + hex
  }
}
