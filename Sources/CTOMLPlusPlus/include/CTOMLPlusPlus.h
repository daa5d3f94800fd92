/// What Swift can call of toml++ (https://marzer.github.io/tomlplusplus/), with the place of every key
/// and value.
#ifndef SQLLOCK_CTOMLPLUSPLUS_H
#define SQLLOCK_CTOMLPLUSPLUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a value is.
enum toml_kind {
  TOML_TABLE,
  TOML_ARRAY,
  TOML_STRING,
  TOML_INTEGER,
  TOML_FLOAT,
  TOML_BOOLEAN,
  TOML_DATE_OR_TIME,
};

/// Lines and columns from 1, columns in code points.
struct toml_place {
  uint32_t line;
  uint32_t column;
};

/// A value. The texts are UTF-8, not ended by a zero, and live as long as the call.
struct toml_value {
  enum toml_kind kind;
  /// How many tables and arrays it is in; 0 for the document.
  size_t depth;
  /// The name in its table; empty for the document and what is in an array.
  const char *key;
  size_t key_size;
  struct toml_place key_place;
  struct toml_place place;
  /// Of strings.
  const char *text;
  size_t text_size;
  /// Of integers; 0 or 1 of booleans.
  int64_t number;
};

/// Reads a document and gives its values to `each`, tables and arrays before what is in them.
/// Where the text is no TOML, nothing is given to `each`, and `fail` is told why and where.
void toml_read(const char *text, size_t size, void *context,
               void (*each)(void *context, const struct toml_value *value),
               void (*fail)(void *context, const char *message, size_t size,
                            struct toml_place place));

#ifdef __cplusplus
}
#endif

#endif
