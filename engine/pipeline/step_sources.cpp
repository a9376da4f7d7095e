// Reading, parsing and the grammar: all that is judged before anything runs.

#include <cstring>

#include "checks/children.h"
#include "core/digest.h"
#include "host/worker.h"
#include "pipeline/step_sources.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

std::string shown_path(const StepContext& step, const fs::path& file) {
  std::string relative = file.lexically_relative(step.files.root).generic_string();
  if (relative.empty() || relative.rfind("..", 0) == 0) return file.lexically_normal().generic_string();
  return step.files.shown.empty() ? relative : step.files.shown + "/" + relative;
}

std::optional<Source> read_one(StepContext& step, const fs::path& file, const std::string& role) {
  std::string shown = shown_path(step, file);
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(file, ignored))) {
    step.add({"step-missing-file", Severity::error, {shown}, "the step has no " + file.filename().string() + " (" + role + ")",
              "A step is a folder with original.py, refactored.py and children/."});
    return std::nullopt;
  }
  auto result = read_source(file, shown);
  if (auto* finding = std::get_if<Finding>(&result)) {
    step.add(std::move(*finding));
    return std::nullopt;
  }
  Source source = std::move(std::get<Source>(result));
  source.module = file.stem().string();
  step.report.digests[source.path] = source.sha256;
  return source;
}

// A text of our own, which no file holds yet.
Source made_here(StepContext& step, const std::string& text) {
  Source source{shown_path(step, step.files.refactored), step.files.refactored.stem().string(), text, sha256(text)};
  step.report.digests[source.path] = source.sha256;
  return source;
}

// A child may be a link only to a file of its own decomposition, or of its own step where that stands alone.
bool inside_root(const StepContext& step, const fs::path& file) {
  fs::path root = step.files.root;
  if (root.parent_path().filename() == "steps") root = root.parent_path().parent_path();
  std::error_code error;
  fs::path real = fs::canonical(file, error);
  if (error) return true;  // reading it says what is wrong
  fs::path base = fs::canonical(root.empty() ? fs::path(".") : root, error);
  if (error) return true;
  auto relative = real.lexically_relative(base).generic_string();
  return !relative.empty() && relative.rfind("..", 0) != 0;
}

}  // namespace

std::shared_ptr<const Facts> facts_of(StepContext& step, const Source& source) {
  try {
    return step.session.parse(source);
  } catch (const JobFailure& failure) {
    throw StepStop{{failure.rule(), Severity::error, {source.path}, std::string("the parser ") + failure.what() + " on this file",
                    "Write it in a simpler way."}};
  }
}

void add_grammar(StepContext& step, std::vector<Finding> findings, const Source& source) {
  for (Finding& f : findings) {
    f.where.file = source.path;
    if (f.rule == "template-missing" && !step.session.options().workspace_rules) f.severity = Severity::note;
    bool left_out = step.session.options().skip_anticheat && f.severity == Severity::error && f.rule.rfind("grammar-", 0) == 0;
    if (!left_out) step.add(std::move(f));
  }
}

void read_sources(StepContext& step) {
  Stopwatch watch(step.report.seconds["read"]);
  const bool composition = step.files.composition.has_value();
  step.original = read_one(step, step.files.original, composition ? "the source model" : "the component that is taken apart");
  if (composition && step.files.composition->text)
    step.refactored = made_here(step, *step.files.composition->text);
  else
    step.refactored = read_one(step, step.files.refactored, composition ? "the model made of kernels only" : "the same component written with its children");
  if (step.files.weight_map) step.weight_map = read_one(step, *step.files.weight_map, "the weight map");
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator it(step.files.children, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".py") paths.push_back(it->path());
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    if (!inside_root(step, path)) {
      step.add({"file-unreadable", Severity::error, {shown_path(step, path)}, "is a link that leads out of the workspace",
                "Put a copy of the file into children/."});
      continue;
    }
    auto source = read_one(step, path, composition ? "a kernel" : "a child");
    if (!source) continue;
    if (path.filename() == "__init__.py") {
      if (source->bytes.find_first_not_of(" \t\r\n") != std::string::npos)
        step.add({"grammar-package-code", Severity::error, {source->path, 1}, "children/__init__.py holds code; it never runs",
                  "Empty the file or delete it."});
      continue;
    }
    step.child_modules.insert(source->module);
    step.children.push_back(std::move(*source));
  }
  if (step.files.repeated)
    step.entropy = step.files.repeated->entropy;
  else
    std::memcpy(&step.entropy, random_bytes(sizeof step.entropy).data(), sizeof step.entropy);
  step.report.entropy = step.entropy;
}

void judge_sources(StepContext& step) {
  Stopwatch watch(step.report.seconds["parse"]);
  auto original = step.original_facts = facts_of(step, *step.original);
  auto refactored = facts_of(step, *step.refactored);
  step.original_grammar = check_source_grammar(*original);
  add_grammar(step, step.original_grammar.findings, *step.original);
  std::set<std::string> licensed = probes_in(*original);
  step.refactored_grammar = check_refactored_grammar(*refactored, step.child_modules, licensed);
  add_grammar(step, step.refactored_grammar.findings, *step.refactored);
  add_grammar(step, check_state_writes(step.refactored_grammar, *original), *step.refactored);
  const auto note_tests = [&](const Facts& facts, bool of_original) {
    const CodeTests tests = code_tests(facts);
    step.tests.any = step.tests.any || tests.any;
    step.tests.bounds.insert(tests.bounds.begin(), tests.bounds.end());
    if (of_original) step.tests.words = tests.words;
    step.tests.gradients = step.tests.gradients || (tests.gradients && !of_original);
  };
  const Decisions of_original = decisions(*original);
  const auto note_decisions = [&](const Facts& facts, const Source& source) {
    Decisions made = decisions(facts);
    add_grammar(step, refused_decisions(made, of_original), source);
    step.tests.own_sizes = step.tests.own_sizes || made.on(Quantity::size);
    step.own_decisions.numbers.insert(made.numbers.begin(), made.numbers.end());
    for (Decision& d : made.list) step.own_decisions.list.push_back(std::move(d));
  };
  note_tests(*original, true);
  note_tests(*refactored, false);
  note_decisions(*refactored, *step.refactored);
  step.parameters_a = forward_parameters(*original, step.original_grammar.model_class);
  step.parameters_b = forward_parameters(*refactored, step.refactored_grammar.model_class);
  for (const Source& child : step.children) {
    std::set<std::string> siblings = step.child_modules;
    siblings.erase(child.module);
    auto facts = facts_of(step, child);
    step.child_grammar.push_back(check_component_grammar(*facts, siblings, licensed));
    step.child_varies.push_back(may_vary(*facts));
    note_tests(*facts, false);
    note_decisions(*facts, child);
    add_grammar(step, step.child_grammar.back().findings, child);
  }
}

}  // namespace decomp
