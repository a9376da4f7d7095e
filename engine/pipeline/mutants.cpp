#include "pipeline/mutants.h"

#include <tuple>

#include "tensor/dtype.h"
#include "tensor/narrow.h"

namespace decomp {
namespace {

// One mutant at a time, on the last trial. Caught: the result departs, or the run ends in an exception.
class Mutants {
 public:
  explicit Mutants(StepContext& step)
      : step_(step), budget_(step.forward_seconds > cheap_step_seconds ? 0.03 * step.forward_seconds : std::max(0.3, 0.15 * step.forward_seconds)) {}

  bool run() {
    Stopwatch watch(step_.report.seconds["mutants"]);
    if (step_.forward_seconds > cheap_step_seconds) take_first_sample();
    std::vector<std::string> components = components_to_zero();
    std::vector<std::string> keys = keys_to_perturb();
    std::vector<std::pair<std::string, std::string>> pairs = pairs_to_exchange(keys);
    for (std::size_t i = 0; i < std::max({components.size(), keys.size(), pairs.size()}); ++i) {
      if (i > 0 && spent_ > budget_) break;
      if (i < components.size()) zero_child(components[i]);
      if (i < pairs.size()) exchange(pairs[i].first, pairs[i].second);
      if (i < keys.size()) perturb(keys[i]);
    }
    const auto count = [&](MutantReport& report, std::size_t all) {
      report.left = static_cast<int>(all) - report.made;
      if (all > 0) step_.report.mutants.push_back(report);
    };
    count(zeroed_, components.size());
    count(exchanged_, pairs.size());
    count(perturbed_, keys.size());
    return exchanged_.caught + perturbed_.caught > 0;
  }

 private:
  // Where forwards are dear, mutants run on the first sample of the batch, if both models take it.
  void take_first_sample() {
    sample_ = first_sample(step_.last.trees);
    if (sample_.is_null()) return;
    try {
      both(
          [&] {
            // An original that only answers from a transcript runs once a mutant survives: then the step is judged without it.
            if (!step_.a->hears()) sample_of_a_ = step_.a->run(request(), step_.last.inputs).output;
          },
          [&] { sample_of_b_ = step_.b->run(request(), step_.last.inputs).output; });
    } catch (const StepStop& stop) {
      if (stop.finding.rule != "run-exception") throw;
      sample_ = nullptr;
    }
  }

  const Value& unchanged(const ModelSide& side) const {
    return sample_.is_null() ? step_.results.back() : &side == step_.a.get() ? sample_of_a_ : sample_of_b_;
  }

  // One instance of each child file.
  std::vector<std::string> components_to_zero() const {
    std::vector<std::string> components;
    std::set<std::string> files;
    for (const ModuleInstance& m : step_.modules_b)
      if (!m.component.empty() && m.component == m.path && files.insert(m.child).second) components.push_back(m.path);
    return components;
  }

  std::vector<std::string> keys_to_perturb() const {
    std::vector<std::string> keys;
    for (const TensorEntry& t : step_.b->description().tensors)
      if (t.kind == TensorEntry::Kind::parameter && at::isFloatingType(t.dtype) && source_of(t.key) != nullptr) keys.push_back(t.key);
    return keys;
  }

  // Neighbours among the parameters of equal shape and dtype that hold other values: one pair of each shape first.
  std::vector<std::pair<std::string, std::string>> pairs_to_exchange(const std::vector<std::string>& keys) const {
    std::map<std::tuple<at::ScalarType, std::vector<std::int64_t>>, std::vector<std::string>> alike;
    for (const std::string& key : keys) {
      const TensorEntry& t = *step_.b->description().find(key);
      std::vector<std::string>& group = alike[{t.dtype, t.shape}];
      const bool empty = std::count(t.shape.begin(), t.shape.end(), 0) > 0;
      if (!empty && (group.empty() || hold_other_values(group.back(), key))) group.push_back(key);
    }
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t i = 0, found = 1; found > 0; ++i) {
      found = 0;
      for (const auto& [type, group] : alike)
        if (i + 1 < group.size()) pairs.emplace_back(group[i], group[i + 1]), ++found;
    }
    return pairs;
  }

  const TensorEntry* source_of(const std::string& key) const {
    auto target = step_.weights.by_refactored.find(key);
    return target == step_.weights.by_refactored.end() ? nullptr : step_.a->description().find(target->second.original);
  }

  bool hold_other_values(const std::string& one, const std::string& two) const {
    const MapTarget& a = step_.weights.by_refactored.at(one);
    const MapTarget& b = step_.weights.by_refactored.at(two);
    if (a.original == b.original) return a.row_begin != b.row_begin;
    return !same_memory(*source_of(one), *source_of(two));
  }

  // True when the mutant's result departs from the unchanged model's.
  bool departs(ModelSide& side, const RunRequest& request) {
    auto start = Clock::now();
    bool result = true;
    try {
      result = moved(step_, unchanged(side), side.run(request, step_.last.inputs).output);
    } catch (const StepStop& stop) {
      if (stop.finding.rule != "run-exception") throw;
    }
    spent_ += std::chrono::duration<double>(Clock::now() - start).count();
    return result;
  }

  RunRequest request() const {
    const Json& trees = sample_.is_null() ? step_.last.trees : sample_;
    return {trees.at("args"), trees.at("kwargs"), step_.last.seed};
  }

  void zero_child(const std::string& path) {
    ++zeroed_.made;
    RunRequest zeroed = request();
    zeroed.zero = path;
    if (departs(*step_.b, zeroed)) {
      ++zeroed_.caught;
      return;
    }
    // Equivalent unless the original has the same module and moves with it.
    for (const ModuleInstance& m : step_.modules_a)
      if (m.path == path && departs(*step_.a, zeroed))
        return survived("setting the output of `" + path + "` to zero changes nothing, but it changes the original", "Use the child's result.");
    // The parts of an operation that is written out make its value together: one that changes nothing has no part in it.
    if (step_.part_components.count(path) != 0)
      return survived("setting the output of `" + path + "` to zero changes nothing, though it stands for a part of an operation that is written out",
                      "Use the child's result, or leave the child out.");
    note_equivalent("setting the output of `" + path + "` to zero");
  }

  // Each of the two refactored tensors gets the values of the other.
  void exchange(const std::string& one, const std::string& two) {
    ++exchanged_.made;
    if (departs_with(*step_.b, swapped(entries_of_refactored({one, two})), entries_of_refactored({one, two}))) {
      ++exchanged_.caught;
      return;
    }
    const std::string original_one = step_.weights.by_refactored.at(one).original;
    const std::string original_two = step_.weights.by_refactored.at(two).original;
    if (feeds_once(original_one) && feeds_once(original_two)) {
      const Json entries = entries_of_original({original_one, original_two});
      if (departs_with(*step_.a, swapped(entries), entries))
        return survived("exchanging `" + one + "` and `" + two + "` changes nothing, but exchanging `" + original_one + "` and `" +
                            original_two + "` changes the original",
                        "Use each weight where the original uses it.");
    }
    note_equivalent("exchanging `" + one + "` and `" + two + "`");
  }

  // The same new values for one tensor of the original and for the refactored tensor that it feeds.
  void perturb(const std::string& key) {
    ++perturbed_.made;
    const std::string& original = step_.weights.by_refactored.at(key).original;
    ModelDescription source;
    source.tensors.push_back(*source_of(key));
    source.tensors[0].storage_offset = 0;
    WeightArena changed = WeightArena::fill(source, step_.entropy ^ 0x5bd1e995u);
    if (departs_with(*step_.b, entries_of_refactored({key}, changed), entries_of_refactored({key}), changed)) {
      ++perturbed_.caught;
      return;
    }
    // If the original moves, the refactored model does not use the weight that the map gives it.
    if (feeds_once(original) && departs_with(*step_.a, changed.entries_for_original(source), entries_of_original({original}), changed))
      return survived("changing `" + key + "` changes nothing, but changing `" + original + "` changes the original",
                      "Use the weight that the map assigns.");
    note_equivalent("changing `" + key + "`");
  }

  // Under other weights; the step's own come back afterwards.
  bool departs_with(ModelSide& side, const Json& entries, const Json& own, const WeightArena& arena) {
    side.set_weights(entries, arena, true);
    const bool result = departs(side, request());
    side.set_weights(own, *step_.arena, true);
    return result;
  }
  bool departs_with(ModelSide& side, const Json& entries, const Json& own) { return departs_with(side, entries, own, *step_.arena); }

  Json entries_of_refactored(const std::set<std::string>& keys, const WeightArena& arena) const {
    return arena.entries_for_refactored(only(step_.b->description(), keys), step_.weights);
  }
  Json entries_of_refactored(const std::set<std::string>& keys) const { return entries_of_refactored(keys, *step_.arena); }
  Json entries_of_original(const std::set<std::string>& keys) const {
    return step_.arena->entries_for_original(only(step_.a->description(), keys));
  }

  static ModelDescription only(const ModelDescription& all, const std::set<std::string>& keys) {
    ModelDescription some;
    for (const TensorEntry& t : all.tensors)
      if (keys.count(t.key) != 0) some.tensors.push_back(t);
    return some;
  }

  static Json swapped(Json entries) {
    std::swap(entries.at(0).at("key"), entries.at(1).at("key"));
    return entries;
  }

  bool feeds_once(const std::string& original) const {
    return std::count_if(step_.weights.by_refactored.begin(), step_.weights.by_refactored.end(),
                         [&](const auto& mapped) { return mapped.second.original == original; }) == 1;
  }

  void survived(const std::string& message, const std::string& help) {
    step_.add({"mutant-survived", Severity::error, {step_.refactored->path}, message, help});
  }

  void note_equivalent(const std::string& change) {
    step_.add({"mutant-equivalent", Severity::note, {step_.refactored->path}, change + " moves neither model", ""});
  }

  StepContext& step_;
  double budget_;
  double spent_ = 0;
  Json sample_;  // {"args", "kwargs"}; null: the whole batch
  Value sample_of_a_, sample_of_b_;
  MutantReport zeroed_{"child zeroed"};
  MutantReport exchanged_{"weights exchanged"};
  MutantReport perturbed_{"weight perturbed"};
};

}  // namespace

bool run_mutants(StepContext& step) { return Mutants(step).run(); }

bool moved(const StepContext& step, const Value& a, const Value& b) {
  ValueComparison c = compare_values(a, b, step.policy);
  if (!c.structural.empty()) return true;
  for (const OutputComparison& o : c.outputs)
    if (!o.all_nan && (o.mismatches > 0 || o.capped_mismatches > 0)) return true;
  return false;
}

}  // namespace decomp
