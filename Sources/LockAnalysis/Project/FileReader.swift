package import Diagnostics
package import PostgresSyntax

/// Parses many files on several threads.
package enum FileReader {
  /// The files in the order given, with the placeholders that each is said to have.
  package static func parse(
    _ sources: [SourceFile], placeholders: [PlaceholderStyle] = [], threads: Int
  ) -> [ParsedFile] {
    // Large files first, so that no thread is left with one at the end.
    let order = sources.indices.sorted { sources[$0].bytes.count > sources[$1].bytes.count }
    let first = LargeStack.map(count: order.count, threads: threads) { position in
      let index = order[position]
      let style = index < placeholders.count ? placeholders[index] : .auto
      let parser = FileParser(sources[index], placeholders: style)
      // A file of one piece is parsed at once; the pieces of others are shared among threads.
      return (
        parser,
        parser.pieceCount <= 1 ? (0..<parser.pieceCount).map { parser.parse(piece: $0) } : []
      )
    }
    let open = first.indices.flatMap { index in
      first[index].1.isEmpty ? (0..<first[index].0.pieceCount).map { (index, $0) } : []
    }
    let pieces = LargeStack.map(count: open.count, threads: threads) { position in
      first[open[position].0].0.parse(piece: open[position].1)
    }
    var byFile = first.map(\.1)
    for (place, piece) in zip(open, pieces) { byFile[place.0].append(piece) }
    var result = [ParsedFile?](repeating: nil, count: sources.count)
    for (position, index) in order.enumerated() {
      result[index] = first[position].0.file(from: byFile[position])
    }
    return result.compactMap { $0 }
  }
}
