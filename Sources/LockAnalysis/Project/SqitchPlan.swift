/// The changes of a `sqitch.plan` in the order in which they are deployed (Sqitch's manual page
/// `sqitchchanges`, "Plan File").
struct SqitchPlan {
  /// The places of each change, a second one where it was reworked, by its name.
  private var places: [String: [Int]] = [:]
  /// The place of the change before each tag, by the tag with its `@`.
  private var tags: [String: Int] = [:]

  /// Reads a plan.
  init(_ text: [UInt8]) {
    var count = 0
    for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      guard let first = words.first, !first.hasPrefix("%"), !first.hasPrefix("-") else { continue }
      if first.hasPrefix("@") {
        tags[String(first)] = count - 1
        continue
      }
      guard let name = first == "+" ? words.dropFirst().first : first.drop(while: { $0 == "+" })
      else { continue }
      places[String(name), default: []].append(count)
      count += 1
    }
  }

  /// The place of a script, named by its path below `deploy` without its ending: that of its change,
  /// in the version that a tag behind it means; nil where it is in no change.
  func place(of script: String) -> Int? {
    if let known = places[script]?.last { return known }
    guard let mark = script.lastIndex(of: "@"), let tag = tags[String(script[mark...])] else {
      return nil
    }
    return places[String(script[..<mark])]?.last { $0 <= tag }
  }
}

/// The plans of a project.
struct SqitchPlans {
  private static let folders: Set<String> = ["deploy", "revert", "verify"]
  /// By the folder that they are in.
  private var plans: [String: SqitchPlan] = [:]

  /// Reads the plans beside the folders that some paths go through.
  init(_ paths: [SourcePath], contents: (String) -> [UInt8]?) {
    for path in paths {
      guard let index = Self.folder(of: path) else { continue }
      let directory = path.directory(index)
      guard plans[directory] == nil, let text = contents(directory + "sqitch.plan") else {
        continue
      }
      plans[directory] = SqitchPlan(text)
    }
  }

  /// Where a script stands in its plan, from 0; behind all others where it is in no change, nil
  /// where there is no plan.
  func place(of path: SourcePath) -> Int? {
    guard let index = Self.folder(of: path), let plan = plans[path.directory(index)] else {
      return nil
    }
    let script = (path.folders.dropFirst(index + 1) + [path.stem]).joined(separator: "/")
    return plan.place(of: script) ?? Int.max
  }

  /// Which of the folders is one of Sqitch's, as far as its name tells.
  static func folder(of path: SourcePath) -> Int? {
    path.folders.lastIndex(where: folders.contains)
  }
}
