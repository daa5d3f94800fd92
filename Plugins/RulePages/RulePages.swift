import Foundation
import PackagePlugin

/// Embeds `<folder>/README.md` of every rule into the target as string literals.
@main
struct RulePages: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folders = try FileManager.default.contentsOfDirectory(
      at: target.directoryURL, includingPropertiesForKeys: nil)
    let pages = folders.map { $0.appending(path: "README.md") }
      .filter { FileManager.default.fileExists(atPath: $0.path) }
      .sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "RulePages.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(pages.count) rule pages",
        executable: try context.tool(named: "EmbedRulePages").url,
        arguments: [output.path] + pages.map(\.path),
        inputFiles: pages, outputFiles: [output])
    ]
  }
}
