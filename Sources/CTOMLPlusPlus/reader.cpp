#define TOML_EXCEPTIONS 0
#include <string_view>
#include <toml++/toml.h>

#include "CTOMLPlusPlus.h"

namespace {

toml_place place(const toml::source_region &region) {
  return {region.begin.line, region.begin.column};
}

struct Reader {
  void *context;
  void (*each)(void *, const toml_value *);

  void give(const toml::node &node, const toml::key *key, size_t depth) const {
    toml_value value{};
    value.depth = depth;
    value.place = place(node.source());
    if (key) {
      value.key = key->str().data();
      value.key_size = key->str().size();
      value.key_place = place(key->source());
    }
    switch (node.type()) {
    case toml::node_type::table: value.kind = TOML_TABLE; break;
    case toml::node_type::array: value.kind = TOML_ARRAY; break;
    case toml::node_type::string: {
      const std::string &text = **node.as_string();
      value.kind = TOML_STRING;
      value.text = text.data();
      value.text_size = text.size();
      break;
    }
    case toml::node_type::integer:
      value.kind = TOML_INTEGER;
      value.number = **node.as_integer();
      break;
    case toml::node_type::boolean:
      value.kind = TOML_BOOLEAN;
      value.number = **node.as_boolean();
      break;
    case toml::node_type::floating_point: value.kind = TOML_FLOAT; break;
    default: value.kind = TOML_DATE_OR_TIME; break;
    }
    each(context, &value);
    if (const toml::table *table = node.as_table()) {
      for (auto &&[name, member] : *table) give(member, &name, depth + 1);
    } else if (const toml::array *array = node.as_array()) {
      for (auto &&element : *array) give(element, nullptr, depth + 1);
    }
  }
};

} // namespace

void toml_read(const char *text, size_t size, void *context,
               void (*each)(void *, const toml_value *),
               void (*fail)(void *, const char *, size_t, toml_place)) {
  const toml::parse_result result = toml::parse(std::string_view(text, size));
  if (!result) {
    const std::string_view message = result.error().description();
    fail(context, message.data(), message.size(), place(result.error().source()));
    return;
  }
  Reader{context, each}.give(result.table(), nullptr, 0);
}
