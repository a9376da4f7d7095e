#include "checks/comparisons.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

namespace decomp {
namespace {

struct Comparison {
  std::size_t entry;
  std::string relation;  // "ge 1", "isnan", "gt tensor"; and what its complement would be
  std::string complement;
  bool demanded;  // false: a negation or a cast to bool, which may be the counterpart of a comparison with zero
};

bool starts(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

// Elements of a tensor of constants, chosen by data: a table may say which numbers are meant.
bool looks_up(const TapeEntry& e, const std::set<std::int64_t>& data) {
  static const std::set<std::string> names = {"index", "gather", "index_select", "take", "take_along_dim", "embedding"};
  if (names.count(op_base_name(e.op)) == 0 || e.in.size() < 2) return false;
  const auto of_data = [&](const TapeRef& in) { return in.weight >= 0 || data.count(in.id) != 0; };
  return !of_data(e.in[0]) && std::any_of(e.in.begin() + 1, e.in.end(), of_data);
}

bool makes_values_of_its_own(const std::string& name) {
  for (const char* start : {"zeros", "ones", "empty", "full", "new_", "arange", "rand", "eye", "linspace", "size", "sym_"})
    if (starts(name, start)) return true;
  return false;
}

// Entries that have an operand which comes from an input or a weight; those that look up.
std::vector<bool> reads_data(const Tape& tape, std::set<std::size_t>& lookups) {
  std::set<std::int64_t> data(tape.inputs.begin(), tape.inputs.end());
  std::vector<bool> reads(tape.entries.size());
  for (std::size_t i = 0; i < tape.entries.size(); ++i) {
    const TapeEntry& e = tape.entries[i];
    if (makes_values_of_its_own(op_base_name(e.op))) continue;
    reads[i] = std::any_of(e.in.begin(), e.in.end(), [&](const TapeRef& in) { return in.weight >= 0 || data.count(in.id) != 0; });
    if (reads[i] && looks_up(e, data)) lookups.insert(i);
    if (reads[i])
      for (const TapeRef& out : e.out) data.insert(out.id);
  }
  return reads;
}

std::string argument(const TapeEntry& entry, const char* name) {
  for (const std::string& a : entry.args)
    if (starts(a, name)) return a.substr(a.find('=') + 1);
  return "";
}

std::string number(double v) {
  char text[40];
  std::snprintf(text, sizeof text, "%.9g", v);
  return text;
}

const std::map<std::string, std::string>& spellings() {
  static const std::map<std::string, std::string> all = {
      {"eq", "eq"}, {"ne", "ne"}, {"not_equal", "ne"}, {"lt", "lt"}, {"less", "lt"}, {"le", "le"}, {"less_equal", "le"},
      {"gt", "gt"}, {"greater", "gt"}, {"ge", "ge"}, {"greater_equal", "ge"}};
  return all;
}

// The relation of one entry; empty when it is no comparison.
Comparison comparison(const TapeEntry& e, std::size_t at) {
  const std::string name = op_base_name(e.op);
  if (e.in.empty() || e.out.empty()) return {at, "", "", false};
  const bool floating = starts(e.in[0].dtype, "float") || starts(e.in[0].dtype, "bfloat");
  if (name == "isnan" || name == "isinf" || name == "isfinite" || name == "isposinf" || name == "isneginf" || name == "signbit")
    return {at, name, name, true};
  // Where data is not zero, how far from zero it is, and what its bits are, is asked without a comparison, too.
  const bool whole = starts(e.out[0].dtype, "int") || starts(e.out[0].dtype, "uint");
  if (e.in[0].dtype != "bool" && (name == "nonzero" || name == "nonzero_numpy" || name == "argwhere" || name == "nonzero_static"))
    return {at, "nonzero", "nonzero", true};
  const bool narrowed = e.in[0].dtype == "int64" && (e.out[0].dtype == "int8" || e.out[0].dtype == "int16" || e.out[0].dtype == "uint8");
  if (narrowed && (name == "to" || name == "_to_copy" || name == "type_as" || name == "view")) return {at, e.out[0].dtype, e.out[0].dtype, true};
  if (floating && whole && name == "view") return {at, "bits", "bits", true};
  if (floating && whole && (name == "to" || name == "_to_copy" || name == "type_as")) return {at, "trunc", "trunc", true};
  if (floating && e.out[0].dtype == "bool" && (name == "to" || name == "_to_copy" || name == "type_as")) return {at, "ne 0", "eq 0", true};
  if (name == "logical_not") return {at, "eq 0", "ne 0", false};
  if (e.out[0].dtype == "bool" && e.in[0].dtype != "bool" && (name == "to" || name == "_to_copy" || name == "type_as")) return {at, "ne 0", "eq 0", false};
  auto spelling = spellings().find(name);
  if (spelling == spellings().end() || e.in[0].dtype == "bool") return {at, "", "", false};
  std::string relation = spelling->second;
  static const std::map<std::string, std::string> complements = {{"eq", "ne"}, {"ne", "eq"}, {"lt", "ge"}, {"ge", "lt"}, {"gt", "le"}, {"le", "gt"}};
  std::string other = argument(e, "other");
  if (other.empty()) {
    // Between tensors the sides may be exchanged.
    if (relation == "lt") relation = "gt";
    if (relation == "le") relation = "ge";
    return {at, relation + " tensor", complements.at(relation) == "le" ? "ge tensor" : complements.at(relation) == "lt" ? "gt tensor" : complements.at(relation) + " tensor", true};
  }
  double bound = other == "True" ? 1 : other == "False" ? 0 : std::strtod(other.c_str(), nullptr);
  if (!floating) {  // k > 0 is k >= 1
    if (relation == "gt") relation = "ge", bound = std::floor(bound) + 1;
    if (relation == "le") relation = "lt", bound = std::floor(bound) + 1;
  }
  return {at, relation + " " + number(bound), complements.at(relation) + " " + number(bound), true};
}

std::vector<Comparison> comparisons(const Tape& tape) {
  std::set<std::size_t> lookups;
  const std::vector<bool> data = reads_data(tape, lookups), live = live_entries(tape);
  std::vector<Comparison> found;
  for (std::size_t i = 0; i < tape.entries.size(); ++i) {
    if (!data[i]) continue;
    Comparison c = lookups.count(i) != 0 ? Comparison{i, "lookup", "lookup", true} : comparison(tape.entries[i], i);
    // How many there are may decide without a way to the output.
    if (!c.relation.empty() && (live[i] || c.relation == "nonzero")) found.push_back(std::move(c));
  }
  return found;
}

// One relation, and results that are one mask (or one mask, repeated).
bool correspond(const Comparison& x, const TapeRef& a, const Comparison& y, const TapeRef& b) {
  const bool same = x.relation == y.relation;
  if (!same && x.relation != y.complement) return false;
  const std::int64_t n = a.numel(), m = b.numel();
  if (n == 0 || m == 0) return n == m;
  if (n != m) return n % m == 0 || m % n == 0;
  return !same || !a.has_print || !b.has_print || same_print(a, b, 0.02);
}

std::string place(const std::vector<ModuleInstance>& modules, const TapeEntry& e) {
  if (e.instance < 0 || e.instance >= static_cast<int>(modules.size())) return "the model itself";
  const ModuleInstance& m = modules[static_cast<std::size_t>(e.instance)];
  return m.path.empty() ? "the model itself" : "`" + m.path + "`" + (m.child.empty() ? "" : " (" + m.child + ".py)");
}

std::string text_of(const TapeEntry& e) {
  std::string text = op_base_name(e.op);
  if (std::string other = argument(e, "other"); !other.empty()) text += " " + other;
  text += " of " + e.in[0].dtype + " [";
  for (std::size_t d = 0; d < e.in[0].shape.size(); ++d) text += (d > 0 ? ", " : "") + std::to_string(e.in[0].shape[d]);
  return text + "]";
}

}  // namespace

std::vector<Finding> check_comparisons(const Tape& original, const Tape& refactored, const ConservationResult& conservation,
                                       const std::vector<ModuleInstance>& original_modules,
                                       const std::vector<ModuleInstance>& refactored_modules) {
  const std::vector<Comparison> a = comparisons(original), b = comparisons(refactored);
  std::vector<Finding> findings;
  const auto has = [](const Comparison& one, const Tape& tape, const std::vector<Comparison>& others, const Tape& other_tape) {
    return std::any_of(others.begin(), others.end(), [&](const Comparison& other) {
      return correspond(one, tape.entries[one.entry].out[0], other, other_tape.entries[other.entry].out[0]);
    });
  };
  for (const Comparison& x : a) {
    const TapeEntry& e = original.entries[x.entry];
    if (x.demanded && conservation.composed_original.count(x.entry) == 0 && !has(x, original, b, refactored))
      findings.push_back({"conservation-comparison", Severity::error, {},
                          "the original compares: " + text_of(e) + " in " + place(original_modules, e) + "; the refactored model does not",
                          "Keep the comparison as it is, in a child or between calls; the data of some other run will meet it."});
  }
  for (const Comparison& y : b) {
    const TapeEntry& e = refactored.entries[y.entry];
    // A cast to bool is a comparison with zero, in place of one with another number that is never met.
    const auto like = [&](const Comparison& x) {
      const std::int64_t n = original.entries[x.entry].out[0].numel(), m = e.out[0].numel();
      return n == 0 || m == 0 || n % m == 0 || m % n == 0;
    };
    const bool cast = !y.demanded && op_base_name(e.op) != "logical_not" && std::none_of(a.begin(), a.end(), like);
    if ((y.demanded || cast) && conservation.composed_refactored.count(y.entry) == 0 && !has(y, refactored, a, original))
      findings.push_back({"conservation-comparison", Severity::error, {},
                          "compares: " + text_of(e) + " in " + place(refactored_modules, e) + ", which the original does not",
                          "Remove it: a decomposition adds nothing."});
  }
  return findings;
}

}  // namespace decomp
