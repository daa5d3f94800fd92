/// Something that the configuration must not say.
package struct ConfigurationError: Error {
  let place: TOMLValue.Place
  package let message: String

  /// From 1.
  package var line: Int { place.line }
  /// From 1, in code points.
  package var column: Int { place.column }
}

/// All that is wrong with a configuration, in the order of the text.
package struct ConfigurationErrors: Error {
  package let errors: [ConfigurationError]
}
