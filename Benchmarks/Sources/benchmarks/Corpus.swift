import Foundation

/// SQL files as a service of medium size has them: migrations, functions, views, named queries.
///
/// The same numbers give the same bytes.
struct Corpus {
  /// A file's path below the folder, and its content.
  struct File {
    let path: String
    let text: String
  }

  private(set) var files: [File] = []

  var byteCount: Int { files.reduce(0) { $0 + $1.text.utf8.count } }

  init(files count: Int, bytes: Int, seed: UInt64) {
    var writer = StatementWriter(seed: seed)
    for number in 0..<count {
      // Half to one and a half of what is left for each file.
      let mean = max(64, (bytes - byteTotal(files)) / (count - number))
      let target = mean / 2 + writer.random.below(mean)
      files.append(Self.file(number, target: target, &writer))
    }
  }

  private static func file(_ number: Int, target: Int, _ writer: inout StatementWriter) -> File {
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let topic = writer.random.below(10)
    let (folder, statement): (String, (inout StatementWriter) -> String) =
      switch topic {
      case _ where number < StatementWriter.tableCount / 8 || topic < 3:
        ("migrations", { $0.migration() })
      case 3, 4: ("functions", { $0.routine() })
      case 5: ("views", { $0.view() })
      default: ("queries", { $0.namedQuery() })
      }
    var text = writer.header()
    repeat { text += "\n" + statement(&writer) } while text.utf8.count < target
    return File(path: "\(folder)/\(name).sql", text: text)
  }

  func write(to folder: String) throws {
    for part in ["migrations", "functions", "views", "queries"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
    }
    for file in files {
      try Data(file.text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(file.path)"))
    }
  }
}

private func byteTotal(_ files: [Corpus.File]) -> Int {
  files.reduce(0) { $0 + $1.text.utf8.count }
}
