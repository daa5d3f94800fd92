package import Diagnostics

/// A range of a file as all of sqllock's own JSON writes it.
package struct JSONLocation: Encodable {
  private let path: String
  private let start: Position
  private let end: Position

  private struct Position: Encodable {
    let line: Int
    let column: Int
    let offset: Int

    init(_ position: SourcePosition) {
      line = position.line
      column = position.column
      offset = position.offset
    }
  }

  /// A range with the path of its file.
  package init(_ range: SourceRange) {
    path = range.file.path
    start = Position(range.start)
    end = Position(range.end)
  }
}
