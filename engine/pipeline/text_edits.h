#pragma once
// Edits of a Python file by the places of its syntax tree: what is not edited stays as it was written.

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/facts.h"

namespace decomp {

// The text of a node without decorators, "" for one without a place.
std::string source_of(const std::string& text, const Node& node);

class TextEdits {
 public:
  explicit TextEdits(const std::string& text);

  void replace(const Node& node, const std::string& with);
  // The name in `def name(` or `class name(`.
  void rename_definition(const Node& definition, const std::string& name);
  // In the braces of an f-string, wherever the word stands that is no attribute.
  void replace_in_string(const Node& joined, const std::string& word, const std::string& with);

  // A statement of the module with the edits made, the comment lines right above it included; without the last line's end.
  std::string statement(const Node& node) const;

 private:
  std::size_t offset(int line, int column) const;

  const std::string& text_;
  std::vector<std::size_t> lines_;  // offset of each line's first byte
  std::map<std::size_t, std::pair<std::size_t, std::string>> edits_;  // begin -> length, new text
};

}  // namespace decomp
