import Diagnostics
import Linting
import Reports
import SQLLockRules

/// What runs at first: Swift's package manager names it after the module and makes it `main`.
@_cdecl("fuzz_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, fuzz)
}

/// libFuzzer's own `main`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Lints a file of any bytes, lists its locks and writes every report.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  let source = SourceFile(path: "fuzz.sql", bytes: bytes)
  let result = Linter(rules: RuleCatalog.rules, selection: everything, threads: 1).lint([source])
  let context = ReportContext(toolVersion: "0", color: true)
  for format in OutputFormat.allCases {
    _ = format.report().render(result.findings + result.notAnalysed, context)
  }
  // A fix must fit the file that it was made for.
  for finding in result.findings { _ = finding.fix?.applied(to: finding.range.file) }
  _ = LockListing.make([source], threads: 1) { _ in false }
  return 0
}

private let everything: Selection = {
  do {
    return try Selection(select: ["all"], ignore: [], rules: RuleCatalog.descriptions)
  } catch {
    preconditionFailure("`all` is always a selection")
  }
}()
