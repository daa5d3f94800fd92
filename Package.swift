// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

let algorithms: Target.Dependency = .product(name: "Algorithms", package: "swift-algorithms")

let package = Package(
  name: "sqllock",
  products: [
    .executable(name: "sqllock", targets: ["sqllock"]),
    .library(name: "SQLLockRules", targets: ["SQLLockRules", "Linting", "Reports"]),
    .library(name: "PostgresSyntax", targets: ["PostgresSyntax", "Diagnostics"]),
    .library(name: "CPgQuery", targets: ["CPgQuery"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-algorithms", exact: "1.2.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: [
    .systemLibrary(name: "CPgQuery", providers: [.apt(["libpg-query-dev"])]),
    .target(name: "Diagnostics", dependencies: [algorithms], swiftSettings: strict),
    .target(
      name: "PostgresSyntax", dependencies: ["CPgQuery", "Diagnostics", algorithms],
      swiftSettings: strict),
    .target(
      name: "LockModel", dependencies: ["PostgresSyntax", "Diagnostics", algorithms],
      swiftSettings: strict),
    .target(
      name: "LockAnalysis",
      dependencies: ["LockModel", "PostgresSyntax", "Diagnostics", algorithms],
      swiftSettings: strict),
    .target(
      name: "Linting",
      dependencies: ["LockAnalysis", "LockModel", "PostgresSyntax", "Diagnostics", algorithms],
      swiftSettings: strict),
    .target(name: "CTOMLPlusPlus"),
    .target(
      name: "LintConfiguration",
      dependencies: [
        "CTOMLPlusPlus", "Linting", "LockAnalysis", "PostgresSyntax", "Diagnostics",
      ],
      swiftSettings: strict),
    .target(name: "Reports", dependencies: ["Diagnostics"], swiftSettings: strict),
    .target(
      name: "SQLLockRules",
      dependencies: ["Linting", "LockAnalysis", "LockModel", "PostgresSyntax", "Diagnostics"],
      path: "rules",
      swiftSettings: strict,
      plugins: ["RulePages"]),
    .executableTarget(
      name: "sqllock",
      dependencies: [
        "SQLLockRules", "LintConfiguration", "Linting", "LockAnalysis", "LockModel",
        "PostgresSyntax", "Reports", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: strict),
    .executableTarget(name: "EmbedRulePages", swiftSettings: strict),
    .testTarget(
      name: "ReportsTests", dependencies: ["CommandTesting", "Reports", "Diagnostics"],
      exclude: ["Snapshots"], swiftSettings: strict),
    .testTarget(
      name: "PostgresSyntaxTests", dependencies: ["PostgresSyntax", "CPgQuery", "Diagnostics"],
      swiftSettings: strict),
    .plugin(name: "RulePages", capability: .buildTool(), dependencies: ["EmbedRulePages"]),
    .systemLibrary(
      name: "CLibPQ", path: "Tests/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .target(
      name: "PostgresTesting", dependencies: ["CLibPQ"], path: "Tests/PostgresTesting",
      swiftSettings: strict),
    .testTarget(
      name: "PostgresTestingTests", dependencies: ["PostgresTesting"], swiftSettings: strict),
    .testTarget(
      name: "LintingTests",
      dependencies: [
        "CommandTesting", "PostgresTesting", "SQLLockRules", "LintConfiguration", "Linting",
        "LockAnalysis",
        "PostgresSyntax", "Diagnostics",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LockAnalysisTests",
      dependencies: [
        "SeededRandom", "SQLLockRules", "Linting", "LockAnalysis", "LockModel", "PostgresSyntax",
        "Diagnostics",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LockModelTests",
      dependencies: [
        "PostgresTesting", "SeededRandom", "Linting", "LockAnalysis", "LockModel", "Diagnostics",
      ],
      exclude: ["row-locks.txt", "conformance", "statement-kinds.txt"], swiftSettings: strict),
    .target(
      name: "CommandTesting",
      dependencies: ["sqllock", .product(name: "Subprocess", package: "swift-subprocess")],
      path: "Tests/CommandTesting", swiftSettings: strict),
    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
    .testTarget(
      name: "RobustnessTests", dependencies: ["CommandTesting", "SeededRandom"],
      swiftSettings: strict),
    .testTarget(
      name: "ExampleTests", dependencies: ["CommandTesting"], swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["CommandTesting", "SQLLockRules", "Linting", "Reports", "Diagnostics"],
      swiftSettings: strict),
    .testTarget(
      name: "PageTests",
      dependencies: [
        "PostgresTesting", "SeededRandom", "SQLLockRules", "LintConfiguration", "Linting",
        "LockAnalysis",
        "PostgresSyntax", "Reports", "Diagnostics",
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
