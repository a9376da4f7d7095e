#include "checks/levels.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/rules.h"

namespace decomp {
namespace {

constexpr const char* words[] = {"kernel", "fusion", "layer", "model"};

// Larger components are layers or models without a doubt.
constexpr std::size_t most_operations = 400;
constexpr std::size_t operations_of_a_fusion = 5;

std::string article(int level) { return "a " + level_word(level); }

}  // namespace

std::string level_word(int level) { return level >= 0 && level < 4 ? words[level] : ""; }

int level_number(const std::string& word) {
  const auto found = std::find(std::begin(words), std::end(words), word);
  return found == std::end(words) ? -1 : static_cast<int>(found - std::begin(words));
}

std::string level_folder(int level) { return "level_" + std::to_string(level) + "_" + level_word(level); }

std::vector<Finding> check_declared_level(const std::string& file, int folder, const std::string& header, const std::string& folder_file) {
  const int declared = level_number(header);
  if (folder < 0 || folder > 3 || declared == folder) return {};
  const std::string place = folder_file.empty() ? "lies in " + level_folder(folder) + "/" : "is " + folder_file;
  if (declared < 0)
    return {{"level-undeclared", Severity::note, {file}, place + " and its header declares no level" + (header.empty() ? "" : ", but `" + header + "`"),
             std::string("Write `Abstraction Level: ") + words[folder] + "` into the docstring at the top of the file."}};
  return {{"level-mismatch", Severity::error, {file}, place + ", and its header declares " + article(declared),
           std::string("Write `Abstraction Level: ") + words[folder] + "` into its header, or move the file to " + level_folder(declared) + "/."}};
}

std::vector<Finding> check_level_order(const std::string& parent, int parent_level, const std::string& child, int child_level) {
  if (parent_level < 0 || child_level < 0 || child_level < parent_level) return {};
  const std::string same = child_level == parent_level ? "as its parent " + parent + " is" : "above its parent " + parent + ", " + article(parent_level);
  return {{"level-order", Severity::error, {child}, "is " + article(child_level) + ", " + same + ": a child's level is below its parent's",
           "Inline it into the parent's refactored class, or say truly what the two are: a repeated block is a layer, an attention or an MLP inside "
           "it a fusion."}};
}

bool has_residual(const ComponentRun& run) {
  if (run.operations.size() > most_operations) return false;
  std::map<std::int64_t, std::set<std::int64_t>> computed_from;  // by value: what compute operations below it read
  std::map<std::int64_t, std::set<std::int64_t>> same;           // by value: itself before plumbing
  const auto origins = [&](std::int64_t id) {
    const auto found = same.find(id);
    return found == same.end() ? std::set<std::int64_t>{id} : found->second;
  };
  for (const TapeEntry& e : run.operations) {
    const OpClass kind = op_class(e.op);
    std::set<std::int64_t> before, direct;
    for (const TapeRef& in : e.in) {
      if (in.weight >= 0) continue;
      const auto own = origins(in.id);
      direct.insert(own.begin(), own.end());
      before.insert(computed_from[in.id].begin(), computed_from[in.id].end());
    }
    if (op_base_name(e.op) == "add" && e.in.size() > 1 && e.in[0].weight < 0 && e.in[1].weight < 0)
      for (int side = 0; side < 2; ++side)
        for (std::int64_t id : origins(e.in[static_cast<std::size_t>(side)].id))
          if (computed_from[e.in[static_cast<std::size_t>(1 - side)].id].count(id) != 0) return true;
    for (const TapeRef& out : e.out) {
      auto& all = computed_from[out.id];
      all.insert(before.begin(), before.end());
      if (kind == OpClass::compute)
        all.insert(direct.begin(), direct.end());
      else if (kind != OpClass::arithmetic)
        same[out.id].insert(direct.begin(), direct.end());
    }
  }
  return false;
}

bool stands_for_several(const ComponentRun& run) {
  static const auto several = rule_data("names").at("several").get<std::set<std::string>>();
  return std::any_of(run.operations.begin(), run.operations.end(), [](const TapeEntry& e) {
    const std::string name = canonical_operation(e.op);
    return several.count(name) != 0 && (name != "einsum" || e.in.size() > 2);
  });
}

std::vector<Finding> check_level_of_run(const std::string& file, int level, const ComponentRun& run) {
  if (level < 1 || run.calls == 0) return {};
  std::size_t compute = 0, arithmetic = 0, idle = 0;
  std::string only;
  for (const TapeEntry& e : run.operations) {
    const OpClass kind = op_class(e.op);
    compute += kind == OpClass::compute;
    arithmetic += kind == OpClass::arithmetic;
    idle += op_base_name(e.op).find("dropout") != std::string::npos;  // an operation of the model, though none while it is judged
    if (kind == OpClass::compute) only = canonical_operation(e.op);
  }
  if (compute == static_cast<std::size_t>(run.calls) && arithmetic == 0 && idle == 0)
    return {{"level-single", Severity::error, {file}, "is declared " + article(level) + " but runs one operation, " + only + ": it is a kernel",
             "Declare it a kernel, give it a kernel's name and put it into level_0_kernel/; it needs no step."}};
  const auto per_call = compute / static_cast<std::size_t>(run.calls);
  if (level == 1 && has_residual(run))
    return {{"level-advice", Severity::note, {file}, "is declared a fusion and adds its own input to what it computes: a residual is rather a layer's",
             "Leave the addition to the parent, or declare it a layer."}};
  if (level == 2 && per_call > 1 && per_call <= operations_of_a_fusion && !has_residual(run))
    return {{"level-advice", Severity::note, {file},
             "is declared a layer and runs " + std::to_string(per_call) + " operations without a residual: it is rather a fusion",
             "Declare it a fusion, if nothing breaks the line between its operations."}};
  return {};
}

}  // namespace decomp
