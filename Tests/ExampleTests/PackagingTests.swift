import CommandTesting
import Foundation
import Testing

/// What the repository offers to other programs, checked with those programs' own schemas.
@Suite("Packages and samples")
struct PackagingTests {
  private static let root = Python.folder.appending(path: "../../..").standardized

  @Test(
    "The action and the samples for CI are what GitHub and GitLab take",
    .enabled(if: Python.isExpected, "`make test-packages` installs check-jsonschema"),
    arguments: [
      ("action.yml", "vendor.github-actions"), ("ci/github.yml", "vendor.github-workflows"),
      ("ci/gitlab.yml", "vendor.gitlab-ci"),
    ])
  func schemas(path: String, schema: String) async throws {
    let outcome = try await Command.shell(
      "'\(Python.folder.path)/check-jsonschema' --builtin-schema \(schema) \(path)", in: Self.root)
    #expect(outcome.code == 0, "\(outcome.output)")
  }

  @Test(
    "The hooks are what pre-commit takes",
    .enabled(if: Python.isExpected, "`make test-packages` installs pre-commit"))
  func hooks() async throws {
    let outcome = try await Command.shell(
      "'\(Python.folder.path)/pre-commit' validate-manifest .pre-commit-hooks.yaml", in: Self.root)
    #expect(outcome.code == 0, "\(outcome.output)")
  }

  @Test("One version stands everywhere")
  func versions() async throws {
    let outcome = try await Command.run(["--version"], in: Self.root)
    let version = try #require(outcome.output.split(separator: " ").dropFirst().first)
    let project = try String(
      contentsOf: Self.root.appending(path: "pyproject.toml"), encoding: .utf8)
    #expect(project.contains("version = \"\(version)\""))
    #expect(project.contains("dependencies = [\"sqllock==\(version)\"]"))
  }

  @Test("The options of every command that samples use are there")
  func options() async throws {
    let help = try await Command.run(["lint", "--help"], in: Self.root).output
    for path in ["action.yml", "ci/github.yml", "ci/gitlab.yml", ".pre-commit-hooks.yaml"] {
      let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
      for line in text.split(separator: "\n")
      where line.contains("sqllock") || line.contains("--output") || line.contains("arguments:") {
        for word in line.split(separator: " ") where word.hasPrefix("--") && word != "--quiet" {
          #expect(help.contains(word), "\(path): \(word)")
        }
      }
    }
  }
}
