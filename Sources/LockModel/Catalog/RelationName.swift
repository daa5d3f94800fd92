import PostgresSyntax

/// A relation's name with its schema.
///
/// Each name is kept once for the life of the process, so that two of them compare and hash by
/// where they are kept; copying one copies a word.
package struct RelationName: Sendable, Hashable, Comparable, CustomStringConvertible {
  private let place: Place

  /// Where a name is kept; never changed and never freed.
  private struct Place: @unchecked Sendable, Hashable {
    let pointer: UnsafePointer<Entry>
  }

  private struct Entry: Hashable {
    let schema: String
    let name: String
  }

  private static let places = Guarded<[Entry: Place]>([:])

  /// A name in a schema.
  package init(schema: String, name: String) {
    let entry = Entry(schema: schema, name: name)
    place = Self.places.withLock { places in
      if let known = places[entry] { return known }
      let pointer = UnsafeMutablePointer<Entry>.allocate(capacity: 1)
      pointer.initialize(to: entry)
      let place = Place(pointer: UnsafePointer(pointer))
      places[entry] = place
      return place
    }
  }

  /// The schema, `public` where the text names none and sets no search path.
  package var schema: String { place.pointer.pointee.schema }
  /// The name in it.
  package var name: String { place.pointer.pointee.name }
  /// `schema.name`.
  package var description: String { "\(schema).\(name)" }
  /// As a person would write it: without `public.`.
  package var short: String { schema == "public" ? name : description }

  /// Orders by schema, then by name.
  package static func < (left: RelationName, right: RelationName) -> Bool {
    (left.schema, left.name) < (right.schema, right.name)
  }
}
