import CommandTesting
import Foundation
import Testing

/// A project with a past takes up the linter: real git, real pre-commit, the hook from a clean clone.
@Suite(
  "A stranger's first day",
  .enabled(if: Python.isExpected, "`make test-packages` installs pre-commit"))
struct StrangerTests {
  /// 300 migrations that have run long ago, and a query that nobody will change today.
  private static var files: [String: String] {
    var files = [
      "queries/jobs.sql": "-- name: Reset :exec\nUPDATE jobs SET n = 0 WHERE n < 0;\n",
      "db/migrations/001_jobs.sql": "CREATE TABLE jobs (id int PRIMARY KEY, n int);\n",
    ]
    for number in 2...300 {
      let name = String(repeating: "0", count: 3 - String(number).count) + String(number)
      files["db/migrations/\(name)_step.sql"] = "ALTER TABLE jobs ADD COLUMN c\(number) int;\n"
    }
    return files
  }

  private static let badMigration = """
    CREATE FUNCTION claim() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM FROM jobs WHERE n > 1 FOR UPDATE;
      UPDATE jobs SET n = 1 WHERE n > 1;
    END $$;

    """

  /// Runs a script in the repository, with `sqllock` and `pre-commit` at hand.
  private static func run(
    _ script: String, in repository: GitRepository
  ) async throws -> Command.Outcome {
    try await Command.shell(
      """
      set -e
      PATH=$(dirname "$sqllock"):\(Python.folder.path):$PATH
      export PATH PRE_COMMIT_HOME=$PWD/.git/pre-commit GIT_AUTHOR_NAME=x GIT_COMMITTER_NAME=x \
        GIT_AUTHOR_EMAIL=x@example.org GIT_COMMITTER_EMAIL=x@example.org
      \(script)
      """, in: repository.folder)
  }

  private static let package = Python.folder.appending(path: "../../..").standardized

  @Test(
    "From init to a commit that is stopped, fixed and let through",
    .enabled(
      if: FileManager.default.fileExists(atPath: package.appending(path: ".git").path),
      "needs the history of this repository"))
  func firstDay() async throws {
    try await GitRepository.with(Self.files) { repository in
      let adopted = try await Self.run(
        """
        sqllock init
        sqllock lint --write-baseline sqllock-baseline.json
        sed -i 's/^# baseline = /baseline = /' sqllock.toml
        git clone --quiet '\(Self.package.path)' .git/hook
        printf 'repos:\\n  - repo: %s\\n    rev: %s\\n    hooks: [{id: sqllock-system}]\\n' \
          "$PWD/.git/hook" "$(git -C .git/hook rev-parse HEAD)" >.pre-commit-config.yaml
        pre-commit install
        git add --all
        git commit --quiet --message 'Adopt sqllock'
        sqllock lint
        """, in: repository)
      #expect(adopted.code == 0, "\(adopted.output) \(adopted.error)")
      #expect(adopted.output.contains("300 files of migrations: db/migrations/**"))
      #expect(adopted.error.contains("no findings; 1 in the baseline"))

      try repository.write(Self.badMigration, to: "db/migrations/301_claim.sql")
      let stopped = try await Self.run(
        "git add --all && git commit --quiet --message 'Claim jobs'", in: repository)
      #expect(stopped.code == 1)
      let report = stopped.output + stopped.error
      #expect(report.contains("db/migrations/301_claim.sql:3:"), "\(report)")
      #expect(report.contains("unordered-select-for-update"))
      #expect(!report.contains("queries/jobs.sql:2:1  "))

      let fixed = try await Self.run(
        """
        { sqllock lint --staged --diff || true; } | git apply
        git add --all
        git commit --quiet --message 'Claim jobs in order'
        git status --short
        """, in: repository)
      #expect(fixed.code == 0, "\(fixed.output) \(fixed.error)")
      #expect(fixed.output.isEmpty)
      let text = try repository.read("db/migrations/301_claim.sql")
      #expect(
        text
          == Self.badMigration.replacing(
            "n > 1 FOR UPDATE", with: "n > 1 ORDER BY jobs.id FOR UPDATE"))
      #expect(try await repository.git("log", "--format=%s", "-1") == "Claim jobs in order\n")
    }
  }
}
