#include "pipeline/step.h"

#include <algorithm>
#include <cstring>
#include <future>
#include <map>
#include <set>

#include "checks/children.h"
#include "checks/conservation.h"
#include "checks/grammar.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/tape.h"
#include "pipeline/model_side.h"
#include "tensor/compare.h"
#include "tensor/weights.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

constexpr std::int64_t first_seed = 42;     // the public seeds: 42 + trial
constexpr std::int64_t construct_seed = 0;  // both sides construct under it

class Stopwatch {
 public:
  explicit Stopwatch(double& total) : total_(total) {}
  ~Stopwatch() { total_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  double& total_;
  Clock::time_point start_ = Clock::now();
};

// Runs both at once; what the first one throws counts before what the second one throws.
template <class A, class B>
void both(A first, B second) {
  auto other = std::async(std::launch::async, second);
  std::exception_ptr error;
  try {
    first();
  } catch (...) {
    error = std::current_exception();
  }
  try {
    other.get();
  } catch (...) {
    if (!error) error = std::current_exception();
  }
  if (error) std::rethrow_exception(error);
}

OutputReport to_report(const OutputComparison& c) {
  return {c.path,       c.dtype,      c.shape,   c.tolerance.rtol, c.tolerance.atol, std::string(to_string(c.grade)),
          c.pass,       c.elements,   c.mismatches, c.max_abs,     c.max_rel,        c.mean_abs,
          c.max_ulp,    c.worst_index, c.expected_value, c.actual_value};
}

const Value* first_tensor(const Value& value) {
  if (value.kind == Value::Kind::tensor) return &value;
  for (const Value& item : value.items)
    if (const Value* found = first_tensor(item)) return found;
  return nullptr;
}

// Trees of the wire form with the numbers of `offset` left out: equal structure, dtypes and shapes.
Json shape_of_tree(const Json& node) {
  Json copy = node;
  copy.erase("offset");
  if (copy.contains("items"))
    for (Json& item : copy["items"]) item = shape_of_tree(item);
  return copy;
}

class StepVerifier {
 public:
  StepVerifier(Session& session, const StepFiles& files) : session_(session), files_(files) {
    report_.path = files.shown;
    report_.original_file = files.original.lexically_normal().string();
    report_.refactored_file = files.refactored.lexically_normal().string();
    report_.anticheat_skipped = session.options().skip_anticheat;
  }

  StepReport run() {
    try {
      read();
      if (!has_errors()) parse_and_judge();
      if (!has_errors()) build();
      if (!has_errors()) map();
      if (!has_errors()) run_trials();
    } catch (const StepStop& stop) {
      add(stop.finding);
    }
    report_.status = has_errors() ? Status::fail : report_.anticheat_skipped ? Status::skipped : Status::pass;
    return std::move(report_);
  }

 private:
  void add(Finding f) { report_.findings.push_back(std::move(f)); }
  void add(std::vector<Finding> findings) {
    for (Finding& f : findings) add(std::move(f));
  }
  bool has_errors() const {
    return std::any_of(report_.findings.begin(), report_.findings.end(),
                       [](const Finding& f) { return f.severity == Severity::error; });
  }
  std::string shown(const fs::path& file) const {
    std::string relative = file.lexically_relative(files_.root).generic_string();
    if (relative.empty() || relative.rfind("..", 0) == 0) return file.lexically_normal().generic_string();
    return files_.shown.empty() ? relative : files_.shown + "/" + relative;
  }

  // -- read ---------------------------------------------------------------------------------------------------------
  std::optional<Source> read_one(const fs::path& file, const std::string& role) {
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(file, ignored))) {
      add({"step-missing-file", Severity::error, {shown(file)}, "the step has no " + file.filename().string() + " (" + role + ")",
           "A step is a folder with original.py, refactored.py and children/."});
      return std::nullopt;
    }
    auto result = read_source(file, shown(file));
    if (auto* finding = std::get_if<Finding>(&result)) {
      add(std::move(*finding));
      return std::nullopt;
    }
    Source source = std::move(std::get<Source>(result));
    source.module = file.stem().string();
    report_.digests[source.path] = source.sha256;
    return source;
  }

  void read() {
    Stopwatch watch(report_.seconds["read"]);
    original_ = read_one(files_.original, "the component that is taken apart");
    refactored_ = read_one(files_.refactored, "the same component written with its children");
    if (files_.weight_map) weight_map_ = read_one(*files_.weight_map, "the weight map");
    std::error_code error;
    std::vector<fs::path> paths;
    for (fs::directory_iterator it(files_.children, error), end; !error && it != end; it.increment(error))
      if (it->path().extension() == ".py") paths.push_back(it->path());
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) {
      auto source = read_one(path, "a child");
      if (!source) continue;
      if (path.filename() == "__init__.py") {
        if (source->bytes.find_first_not_of(" \t\r\n") != std::string::npos)
          add({"grammar-package-code", Severity::error, {source->path, 1}, "children/__init__.py holds code; it never runs",
               "Empty the file or delete it."});
        continue;
      }
      children_.push_back(std::move(*source));
    }
  }

  // -- parse, grammar -----------------------------------------------------------------------------------------------
  std::shared_ptr<const Facts> facts_of(const Source& source) {
    try {
      return session_.parse(source);
    } catch (const JobFailure& failure) {
      throw StepStop{{failure.rule(), Severity::error, {source.path}, std::string("the parser ") + failure.what() + " on this file",
                      "Write it in a simpler way."}};
    }
  }

  // Findings of one file; equal files share their facts, so the place is set here.
  void add_grammar(std::vector<Finding> findings, const Source& source) {
    for (Finding& f : findings) {
      f.where.file = source.path;
      if (!session_.options().skip_anticheat || f.severity != Severity::error || f.rule.rfind("grammar-", 0) != 0) add(std::move(f));
    }
  }

  void parse_and_judge() {
    Stopwatch watch(report_.seconds["parse"]);
    for (const Source& child : children_) child_modules_.insert(child.module);
    auto original = facts_of(*original_);
    auto refactored = facts_of(*refactored_);
    original_grammar_ = check_source_grammar(*original);
    add_grammar(original_grammar_.findings, *original_);
    std::set<std::string> licensed = probes_in(*original);
    refactored_grammar_ = check_refactored_grammar(*refactored, child_modules_, licensed);
    add_grammar(refactored_grammar_.findings, *refactored_);
    add_grammar(check_state_writes(refactored_grammar_, *original), *refactored_);
    for (const Source& child : children_) {
      std::set<std::string> siblings = child_modules_;
      siblings.erase(child.module);
      child_grammar_.push_back(check_component_grammar(*facts_of(child), siblings, licensed));
      add_grammar(child_grammar_.back().findings, child);
    }
  }

  // -- build --------------------------------------------------------------------------------------------------------
  void build() {
    Stopwatch watch(report_.seconds["build"]);
    std::vector<SideFile> child_files;
    for (std::size_t i = 0; i < children_.size(); ++i) child_files.push_back({&children_[i], child_grammar_[i].dropped});
    a_ = std::make_unique<ModelSide>(session_.worker(), session_.model_job(), SideFile{&*original_, original_grammar_.dropped},
                                     std::vector<SideFile>{}, original_grammar_.model_class);
    b_ = std::make_unique<ModelSide>(session_.worker(), session_.model_job(), SideFile{&*refactored_, refactored_grammar_.dropped},
                                     child_files, refactored_grammar_.model_class);
    std::vector<std::int64_t> seeds;
    for (int i = 0; i < session_.options().num_trials; ++i) seeds.push_back(first_seed + i);
    std::uint64_t entropy = 0;
    std::memcpy(&entropy, random_bytes(8).data(), 8);
    entropy_seed_ = static_cast<std::int64_t>(entropy & 0x7fffffffffffffffull);
    seeds.push_back(entropy_seed_);
    Shipment init_a, init_b;
    std::promise<void> init_ready;
    auto init_known = init_ready.get_future();
    both(
        [&] {
          try {
            a_->load();
            init_a = a_->init_inputs(construct_seed);
          } catch (...) {
            init_ready.set_exception(std::current_exception());
            throw;
          }
          init_ready.set_value();
          a_->build(nullptr, construct_seed);
          inputs_ = a_->inputs(seeds);
        },
        [&] {
          b_->load();
          init_b = b_->init_inputs(construct_seed);
          if (init_b.tree.value("present", false)) {
            b_->build(nullptr, construct_seed);
          } else {
            init_known.get();
            b_->build(init_a.tree.contains("value") ? &init_a.tree["value"] : nullptr, construct_seed);
          }
          if (refactored_grammar_.functions.count("get_inputs") != 0) own_inputs_ = b_->inputs({first_seed});
        });
    report_.sandbox = b_->sandbox_level();
    judge_declared_inputs(init_a.tree, init_b.tree);
  }

  // The refactored file's own constructor values and inputs must be the original's.
  void judge_declared_inputs(const Json& init_a, const Json& init_b) {
    if (init_b.value("present", false) && init_a.contains("value") && init_b.contains("value") &&
        init_a["value"] != init_b["value"]) {
      // [] and no arguments at all are one thing; a list and a tuple are too.
      auto items = [](const Json& v) { return v.value("items", Json::array()); };
      if (items(init_a["value"]) != items(init_b["value"]))
        add(b_->finding("step-init-mismatch", "get_init_inputs() differs from the original's",
                        "Return the original's values: " + init_a["value"].dump().substr(0, 300)));
    }
    if (inputs_.tree.at("trials").empty()) return;
    const Json& args = inputs_.tree["trials"][0].at("args");
    std::string kind = args.value("k", "");
    if (kind == "none")
      throw StepStop{a_->finding("step-no-inputs", "has no get_inputs(): decomp cannot run it",
                                 "Add get_inputs() that returns the list of forward's arguments.")};
    if (kind != "list" && kind != "tuple")
      throw StepStop{a_->finding("step-no-inputs", "get_inputs() returned a " + kind + ", not a list",
                                 "Return the list of forward's arguments: return [x].")};
    if (own_inputs_.tree.is_null()) return;
    Json ours = shape_of_tree(args);
    Json theirs = shape_of_tree(own_inputs_.tree["trials"][0]["args"]);
    if (theirs.value("k", "") != "none" && ours["items"] != theirs["items"] && !only_values_differ(ours["items"], theirs["items"]))
      add(b_->finding("step-input-mismatch", "get_inputs() differs from the original's in number, shape or dtype",
                      "Return inputs of the original's shapes and dtypes."));
  }

  static bool only_values_differ(const Json& a, const Json& b) {
    if (a.type() != b.type() || a.size() != b.size()) return false;
    if (a.is_object() && a.value("k", "") == b.value("k", "") && a.contains("v")) return true;  // a number may be random
    if (a.is_structured()) {
      for (auto i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j)
        if (!only_values_differ(*i, *j)) return false;
      return true;
    }
    return a == b;
  }

  // -- weight map ---------------------------------------------------------------------------------------------------
  void map() {
    Stopwatch watch(report_.seconds["map"]);
    judge_training_mode(*a_);
    judge_training_mode(*b_);
    const Source* explicit_map = weight_map_ ? &*weight_map_ : nullptr;
    ModelDescription a = a_->description();
    ModelDescription b = b_->description();
    weights_ = map_weights(a, b, explicit_map);
    if (weights_.needs_first_use) {
      // Only now: one run of each side under the original's own kind of values, for the order of first use.
      WeightArena probe = WeightArena::fill(a, 1, true);
      WeightArena probe_b = WeightArena::fill(b, 1, true);
      both([&] { a = probed(*a_, a, probe); }, [&] { b = probed(*b_, b, probe_b); });
      weights_ = map_weights(a, b, explicit_map);
    }
    for (Finding& f : weights_.findings) {
      if (f.where.file.empty()) f.where.file = weight_map_ && f.where.line > 0 ? weight_map_->path : refactored_->path;
      add(f);
    }
    for (const auto& [key, target] : weights_.by_refactored) report_.weights.push_back({key, target.original, target.how});
    report_.unmapped_original = weights_.unmapped_original;
    report_.unmapped_refactored = weights_.unmapped_refactored;
  }

  ModelDescription probed(ModelSide& side, ModelDescription description, const WeightArena& arena) {
    side.set_weights(arena.entries_for_original(description), arena);
    const Json& trial = inputs_.tree["trials"][0];
    RunResult result = side.run(trial["args"], trial["kwargs"], inputs_, first_seed, true, 1);
    Tape tape = decode_tape(result.tape);
    std::int64_t next = 0;
    for (const TapeEntry& entry : tape.entries)
      for (const TapeRef& ref : entry.in)
        if (ref.weight >= 0) {
          auto& use = description.tensors.at(static_cast<std::size_t>(ref.weight)).first_use;
          if (!use) use = next++;
        }
    return description;
  }

  void judge_training_mode(const ModelSide& side) {
    for (const Json& m : side.modules())
      if (m.value("training", false)) {
        add(side.finding("run-training-mode", "module `" + m.value("path", "") + "` stays in training mode after eval()",
                         "Do not override train() or eval(), and do not set .training."));
        return;
      }
  }

  // -- run, compare -------------------------------------------------------------------------------------------------
  void run_trials() {
    std::uint64_t fill_seed = static_cast<std::uint64_t>(entropy_seed_) ^ 0x5eedull;
    const ModelDescription& da = a_->description();
    WeightArena arena = [&] {
      Stopwatch watch(report_.seconds["fill"]);
      return WeightArena::fill(da, fill_seed);
    }();
    both([&] { a_->set_weights(arena.entries_for_original(da), arena); },
         [&] { b_->set_weights(arena.entries_for_refactored(b_->description(), weights_), arena); });
    std::size_t trials = inputs_.tree["trials"].size();
    for (std::size_t i = 0; i < trials; ++i) {
      bool entropy = i + 1 == trials;
      run_trial(i, entropy ? entropy_seed_ : first_seed + static_cast<std::int64_t>(i), entropy ? "entropy" : "public");
      if (has_errors()) break;  // later trials would say the same again
    }
  }

  void run_trial(std::size_t index, std::int64_t seed, const std::string& kind) {
    const Json& trial = inputs_.tree["trials"][index];
    bool tape = index == 0;
    RunResult expected, actual;
    {
      Stopwatch watch(report_.seconds["forward"]);
      std::uint64_t tape_seed = static_cast<std::uint64_t>(entropy_seed_);
      both(
          [&] {
            expected = a_->run(trial["args"], trial["kwargs"], inputs_, seed, tape, tape_seed);
            double limit = std::max(session_.limits().wall_seconds, session_.limits().wall_factor * expected.seconds);
            b_->set_wall_seconds(limit);
          },
          [&] { actual = b_->run(trial["args"], trial["kwargs"], inputs_, seed, tape, tape_seed); });
    }
    if (tape) {
      tape_a_ = decode_tape(expected.tape);
      tape_b_ = decode_tape(actual.tape);
      modules_a_ = module_instances(a_->modules(), {});
      modules_b_ = module_instances(b_->modules(), child_modules_);
      policy_.rtol = session_.options().rtol;
      policy_.atol = session_.options().atol;
      policy_.compute = lowest_compute_dtype(tape_a_);
    }
    Stopwatch watch(report_.seconds["compare"]);
    ValueComparison result = compare_values(expected.output, actual.output, policy_);
    judge_inputs_after(expected, actual, result);
    TrialReport report{kind, seed, result.pass()};
    for (const OutputComparison& c : result.outputs) {
      report.outputs.push_back(to_report(c));
      report.max_abs = std::max(report.max_abs, c.max_abs);
    }
    report_.trials.push_back(report);
    if (worst_grade_ < result.grade() || report_.grade.empty()) {
      worst_grade_ = result.grade();
      report_.grade = to_string(worst_grade_);
    }
    if (index == 0) {
      if (!result.outputs.empty()) {
        report_.rtol = result.outputs[0].tolerance.rtol;
        report_.atol = result.outputs[0].tolerance.atol;
      }
      if (auto args = decode_value(trial["args"], inputs_.file); const Value* t = first_tensor(args))
        report_.input_dtype = "torch." + dtype_name(t->tensor.scalar_type());
    }
    std::string where = " (" + kind + " trial, seed " + std::to_string(seed) + ")";
    for (const StructuralMismatch& m : result.structural)
      add({m.rule, Severity::error, {refactored_->path}, m.message + where, "Return what the original returns."});
    for (const OutputComparison& c : result.outputs)
      if (!c.pass)
        add({"output-value", Severity::error, {refactored_->path}, describe(c) + where,
             "Compare the children with the original one by one; the first that departs is named in the report."});
    if (tape && result.pass()) judge_tapes();
    if (!result.pass()) report_.first_divergence = first_divergence(tape_a_, tape_b_, modules_b_);
  }

  void judge_inputs_after(const RunResult& expected, const RunResult& actual, ValueComparison& result) {
    if (expected.inputs_changed != actual.inputs_changed) {
      result.structural.push_back({"output-structure", "inputs",
                                   expected.inputs_changed ? "the original changes its inputs in place, the refactored model does not"
                                                           : "the refactored model changes its inputs in place, the original does not"});
    } else if (expected.inputs_changed) {
      ValueComparison after = compare_values(expected.inputs_after, actual.inputs_after, policy_, "inputs");
      for (auto& c : after.outputs) result.outputs.push_back(std::move(c));
      for (auto& m : after.structural) result.structural.push_back(std::move(m));
    }
  }

  // -- conservation, custody ------------------------------------------------------------------------------------------
  void judge_tapes() {
    Stopwatch watch(report_.seconds["conservation"]);
    ConservationResult result = check_conservation(tape_a_, tape_b_, modules_a_, modules_b_);
    report_.equivalences = result.equivalences;
    for (Finding& f : result.findings) {
      f.where.file = refactored_->path;
      add(f);
    }
    for (Finding& f : check_children(tape_b_, modules_b_, child_modules_)) {
      if (f.where.file.empty())
        f.where.file = refactored_->path;
      else
        for (const Source& child : children_)
          if (child.module == f.where.file) f.where.file = child.path;
      add(f);
    }
  }

  static std::optional<at::ScalarType> lowest_compute_dtype(const Tape& tape) {
    std::optional<at::ScalarType> lowest;
    for (const TapeEntry& entry : tape.entries) {
      if (op_class(entry.op) != OpClass::compute) continue;
      for (const TapeRef& ref : entry.out)
        for (const char* name : {"float16", "bfloat16"})
          if (ref.dtype == name) lowest = dtype_from_name(name);
    }
    return lowest;
  }

  Session& session_;
  const StepFiles& files_;
  StepReport report_;
  std::optional<Source> original_, refactored_, weight_map_;
  std::vector<Source> children_;
  GrammarResult original_grammar_, refactored_grammar_;
  std::vector<GrammarResult> child_grammar_;
  std::unique_ptr<ModelSide> a_, b_;
  Shipment inputs_, own_inputs_;
  std::int64_t entropy_seed_ = 0;
  WeightMap weights_;
  TolerancePolicy policy_;
  Tape tape_a_, tape_b_;
  std::set<std::string> child_modules_;
  std::vector<ModuleInstance> modules_a_, modules_b_;
  Grade worst_grade_ = Grade::bit_exact;
};

}  // namespace

StepReport verify(Session& session, const StepFiles& files) { return StepVerifier(session, files).run(); }

}  // namespace decomp
