/// How the SQL of a source is run, which decides what it can meet.
package enum SourceRole: String, Sendable, CaseIterable {
  /// Many copies at once, beside everything else.
  case application
  /// Once, one at a time, while the application runs.
  case migration
  /// Never: it only tells what tables there are.
  case schema
  /// Where nobody else is. Left out.
  case test
  /// Nowhere near PostgreSQL. Left out.
  case otherDatabase = "other database"

  /// Whether files of this role are not looked at.
  package var isLeftOut: Bool { self == .test || self == .otherDatabase }
}

/// How a file is read, and why.
package struct FileReading: Sendable {
  package let role: SourceRole
  /// What it was told by, as in "numbered like the other files of `updates/`".
  package private(set) var why: String
  /// In the order of the text; none for what is left out.
  package var sections: [SourceSection]
  /// Whether it sets up what the application uses and is run again whenever that changes, after all
  /// migrations.
  package var isSetUp = false
  /// Where the plan of its tool puts it among the others, from 0.
  var place: Int?
  /// Whether what it defines is there in a newer version.
  package var isReplaced = false

  /// The same reading for another reason.
  func because(_ why: String) -> FileReading {
    var reading = self
    reading.why = why
    return reading
  }

  /// A file that is left out.
  static func leftOut(_ role: SourceRole, _ why: String) -> FileReading {
    FileReading(role: role, why: why, sections: [])
  }
}

/// Where transactions begin and end when the text does not say so.
package enum TransactionBoundary: String, Sendable {
  /// Every statement is a transaction of its own.
  case statement
  /// All statements of the section are one.
  case section
  /// The section is one with those of all other files that are run at the same time.
  case pending
}

/// A part of a file that is run as a whole: all of it, or one direction of a migration.
package struct SourceSection: Sendable {
  /// Half-open, in bytes.
  package let range: Range<Int>
  /// How it is run.
  package let role: SourceRole
  /// Whether it undoes a migration, or others have replaced it, so that its DDL does not count.
  package let isReverse: Bool
  /// Transactions where the text has none.
  package let boundary: TransactionBoundary
}
