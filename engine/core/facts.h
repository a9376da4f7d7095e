#pragma once
// Facts about one Python file: its syntax tree as JSON, made by python_bridge/facts.py with `ast.parse`,
// read here without copying. Python decides nothing; the checks do.
//
// A node is {"_": "Call", "at": [line, column, end_line, end_column], <fields of ast.Call by name>}.
// Lines count from 1, columns (UTF-8 bytes) from 1 too; `at` is absent where Python's node has no position.
// A list field is a JSON array, an absent optional field is null. Operators and contexts are strings ("Add", "Store").
// A Constant holds {"kind": "int|float|str|bytes|bool|None|complex|Ellipsis", "value": ...}: int as decimal text,
// float as repr text, str as text (lone surrogates replaced, "surrogates": true then), bytes as hex.

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "decomp/finding.h"

namespace decomp {

class Node {
 public:
  Node() = default;
  explicit Node(const Json* json) : json_(json) {}

  explicit operator bool() const { return json_ != nullptr && json_->is_object(); }
  std::string_view kind() const;                         // "" for a null node
  bool is(std::string_view kind_name) const { return kind() == kind_name; }
  Node child(std::string_view field) const;              // null node when absent
  std::vector<Node> list(std::string_view field) const;  // empty when absent
  std::string text(std::string_view field) const;        // "" when absent or not a string
  const Json* raw(std::string_view field) const;         // nullptr when absent
  int line() const;                                      // 0 when it has no position
  int column() const;
  int end_line() const;
  int end_column() const;
  // All direct child nodes, in field order (lists flattened).
  std::vector<Node> children() const;
  // "a.b.c" for Name/Attribute chains of Load context, "" for anything else.
  std::string dotted() const;
  const Json* json() const { return json_; }

 private:
  const Json* json_ = nullptr;
};

// The facts of one file. Either `tree` holds a Module node, or `problem` says why not (syntax error, too deep).
struct Facts {
  std::string path;  // for locations
  Json tree;
  Node module() const { return Node(&tree); }
  Location at(const Node& node) const;
};

}  // namespace decomp
