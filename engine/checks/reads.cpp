#include "checks/reads.h"

#include <map>

namespace decomp {
namespace {

struct Reads {
  std::set<std::int64_t> values;
  std::set<int> weights;
};

Reads reads_of(const Tape& tape, bool live_only) {
  Reads reads;
  std::vector<bool> live = live_entries(tape);
  for (std::size_t i = 0; i < tape.entries.size(); ++i) {
    if (live_only && !live[i]) continue;
    for (const TapeRef& in : tape.entries[i].in) {
      reads.values.insert(in.id);
      if (in.weight >= 0) reads.weights.insert(in.weight);
    }
  }
  return reads;
}

}  // namespace

std::vector<Finding> check_reads(const Tape& original, const Tape& refactored, const ReadNames& names) {
  std::vector<Finding> findings;
  Reads a = reads_of(original, true);
  Reads b = reads_of(refactored, true);
  for (std::size_t i = 0; i < original.inputs.size() && i < refactored.inputs.size(); ++i)
    if (a.values.count(original.inputs[i]) != 0 && b.values.count(refactored.inputs[i]) == 0)
      findings.push_back({"conservation-input", Severity::error, {},
                          "never reads input tensor " + std::to_string(i) + ", which the original's result depends on",
                          "Use the input as the original does, also where the given values make no difference."});
  std::map<std::string, int> index_b;
  for (std::size_t i = 0; i < names.refactored.size(); ++i) index_b[names.refactored[i]] = static_cast<int>(i);
  std::set<int> written;
  for (const TapeEntry& e : original.entries)
    for (const TapeRef& out : e.out)
      if (out.weight >= 0 && op_base_name(e.op) != e.op.substr(e.op.find("::") + 2)) written.insert(out.weight);
  for (int w : written)
    if (w < static_cast<int>(names.original.size()) && names.nulled.count(names.original[static_cast<std::size_t>(w)]) != 0)
      findings.push_back({"weight-unmapped", Severity::error, {},
                          "weight_map.json maps `" + names.original[static_cast<std::size_t>(w)] + "` to null, but the original writes it: it is the model's state",
                          "Keep the state in the refactored model, and map it."});
  // What only the original's forward never writes stays as it is, or a weight counts the calls.
  std::set<std::string> written_names;
  for (int w : written)
    if (w < static_cast<int>(names.original.size())) written_names.insert(names.original[static_cast<std::size_t>(w)]);
  std::set<int> written_b;
  for (const TapeEntry& e : refactored.entries)
    for (const TapeRef& out : e.out)
      if (out.weight >= 0 && out.weight < static_cast<int>(names.refactored.size()) && op_base_name(e.op) != e.op.substr(e.op.find("::") + 2)) written_b.insert(out.weight);
  for (int w : written_b) {
    const std::string& key = names.refactored[static_cast<std::size_t>(w)];
    bool kept = false;  // the original only reads what it comes from
    for (const auto& [from, to] : names.mapped) kept = kept || (to == key && written_names.count(from) == 0);
    if (kept)
      findings.push_back({"conservation-state", Severity::error, {}, "writes `" + key + "` in place; the original never changes what it comes from",
                          "Write into a tensor that the call makes."});
  }
  for (int w : a.weights) {
    if (w >= static_cast<int>(names.original.size())) continue;
    const std::string& key = names.original[static_cast<std::size_t>(w)];
    if (names.nulled.count(key) != 0) {
      findings.push_back({"weight-unmapped", Severity::error, {}, "weight_map.json maps `" + key + "` to null, but the original reads it",
                          "Map it to the refactored tensor that holds it."});
      continue;
    }
    bool mapped = false, read = false;
    std::string where;
    for (const auto& [from, to] : names.mapped) {
      if (from != key) continue;
      mapped = true;
      where = to;
      auto it = index_b.find(to);
      read = read || (it != index_b.end() && b.weights.count(it->second) != 0);
    }
    if (mapped && !read)
      findings.push_back({"weight-unused", Severity::error, {}, "`" + where + "` is mapped from `" + key + "`, which the original reads, but it is never read",
                          "Compute with the weight; do not keep its values as constants."});
  }
  return findings;
}

}  // namespace decomp
