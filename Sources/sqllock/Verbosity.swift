import ArgumentParser

/// How much a command says besides its result.
struct Verbosity: ParsableArguments {
  @Flag(name: [.short, .long], help: "Write no summary, and nothing else besides the result.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Say more: what was read, and what could not be analysed.")
  var verbose = false
}
