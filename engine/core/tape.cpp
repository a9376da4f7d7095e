#include "core/tape.h"

#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "core/rules.h"

namespace decomp {
namespace {

TapeRef decode_ref(const Json& wire) {
  TapeRef ref;
  ref.id = wire.value("i", std::int64_t{-1});
  ref.shape = wire.at("s").get<std::vector<std::int64_t>>();
  ref.dtype = wire.at("d").get<std::string>();
  ref.weight = wire.value("w", -1);
  ref.nonfinite = wire.value("n", std::int64_t{0});
  if (auto it = wire.find("f"); it != wire.end()) {
    ref.has_print = true;
    for (std::size_t i = 0; i < 4; ++i)
      ref.print[i] = it->at(i).is_number() ? it->at(i).get<double>() : std::nan("");
  }
  return ref;
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

Tape decode_tape(const Json& wire) {
  try {
    Tape tape;
    for (const Json& e : wire.at("entries")) {
      TapeEntry entry;
      entry.op = e.at("op").get<std::string>();
      entry.instance = e.at("at").get<int>();
      for (const Json& r : e.at("in")) entry.in.push_back(decode_ref(r));
      for (const Json& r : e.at("out")) entry.out.push_back(decode_ref(r));
      entry.args = e.at("args").get<std::vector<std::string>>();
      if (e.contains("inner")) entry.inner = e.at("inner").get<std::vector<std::string>>();
      tape.entries.push_back(std::move(entry));
    }
    tape.calls = wire.at("calls").get<std::vector<int>>();
    tape.inputs = wire.at("inputs").get<std::vector<std::int64_t>>();
    tape.outputs = wire.at("outputs").get<std::vector<std::int64_t>>();
    tape.balanced = wire.at("balanced").get<bool>();
    tape.threads = wire.at("threads").get<std::int64_t>();
    return tape;
  } catch (const Json::exception& e) {
    throw std::invalid_argument(std::string("tape: ") + e.what());
  }
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
