#pragma once
// Facts about one Python file: its syntax tree as JSON, made by python_bridge/facts.py with `ast.parse`,
// read here without copying. Python decides nothing; the checks do.
//
// A node is {"_": "Call", "at": [line, column, end_line, end_column], <fields of ast.Call by name>}.
// Lines count from 1, columns (UTF-8 bytes) from 1 too; `at` is absent where Python's node has no position.
// A list field is a JSON array of nodes, null (in a Dict's keys) and strings (in Global). Fields that are None or an
// empty list, and the context Load, are left out. Operators and contexts are strings ("Add", "Store").
// A Constant's `value` is {"kind": "int|float|str|bytes|bool|None|complex|Ellipsis", "value": ...}: bool as bool, int as
// decimal text, float and complex as repr text, str as text (lone surrogates replaced, "surrogates": true then), bytes as
// hex.
//
// A file is the Module node, with "cookie": {"line": n, "name": "latin-1"} if a coding cookie names another encoding
// than UTF-8 (the tree is of the UTF-8 text all the same); or, where there is no tree,
//   {"problem": {"kind": "syntax|too-deep|nul|not-utf8", "line": n, "column": n, "message": "..."}}.

#include <optional>
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
  std::vector<Node> list(std::string_view field) const;  // empty when absent; null nodes keep their place
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
  int position(std::size_t index) const;
  const Json* json_ = nullptr;
};

// The facts of one file. Either `tree` holds a Module node, or `problem` says why not (syntax error, too deep).
struct Facts {
  std::string path;  // for locations
  Json tree;
  Node module() const { return Node(&tree); }  // a null kind ("") when there is no tree
  Location at(const Node& node) const;
};

// Why `reply` does not have the form above (schemas/facts.schema.json, checked natively, and the fields of each node by
// rules/python_nodes.json); nothing when it has.
std::optional<std::string> validate_facts(const Json& reply);

// What python_bridge/facts.py returned for the file shown as `path`. Throws Error(infrastructure) if `reply` does not
// have the form above: then the worker is broken, not the workspace.
Facts make_facts(std::string path, Json reply);

// The same from the JSON text; the limits of depth fit what facts.py writes. Throws Error(infrastructure).
Facts parse_facts(std::string path, std::string_view text);

// Why the file cannot be judged further: syntax-error, syntax-too-deep, file-not-utf8, file-coding-cookie.
// Empty when there is a tree that can be trusted.
std::vector<Finding> facts_findings(const Facts& facts);

}  // namespace decomp
