#include "core/tape.h"

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>

#include "core/rules.h"
#include "core/wire.h"

namespace decomp {
namespace {

constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();

std::int64_t integer_or(const Json& object, const char* name, std::int64_t low, std::int64_t high, std::int64_t absent) {
  return object.contains(name) ? wire::integer(object, name, low, high) : absent;
}

TapeRef decode_ref(const Json& node) {
  TapeRef ref;
  ref.shape = wire::dimensions(node, "s");
  wire::contiguous_bytes(ref.shape, 1);  // its elements can be counted
  ref.dtype = wire::text(node, "d");
  ref.id = integer_or(node, "i", -1, any, -1);
  ref.weight = static_cast<int>(integer_or(node, "w", -1, std::numeric_limits<int>::max(), -1));
  ref.nonfinite = integer_or(node, "n", 0, any, 0);
  if (node.contains("f")) {
    const Json& print = wire::list(node, "f");
    if (print.size() != ref.print.size()) throw std::invalid_argument("a fingerprint of " + std::to_string(print.size()) + " numbers");
    ref.has_print = true;
    for (std::size_t i = 0; i < ref.print.size(); ++i) ref.print[i] = print[i].is_number() ? print[i].get<double>() : std::nan("");
  }
  return ref;
}

TapeEntry decode_entry(const Json& node) {
  TapeEntry entry;
  entry.op = wire::text(node, "op");
  if (entry.op.empty()) throw std::invalid_argument("an operation without a name");
  entry.instance = static_cast<int>(wire::integer(node, "at", -1, std::numeric_limits<int>::max()));
  entry.call = static_cast<int>(integer_or(node, "c", -1, std::numeric_limits<int>::max(), -1));
  for (const Json& ref : wire::list(node, "in")) entry.in.push_back(decode_ref(ref));
  for (const Json& ref : wire::list(node, "out")) entry.out.push_back(decode_ref(ref));
  entry.args = wire::texts(node, "args");
  if (node.contains("inner")) entry.inner = wire::texts(node, "inner");
  if (node.contains("l")) {
    constexpr std::int64_t any_int = std::numeric_limits<int>::max();
    const std::vector<std::int64_t> site = wire::integers(node, "l", 0, any_int);
    if (site.size() != 2) throw std::invalid_argument("a call site that is not a file and a line");
    entry.file = static_cast<int>(site[0]);
    entry.line = static_cast<int>(site[1]);
  }
  return entry;
}

const std::set<std::string>& op_set(const char* name) {
  static const std::set<std::string> sets[3] = {
      rule_data("ops").at("plumbing").get<std::set<std::string>>(),
      rule_data("ops").at("arithmetic").get<std::set<std::string>>(),
      rule_data("ops").at("identity").get<std::set<std::string>>(),
  };
  return sets[name[0] == 'p' ? 0 : name[0] == 'a' ? 1 : 2];
}

}  // namespace

std::int64_t TapeRef::numel() const {
  std::int64_t n = 1;
  for (std::int64_t d : shape) n *= d;
  return n;
}

Tape decode_tape(const Json& node) {
  constexpr std::int64_t any_int = std::numeric_limits<int>::max();
  Tape tape;
  for (const Json& entry : wire::list(node, "entries")) tape.entries.push_back(decode_entry(entry));
  for (const std::int64_t call : wire::integers(node, "calls", -1, any_int)) tape.calls.push_back(static_cast<int>(call));
  if (node.contains("parents"))
    for (const std::int64_t parent : wire::integers(node, "parents", -1, any_int)) {
      // A call is made in one that began before it.
      if (parent >= static_cast<std::int64_t>(tape.parents.size())) throw std::invalid_argument("a call inside a later one");
      tape.parents.push_back(static_cast<int>(parent));
    }
  if (!tape.parents.empty() && tape.parents.size() != tape.calls.size()) throw std::invalid_argument("calls without parents");
  for (const TapeEntry& entry : tape.entries)
    if (entry.call >= static_cast<std::int64_t>(tape.calls.size())) throw std::invalid_argument("an operation in a call that was not made");
  tape.inputs = wire::integers(node, "inputs", -1, any);
  tape.outputs = wire::integers(node, "outputs", -1, any);
  tape.balanced = wire::boolean(node, "balanced");
  tape.threads = wire::integer(node, "threads", 0, any);
  return tape;
}

bool same_print(const TapeRef& a, const TapeRef& b, double tolerance) {
  if (!a.has_print || !b.has_print || a.nonfinite != b.nonfinite) return false;
  for (std::size_t p = 0; p < 4; p += 2) {
    double scale = std::max(a.print[p + 1], b.print[p + 1]);
    if (!(std::fabs(a.print[p] - b.print[p]) <= tolerance * scale + 1e-30)) return false;
    if (!(std::fabs(a.print[p + 1] - b.print[p + 1]) <= tolerance * scale + 1e-30)) return false;
  }
  return true;
}

bool informative(const TapeRef& ref) { return ref.has_print && (ref.print[1] > 0 || ref.nonfinite > 0); }

std::vector<bool> live_entries(const Tape& tape) {
  std::vector<bool> live(tape.entries.size());
  std::set<std::int64_t> wanted(tape.outputs.begin(), tape.outputs.end());
  for (std::size_t i = tape.entries.size(); i-- > 0;) {
    const TapeEntry& e = tape.entries[i];
    bool makes = e.out.empty();
    for (const TapeRef& out : e.out) makes = makes || wanted.count(out.id) != 0;
    if (!makes) continue;
    live[i] = true;
    if (op_base_name(e.op) == "mul" && !e.out.empty() && e.out[0].numel() > 0 && e.out[0].has_print && !informative(e.out[0])) continue;
    for (const TapeRef& in : e.in) wanted.insert(in.id);
  }
  return live;
}

std::string op_base_name(const std::string& op) {
  auto colon = op.rfind(':');
  std::string name = colon == std::string::npos ? op : op.substr(colon + 1);
  bool dunder = name.rfind("__", 0) == 0;
  if (!dunder && name.size() > 1 && name.back() == '_') name.pop_back();
  return name;
}

std::string canonical_operation(const std::string& op) {
  static const auto names = rule_data("equivalences").at("names").get<std::map<std::string, std::string>>();
  std::string base = op_base_name(op);
  auto it = names.find(base);
  return it == names.end() ? base : it->second;
}

OpClass op_class(const TapeEntry& entry) {
  const std::string name = op_base_name(entry.op);
  const auto has = [&](std::string_view start) {
    return std::any_of(entry.args.begin(), entry.args.end(), [&](const std::string& a) { return a.rfind(start, 0) == 0; });
  };
  if (name == "where" && entry.in.size() == 1) return OpClass::plumbing;
  if ((name == "all" || name == "any") && !entry.in.empty() && entry.in[0].dtype != "bool") return OpClass::compute;
  if ((name == "index_put" || name == "_index_put_impl") && (has("accumulate=True") || has("accumulate=1") || has("accumulate=true")))
    return OpClass::compute;
  if (name == "scatter" && has("reduce=")) return OpClass::compute;
  return op_class(entry.op);
}

OpClass op_class(const std::string& op) {
  std::string name = op_base_name(op);
  if (op_set("identity").count(name) != 0) return OpClass::identity;
  if (op_set("plumbing").count(name) != 0) return OpClass::plumbing;
  if (op_set("arithmetic").count(name) != 0) return OpClass::arithmetic;
  return OpClass::compute;
}

}  // namespace decomp
