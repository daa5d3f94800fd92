#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The parse tree of one piece of text: all nodes in one array, in the order of a walk.
///
/// A node's subtree is a contiguous stretch of the array, so that walking everything below a node
/// is a loop and needs no stack, however deep the tree is. Owns libpg_query's JSON, which the
/// strings of the tree point into.
package final class SyntaxTree: @unchecked Sendable {
  // Safe to share: nothing changes after `init`.
  let elements: UnsafePointer<Element>
  private let storage: ElementBuffer
  let json: UnsafeMutablePointer<CChar>
  /// What to add to a location to get an offset in the text, in bytes.
  private let base: Int
  /// For text that was put together, where each byte of it comes from; nil for text of the file.
  private let places: [Int]?
  /// The text of the whole file as it was parsed.
  let text: [UInt8]
  /// Placeholders of the file and references to variables, in the order of the text.
  private(set) var placeholders: [Placeholder]

  /// One value of the JSON.
  struct Element {
    enum Kind: UInt8 { case node, list, string, escapedString, integer, flag, null }
    var kind: Kind
    var tag: Tag
    var field: Field
    /// An integer or flag itself; the offset of a string or of a node's name in the JSON.
    var value: Int32
    /// The index after the subtree of a node or list; the length of a string in bytes.
    var end: Int32
  }

  /// Reads the JSON; `references` finds the names in the tree that stand for variables.
  init(
    adopting json: UnsafeMutablePointer<CChar>, base: Int, text: [UInt8],
    placeholders: [Placeholder], places: [Int]? = nil,
    references: (Node) -> [Placeholder] = { _ in [] }
  ) {
    self.json = json
    self.base = base
    self.text = text
    self.placeholders = placeholders
    self.places = places
    storage = TreeReader.read(UnsafePointer(json))
    elements = UnsafePointer(storage.start)
    let variables = references(root)
    guard !variables.isEmpty else { return }
    self.placeholders = (placeholders + variables)
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  deinit {
    storage.free()
    free(json)
  }

  /// The place in the file of a location of the tree, in bytes.
  func place(of location: Int) -> Int {
    guard let places else { return base + location }
    return places.indices.contains(base + location) ? places[base + location] : places.last ?? 0
  }

  /// The number of elements.
  var count: Int { storage.count }

  /// The outermost object, which holds the list of statements.
  var root: Node { Node(tree: self, index: 0) }

  /// The bytes of a string or name.
  func bytes(at offset: Int32, count: Int32) -> UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: json + Int(offset), count: Int(count))
      .bindMemory(to: UInt8.self)
  }
}

/// A growing run of elements in plain memory, which whoever holds it must free.
struct ElementBuffer {
  private(set) var start: UnsafeMutablePointer<SyntaxTree.Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    start = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  @inline(__always)
  mutating func append(_ element: SyntaxTree.Element) {
    if count == capacity { grow() }
    (start + count).initialize(to: element)
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<SyntaxTree.Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: start, count: count)
    start.deallocate()
    start = larger
    capacity *= 2
  }

  func free() { start.deallocate() }
}
