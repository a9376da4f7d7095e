// What is particular to a composition test, judged as a step from the source model to its kernels (RULES §3, §6).

#include <filesystem>

#include "pipeline/step_sources.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

// Import names that a composition may not use, and what each is: the levels above the kernels, and the source model itself.
std::map<std::string, std::string> names_above(const StepContext& step) {
  std::map<std::string, std::string> names = {{step.files.original.stem().string(), "the source model"}};
  for (int level = 3; level > 0; --level) {
    const std::string folder = level_folders[level];
    std::error_code error;
    for (fs::directory_iterator it(step.files.root / folder, error), end; !error && it != end; it.increment(error))
      if (it->path().extension() == ".py")
        names[it->path().stem().string()] =
            std::string("a ") + level_names[level] + " (" + folder + "/" + it->path().filename().string() + ")";
  }
  return names;
}

// Branches of the composed class itself; those of the kernels were judged where steps made them.
void judge_branches(StepContext& step, const Decisions& of_original) {
  step.own_decisions = decisions(step.composition->judged);
  add_grammar(step, refused_decisions(step.own_decisions, of_original), *step.refactored);
  step.tests.own_sizes = step.own_decisions.on(Quantity::size);
  step.tests.gradients = code_tests(step.composition->judged).gradients;
  // No step has asked the source model what the probes will ask.
  if (!step.own_decisions.list.empty() || step.tests.gradients) step.hears = false;
}

}  // namespace

void judge_composition_sources(StepContext& step) {
  Stopwatch watch(step.report.seconds["parse"]);
  const auto original = step.original_facts = facts_of(step, *step.original);
  const auto test = facts_of(step, *step.refactored);
  step.original_grammar = check_source_grammar(*original);
  add_grammar(step, step.original_grammar.findings, *step.original);
  const std::set<std::string> licensed = probes_in(*original);
  step.composition = read_composition(*test, step.child_modules, names_above(step));
  step.refactored_grammar = check_composition_grammar(*step.composition, step.child_modules, licensed);
  add_grammar(step, step.refactored_grammar.findings, *step.refactored);
  add_grammar(step, check_state_writes(step.refactored_grammar, *original), *step.refactored);
  judge_branches(step, decisions(*original));
  if (step.composition->weight_map && !step.weight_map)
    step.weight_map = Source{step.refactored->path, "", *step.composition->weight_map, ""};
  for (const Source& kernel : step.children) {
    std::set<std::string> siblings = step.child_modules;
    siblings.erase(kernel.module);
    const auto facts = facts_of(step, kernel);
    step.child_grammar.push_back(check_component_grammar(*facts, siblings, licensed));
    step.child_varies.push_back(false);
    // What else the grammar says of a kernel is said where its step is judged.
    std::vector<Finding> errors = step.child_grammar.back().findings;
    std::erase_if(errors, [](const Finding& f) { return f.severity != Severity::error || f.rule == "template-missing"; });
    add_grammar(step, std::move(errors), kernel);
  }
}

void judge_composition_tolerances(StepContext& step) {
  Tolerance loosest = step.policy.of(at::kFloat);
  for (const TrialReport& trial : step.report.trials)
    for (const OutputReport& output : trial.outputs) {
      loosest.rtol = std::max(loosest.rtol, output.rtol);
      loosest.atol = std::max(loosest.atol, output.atol);
    }
  for (Finding& f : check_tolerances(step.composition->tolerances, loosest.rtol, loosest.atol)) {
    f.where.file = step.refactored->path;
    step.add(std::move(f));
  }
}

}  // namespace decomp
