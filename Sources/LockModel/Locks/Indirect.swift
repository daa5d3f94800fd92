/// Keeps a large value behind one reference, so that whatever holds it is cheap to copy; a holder
/// that changes it gets a copy of its own.
@propertyWrapper
package struct Indirect<Value: Sendable & Hashable>: Sendable, Hashable {
  private final class Box: @unchecked Sendable {
    // Changed only while one holder alone has the box.
    var value: Value?

    init(_ value: Value?) { self.value = value }
  }

  private var box: Box?

  /// Keeps a value, or none.
  package init(wrappedValue: Value?) { box = wrappedValue.map { Box($0) } }

  /// The value.
  package var wrappedValue: Value? {
    get { box?.value }
    _modify {
      if isKnownUniquelyReferenced(&box), let box {
        yield &box.value
      } else {
        var value = box?.value
        defer { box = value.map { Box($0) } }
        yield &value
      }
    }
  }

  /// Equal values are equal wherever they are kept.
  package static func == (left: Indirect, right: Indirect) -> Bool {
    left.box === right.box || left.wrappedValue == right.wrappedValue
  }

  /// That of the value.
  package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}
