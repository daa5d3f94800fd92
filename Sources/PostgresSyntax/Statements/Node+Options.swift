extension Node {
  /// Whether a boolean option of a utility statement is set: the last one of its name counts, and
  /// its name alone says yes (`defGetBoolean` in `define.c`).
  func isOptionSet(_ name: String, in list: Field) -> Bool {
    var isSet = false
    for option in self.list(list) where option.string(.defname) == name {
      isSet = option.child(.arg).map(Self.saysYes) ?? true
    }
    return isSet
  }

  private static func saysYes(_ value: Node) -> Bool {
    switch value.tag {
    case .Integer: value.int(.ival) != 0
    case .Boolean: value.flag(.boolval)
    default: !["false", "off"].contains(value.string(.sval)?.lowercased() ?? "")
    }
  }
}
