// Other numbers among the inputs, longer lists, and entries of dicts that the trials left out.

#include <ATen/Functions.h>

#include <cstdlib>

#include "pipeline/probe_runs.h"

namespace decomp {
namespace {

constexpr std::size_t most_items = 64;  // of a list made longer

class Structure {
 public:
  explicit Structure(ProbeRuns& runs) : runs_(runs), step_(runs.step()) {}

  void run() {
    const HostInputs made = runs_.unchanged();
    find(made.tree.at("args"), Json::json_pointer("/args"), true);
    find(made.tree.at("kwargs"), Json::json_pointer("/kwargs"), true);
    for (const auto& at : numbers_) other_numbers(at, made.tree.at(at));
    for (const auto& at : lists_) longer(at, made.tree.at(at));
    for (const auto& at : dicts_) more_entries(at, made.tree.at(at));
  }

 private:
  using Place = Json::json_pointer;

  void find(const Json& node, const Place& at, bool arguments) {
    const std::string kind = node.value("k", "");
    if (kind == "int") numbers_.push_back(at);
    // *args may be more; what has names has its length.
    if ((kind == "list" || kind == "tuple") && node.contains("items") && !node["items"].empty() && (!arguments || step_.parameters_a.takes_more))
      lists_.push_back(at);
    if (kind == "dict" && !arguments) dicts_.push_back(at);
    if (node.contains("items"))
      for (std::size_t i = 0; i < node["items"].size(); ++i) find(node["items"][i], at / "items" / i, false);
  }

  // Both models with `node` at a place of the inputs. False where the original does not take it.
  bool agree(const Place& at, const Json& node, const std::string& when) {
    if (runs_.exhausted() || step_.has_errors()) return true;
    HostInputs made = runs_.unchanged();
    made.tree[at] = node;
    const ProbeRuns::Outcome outcome = runs_.try_both(std::move(made));
    if (!outcome.counts) return false;
    if (outcome.failed) return true;  // it says that it does not take this
    if (const std::string what = runs_.difference(outcome, ProbeRuns::What::all); !what.empty())
      runs_.add("conservation-input", when + what, "Use every input as the original does, whatever its value and length, or refuse it: raise an error.");
    return true;
  }

  void other_numbers(const Place& at, const Json& node) {
    const long long value = std::strtoll(node.value("v", "0").c_str(), nullptr, 10);
    std::vector<long long> others = {value + 1, 0, 1, 2 * value + 5};
    for (const std::set<std::int64_t>* bounds : {&step_.own_decisions.numbers, &step_.tests.bounds})
      for (const std::int64_t bound : *bounds)
        if (bound < 512 && others.size() < 24) others.insert(others.end(), {bound, bound + 1});
    int refused = 0;
    for (const long long other : others)
      if (other != value && refused < 4 &&
          !agree(at, {{"k", "int"}, {"v", std::to_string(other)}},
                 "where a number among the inputs is " + std::to_string(other) + " and not " + std::to_string(value) + ", "))
        ++refused;
  }

  void longer(const Place& at, const Json& node) {
    const std::size_t size = node["items"].size();
    std::set<std::size_t> lengths = {1, size + 1, 3 * size + 2};
    for (const std::int64_t bound : step_.own_decisions.numbers)
      if (bound < static_cast<std::int64_t>(most_items)) lengths.insert(static_cast<std::size_t>(bound) + 1);
    int refused = 0;
    for (const std::size_t length : lengths) {
      if (length == size || length > most_items || refused > 2) continue;
      Json other = node;
      other["items"] = Json::array();
      for (std::size_t i = 0; i < length; ++i) other["items"].push_back(node["items"][i % size]);
      if (!agree(at, other, "where a list of " + std::to_string(size) + " inputs has " + std::to_string(length) + ", ")) ++refused;
    }
  }

  // Entries by the names that the original compares with; each a tensor like one of the others, or a number.
  void more_entries(const Place& at, const Json& node) {
    const auto keys = node.at("keys").get<std::set<std::string>>();
    for (const std::string& word : step_.tests.words) {
      if (keys.count("s:" + word) != 0) continue;
      std::vector<Json> values;
      for (const Json& item : node.at("items"))
        if (item.value("k", "") == "tensor") values.push_back(item);
      values.push_back({{"k", "float"}, {"v", "0x1.8p-1"}});
      for (const Json& value : values) {
        Json other = node;
        other["keys"].push_back("s:" + word);
        other["items"].push_back(value);
        if (agree(at, other, "where a dict among the inputs has an entry `" + word + "`, ")) break;
      }
    }
  }

  ProbeRuns& runs_;
  StepContext& step_;
  std::vector<Place> numbers_, lists_, dicts_;
};

}  // namespace

void probe_structure(ProbeRuns& runs) { Structure(runs).run(); }

}  // namespace decomp
