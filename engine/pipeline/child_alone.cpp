#include "pipeline/child_alone.h"

namespace decomp {
namespace {

// The siblings that a child imports, directly or by way of others.
std::vector<SideFile> imported(const StepContext& step, std::size_t child) {
  std::vector<SideFile> files;
  std::set<std::string> seen = {step.children[child].module};
  std::vector<std::string> open = step.child_grammar[child].children;
  while (!open.empty()) {
    std::string name = open.back();
    open.pop_back();
    if (!seen.insert(name).second) continue;
    for (std::size_t i = 0; i < step.children.size(); ++i)
      if (step.children[i].module == name) {
        files.push_back({&step.children[i], step.child_grammar[i].dropped});
        for (const std::string& more : step.child_grammar[i].children) open.push_back(more);
      }
  }
  return files;
}

// Of the tensors below a component: their keys from there.
Json entries_below(const Json& all, const std::string& component) {
  Json entries = Json::array();
  for (Json entry : all) {
    std::string key = entry.at("key");
    if (key.rfind(component + ".", 0) != 0) continue;
    entry["key"] = key.substr(component.size() + 1);
    entries.push_back(std::move(entry));
  }
  return entries;
}

// The refactored tensors below a component; `buffers`: only those that the original's floating buffers feed.
ModelDescription tensors_below(const StepContext& step, const std::string& component, bool buffers) {
  ModelDescription some;
  for (const TensorEntry& t : step.b->description().tensors) {
    if (t.key.rfind(component + ".", 0) != 0) continue;
    auto target = step.weights.by_refactored.find(t.key);
    if (!buffers || (target != step.weights.by_refactored.end() && step.buffers.find(target->second.original) != nullptr)) some.tensors.push_back(t);
  }
  return some;
}

}  // namespace

ChildAlone::ChildAlone(StepContext& step, std::size_t child)
    : step_(step),
      side_(step.session.worker(), step.model_job(), {&step.children[child], step.child_grammar[child].dropped}, imported(step, child),
            step.child_grammar[child].model_class) {
  side_.load();
}

void ChildAlone::build() {
  side_.init_inputs(construct_seed);
  side_.build(nullptr, construct_seed);
}

void ChildAlone::give_weights_of(const std::string& component) {
  const auto entries = [&](const WeightArena& arena, bool buffers) {
    return entries_below(arena.entries_for_refactored(tensors_below(step_, component, buffers), step_.weights), component);
  };
  side_.set_weights(entries(*step_.arena, false), *step_.arena);
  if (step_.buffer_arena) side_.set_weights(entries(*step_.buffer_arena, true), *step_.buffer_arena, true);
}

}  // namespace decomp
