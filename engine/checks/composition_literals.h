#pragma once
// What a composition test says in literals: its weight map, the tolerances of its own comparison, names of files.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/grammar_names.h"
#include "core/facts.h"

namespace decomp {

struct DeclaredTolerance;

class LiteralReader {
 public:
  LiteralReader() = default;
  explicit LiteralReader(const Bindings& module) : module_(&module) {}

  // The module's constants: NAME = 1e-4.
  void note(const std::vector<Node>& body);
  // WEIGHT_MAP = {...}, if it is a literal of texts, numbers, None, lists and dicts: as JSON in which each text stands on its own line.
  std::optional<std::string> weight_map(const std::vector<Node>& body) const;
  // rtol= and atol= of calls, the third and fourth argument of allclose and isclose, defaults and constants of such names.
  std::vector<DeclaredTolerance> tolerances(const Facts& facts) const;

 private:
  void tolerances_below(const Node& node, const Facts& facts, std::vector<DeclaredTolerance>& found) const;
  std::optional<double> number(const Node& node) const;

  const Bindings* module_ = nullptr;
  std::map<std::string, double> numbers_;
};

}  // namespace decomp
