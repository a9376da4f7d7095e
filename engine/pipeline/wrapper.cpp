#include "pipeline/wrapper.h"

#include <algorithm>
#include <cstring>

#include "checks/conservation.h"
#include "checks/grammar.h"
#include "checks/wrapper_imports.h"
#include "core/digest.h"
#include "core/error.h"
#include "pipeline/step_context.h"
#include "tensor/host_inputs.h"
#include "tensor/wrapper_outputs.h"
#include "tensor/wrapper_weights.h"

namespace decomp {
namespace {

// How a model ends that reaches for a package, a file or the network.
bool reached_outside(const std::string& message) {
  for (const char* type : {"ModuleNotFoundError", "ImportError", "FileNotFoundError", "PermissionError", "ConnectionError", "gaierror", "URLError", "OSError"})
    if (message.find(std::string("raised ") + type) != std::string::npos) return true;
  return false;
}

class WrapperCheck {
 public:
  WrapperCheck(Session& session, const WrapperFiles& files) : session_(session), files_(files) {
    report_.path = files.shown;
    report_.original_file = files.native.shown;
    report_.refactored_file = files.wrapper.lexically_normal().string();
    std::memcpy(&report_.entropy, random_bytes(sizeof report_.entropy).data(), sizeof report_.entropy);
  }

  StepReport run() {
    try {
      read();
      if (!has_errors()) build();
      if (!has_errors()) map();
      if (!has_errors()) trials();
      if (!has_errors()) movement();
    } catch (const StepStop& stop) {
      add(explained(stop.finding));
    } catch (const Json::exception& error) {
      add({"run-garbled", Severity::error, {report_.refactored_file}, std::string("a job gave an answer that cannot be read: ") + error.what(), ""});
    } catch (const std::invalid_argument& error) {
      add({"run-garbled", Severity::error, {report_.refactored_file}, std::string("a job gave an answer that cannot be read: ") + error.what(), ""});
    }
    if (report_.status == Status::not_decided) report_.status = has_errors() ? Status::fail : Status::pass;
    return std::move(report_);
  }

 private:
  void add(Finding f) { report_.findings.push_back(std::move(f)); }
  bool has_errors() const {
    return std::any_of(report_.findings.begin(), report_.findings.end(), [](const Finding& f) { return f.severity == Severity::error; });
  }
  Finding about_wrapper(const char* rule, Severity severity, std::string message, std::string help) const {
    return {rule, severity, {report_.refactored_file}, std::move(message), std::move(help)};
  }

  // The native side's bad ends are about what it needs, the wrapper's may be reaches out of its sandbox.
  Finding explained(Finding f) const {
    if (f.where.file == native_source_.path) {
      if (f.rule == "run-exception")
        f.help = "Build the native model from its configuration (no from_pretrained, no download), and have its package installed for the Python that decomp uses.";
      f.rule = f.rule == "run-exception" ? "wrapper-native" : f.rule;
    } else if (f.rule == "run-exception" && reached_outside(f.message)) {
      f.rule = "wrapper-not-self-contained";
      f.help = "Copy what is needed into the file: it runs with torch alone, without files and network.";
    }
    return f;
  }

  void read() {
    Stopwatch watch(report_.seconds["parse"]);
    native_source_.path = files_.native.shown;
    if (files_.text) {
      wrapper_source_ = {report_.refactored_file, files_.wrapper.stem().string(), *files_.text, sha256(*files_.text)};
    } else {
      auto result = read_source(files_.wrapper, report_.refactored_file);
      if (auto* finding = std::get_if<Finding>(&result)) return add(std::move(*finding));
      wrapper_source_ = std::move(std::get<Source>(result));
    }
    report_.digests[wrapper_source_.path] = wrapper_source_.sha256;
    try {
      const auto facts = session_.parse(wrapper_source_);
      grammar_ = check_source_grammar(*facts);
      for (Finding& f : check_wrapper_imports(*facts)) grammar_.findings.push_back(std::move(f));
    } catch (const JobFailure& failure) {
      return add({failure.rule(), Severity::error, {wrapper_source_.path}, std::string("the parser ") + failure.what() + " on this file", "Write it in a simpler way."});
    }
    for (Finding& f : grammar_.findings) {
      f.where.file = wrapper_source_.path;
      add(std::move(f));
    }
    if (files_.native.folder.empty()) return;
    add({"wrapper-native-files", Severity::note, {files_.native.shown}, "its code may read " + files_.native.folder, ""});
  }

  void build() {
    Stopwatch watch(report_.seconds["build"]);
    JobSpec trusted = session_.model_job();
    if (!files_.native.folder.empty()) trusted.readable = {files_.native.folder};
    if (!session_.options().wall_seconds) trusted.limits.wall_seconds = std::max(trusted.limits.wall_seconds, native_wall_seconds);
    JobSpec alone = session_.model_job();
    alone.self_contained = true;
    native_ = std::make_unique<ModelSide>(session_.worker(), trusted, SideFile{&native_source_, {}}, files_.native.spec);
    wrapper_ = std::make_unique<ModelSide>(session_.worker(), alone, SideFile{&wrapper_source_, grammar_.dropped}, std::vector<SideFile>{}, grammar_.model_class);
    std::vector<std::int64_t> seeds;
    for (int i = 0; i < session_.options().num_trials; ++i) seeds.push_back(first_public_seed + i);
    seeds.push_back(static_cast<std::int64_t>(report_.entropy & 0x7fffffffffffffffull));
    Shipment native_init, own_init, native_inputs;
    both(
        [&] {
          native_->load();
          native_init = native_->init_inputs(construct_seed);
          native_->build(nullptr, construct_seed, true);
          if (files_.same_operations) native_inputs = native_->inputs(seeds);
        },
        [&] {
          wrapper_->load();
          own_init = wrapper_->init_inputs(construct_seed);
          wrapper_->build(nullptr, construct_seed, true);
          inputs_ = wrapper_->inputs(seeds);
        });
    report_.sandbox = wrapper_->sandbox_level();
    const std::string kind = inputs_.tree.at("trials").at(0).at("args").value("k", "");
    if (kind != "list" && kind != "tuple")
      throw StepStop{wrapper_->finding("step-no-inputs", kind == "none" ? "has no get_inputs(): decomp cannot run it" : "get_inputs() returned a " + kind + ", not a list",
                                       "Return the list of forward's arguments: return [x].")};
    if (!files_.same_operations) return;
    if (!same_value(native_init.tree, native_init.file, own_init.tree, own_init.file, "value"))
      add(about_wrapper("wrapper-inputs", Severity::error, "get_init_inputs() returns other values than " + files_.native.shown, "Copy the source's constructor values."));
    for (std::size_t i = 0; i < seeds.size(); ++i)
      for (const char* part : {"args", "kwargs"})
        if (!same_value(native_inputs.tree.at("trials").at(i), native_inputs.file, inputs_.tree.at("trials").at(i), inputs_.file, part))
          return add(about_wrapper("wrapper-inputs", Severity::error, "get_inputs() returns other values than that of " + files_.native.shown + " under seed " + std::to_string(seeds[i]), "Copy the source's inputs, all dimensions as they are."));
  }

  // Equal kinds, shapes, dtypes and bytes; a list and a tuple are one thing.
  static bool same_value(const Json& a, const std::shared_ptr<MappedFile>& of_a, const Json& b, const std::shared_ptr<MappedFile>& of_b, const char* part) {
    Value x = a.contains(part) ? decode_value(a.at(part), of_a) : Value{}, y = b.contains(part) ? decode_value(b.at(part), of_b) : Value{};
    for (Value* v : {&x, &y})
      if (v->kind == Value::Kind::tuple || (v->kind == Value::Kind::none && part[0] == 'v')) v->kind = Value::Kind::list;
    TolerancePolicy exact;
    exact.rtol = exact.atol = 0.0;
    return compare_values(x, y, exact).pass();
  }

  void map() {
    Stopwatch watch(report_.seconds["map"]);
    ModelDescription a = native_->description(), b = wrapper_->description();
    map_ = map_wrapper_weights(a, b);
    if (map_.map.needs_first_use) {
      both([&] { a = probed(*native_, a); }, [&] { b = probed(*wrapper_, b); });
      map_ = map_wrapper_weights(a, b);
    }
    for (const auto& [key, target] : map_.map.by_refactored) report_.weights.push_back({key, target.original, target.how});
    report_.unmapped_original = map_.native_left;
    report_.unmapped_refactored = map_.wrapper_left;
    const std::string counts = std::to_string(map_.native_mapped) + " of the native model's " + std::to_string(map_.native_parameters) + " parameters and " +
                               std::to_string(map_.wrapper_mapped) + " of the wrapper's " + std::to_string(map_.wrapper_parameters) + " have a partner";
    if (map_.native_left.empty() && map_.wrapper_left.empty()) return;
    add(about_wrapper("wrapper-weights", map_.enough() ? Severity::warning : Severity::error,
                      counts + (map_.enough() ? "" : ", and more than 95 % must") + "; without one: " + listed(map_.native_left, "native") +
                          (map_.native_left.empty() || map_.wrapper_left.empty() ? "" : "; ") + listed(map_.wrapper_left, "wrapper"),
                      "Keep the native model's module and parameter names; a prefix before all of them is found."));
  }

  static std::string listed(const std::vector<std::string>& keys, const char* side) {
    std::string text;
    for (std::size_t i = 0; i < keys.size() && i < 6; ++i) text += (i == 0 ? std::string(side) + " `" : ", `") + keys[i] + "`";
    return keys.size() > 6 ? text + " and " + std::to_string(keys.size() - 6) + " more" : text;
  }

  // Which tensor is used first: names that say nothing are matched by it.
  ModelDescription probed(ModelSide& side, ModelDescription description) {
    const WeightArena arena = WeightArena::fill(description, 1, true);
    side.set_weights(arena.entries_for_original(description), arena);
    const Json& trial = inputs_.tree["trials"][0];
    const RunResult result = side.run({.args = trial["args"], .kwargs = trial["kwargs"], .seed = first_public_seed, .tape = true, .fingerprints = false}, inputs_);
    std::int64_t next = 0;
    for (const TapeEntry& entry : result.tape.entries)
      for (const TapeRef& ref : entry.in)
        if (ref.weight >= 0 && static_cast<std::size_t>(ref.weight) < description.tensors.size()) {
          auto& use = description.tensors[static_cast<std::size_t>(ref.weight)].first_use;
          if (!use) use = next++;
        }
    return description;
  }

  // Parameters and what else state_dict() holds get fresh values, the same on both sides. What it does not hold each model
  // computes by itself.
  void fill(std::uint64_t seed) {
    Stopwatch watch(report_.seconds["fill"]);
    ModelDescription shared, own;
    for (const TensorEntry& t : native_->description().tensors)
      if (t.kind == TensorEntry::Kind::parameter || (t.kind == TensorEntry::Kind::buffer && t.persistent)) shared.tensors.push_back(t);
    for (const std::string& key : map_.wrapper_left)
      if (const TensorEntry* t = wrapper_->description().find(key)) own.tensors.push_back(*t);
    const std::size_t unmapped = map_.native_left.size();
    if (shared.tensors.empty()) return;
    const WeightArena arena = WeightArena::fill(shared, seed, false);
    ModelDescription given = shared;
    if (unmapped > 0)  // buffers that the wrapper has not: the author's values
      given.tensors.erase(std::remove_if(given.tensors.begin(), given.tensors.end(),
                                         [&](const TensorEntry& t) {
                                           return t.kind != TensorEntry::Kind::parameter &&
                                                  std::find(map_.native_left.begin(), map_.native_left.end(), t.key) != map_.native_left.end();
                                         }),
                          given.tensors.end());
    native_->set_weights(arena.entries_for_original(given), arena, true);
    wrapper_->set_weights(arena.entries_for_refactored(wrapper_->description(), map_.map), arena, true);
    if (own.tensors.empty()) return;
    const WeightArena rest = WeightArena::fill(own, seed ^ 0x5851f42d4c957f2dull, false);
    wrapper_->set_weights(rest.entries_for_original(own), rest, true);
  }

  // False where the native model refuses inputs that the host made.
  bool trial(const std::string& kind, std::int64_t seed, const Json& args, const Json& kwargs, const Shipment& inputs, bool tentative) {
    RunResult expected, actual;
    std::optional<StepStop> refused, failed;
    {
      Stopwatch watch(report_.seconds["forward"]);
      const RunRequest request{.args = args, .kwargs = kwargs, .seed = seed, .tape = files_.same_operations && results_.empty()};
      both(
          [&] {
            try {
              expected = native_->run(request, inputs);
            } catch (const StepStop& stop) {
              refused = stop;
            }
          },
          [&] {
            try {
              actual = wrapper_->run(request, inputs);
            } catch (const StepStop& stop) {
              failed = stop;
            }
          });
    }
    if (tentative && ((refused && refused->finding.rule == "run-exception") || (!refused && !all_finite(expected.output)))) return false;
    if (refused) throw *refused;
    if (failed) throw *failed;
    if (expected.has_tape && actual.has_tape) conserved(expected.tape, actual.tape);
    compare(kind, seed, expected.output, actual.output);
    results_.push_back(std::move(expected.output));
    return true;
  }

  // What the source computes is what the wrapper computes; all of it counts as one child.
  void conserved(const Tape& source, const Tape& own) {
    std::vector<ModuleInstance> modules = module_instances(wrapper_->modules(), {});
    for (ModuleInstance& m : modules) m.child = m.component = wrapper_source_.module.empty() ? "wrapper" : wrapper_source_.module;
    for (Finding& finding : check_conservation(source, own, module_instances(native_->modules(), {}), modules).findings) {
      finding.where.file = report_.refactored_file;
      add(std::move(finding));
    }
  }

  void compare(const std::string& kind, std::int64_t seed, const Value& native, const Value& wrapper) {
    Stopwatch watch(report_.seconds["compare"]);
    const std::string where = " (" + kind + " trial, seed " + std::to_string(seed) + ")";
    const AlignedOutputs aligned = align_outputs(native, wrapper);
    for (const std::string& path : aligned.unknown)
      add(about_wrapper("output-structure", Severity::error, "returns " + path + ", which the native model does not" + where, "Return what the native model returns, by the same names or in the same order."));
    if (aligned.pairs.empty()) add(about_wrapper("output-structure", Severity::error, "returns nothing that the native model returns" + where, "Return the native model's outputs."));
    if (report_.trials.empty() && !aligned.left_out.empty())
      add(about_wrapper("wrapper-output-left-out", Severity::warning, "does not return " + joined(aligned.left_out) + "; what hangs on it alone is not proved", "Return all of the native model's tensors, or log why not."));
    TrialReport trial{kind, seed, aligned.unknown.empty() && !aligned.pairs.empty(), 0, {}};
    TolerancePolicy policy;
    policy.rtol = session_.options().rtol;
    policy.atol = session_.options().atol;
    policy.compute = lowest_dtype();
    for (const OutputPair& pair : aligned.pairs) {
      const ValueComparison result = compare_values(*pair.native, *pair.wrapper, policy, pair.path);
      trial.pass = trial.pass && result.pass();
      worst_ = std::max(worst_, result.grade());
      for (const StructuralMismatch& m : result.structural) add(about_wrapper(m.rule.c_str(), Severity::error, m.message + where, "Return what the native model returns."));
      for (const OutputComparison& c : result.outputs) {
        trial.outputs.push_back({c.path, c.dtype, c.shape, c.tolerance.rtol, c.tolerance.atol, std::string(to_string(c.grade)), c.pass, c.elements, c.mismatches,
                                 c.max_abs, c.max_rel, c.mean_abs, c.max_ulp, c.worst_index, c.expected_value, c.actual_value});
        trial.max_abs = std::max(trial.max_abs, c.max_abs);
        if (!c.pass)
          add(about_wrapper("output-value", Severity::error, describe(c) + where, "Look for an operation that was left out, or a value of the configuration that was copied wrong."));
        if (report_.trials.empty() && trial.outputs.size() == 1) {
          report_.rtol = c.tolerance.rtol;
          report_.atol = c.tolerance.atol;
        }
      }
    }
    report_.grade = to_string(worst_);
    report_.trials.push_back(std::move(trial));
  }

  static std::string joined(const std::vector<std::string>& paths) {
    std::string text;
    for (std::size_t i = 0; i < paths.size() && i < 6; ++i) text += (i == 0 ? "`" : ", `") + paths[i] + "`";
    return paths.size() > 6 ? text + " and " + std::to_string(paths.size() - 6) + " more of the native model's outputs" : text;
  }

  std::optional<at::ScalarType> lowest_dtype() const {
    std::optional<at::ScalarType> lowest;
    for (const TensorEntry& t : native_->description().tensors)
      if (t.dtype == at::kHalf || t.dtype == at::kBFloat16) lowest = t.dtype;
    return lowest;
  }

  void trials() {
    const Json& own = inputs_.tree["trials"];
    fill(report_.entropy);
    for (std::size_t i = 0; i + 1 < own.size() && !has_errors(); ++i)
      trial("public", first_public_seed + static_cast<std::int64_t>(i), own[i]["args"], own[i]["kwargs"], inputs_, false);
    if (has_errors()) return;
    // The host's own: other weights, inputs made from the wrapper's.
    fill(report_.entropy ^ 0x9e3779b97f4a7c15ull);
    const auto seed = static_cast<std::int64_t>(report_.entropy & 0x7fffffffffffffffull);
    for (InputChange change : {InputChange::varied, InputChange::rescaled, InputChange::permuted}) {
      HostInputs made = make_host_inputs({{"args", own[0]["args"]}, {"kwargs", own[0]["kwargs"]}}, inputs_.file, report_.entropy, change);
      if (change == InputChange::varied && !made.varied) continue;
      Shipment shipment;
      if (made.memfd) {
        shipment.memfd = std::make_shared<UniqueFd>(std::move(made.memfd));
        shipment.file = MappedFile::map(shipment.memfd->get());
      }
      if (trial("entropy", seed, made.tree["args"], made.tree["kwargs"], shipment, true)) return;
    }
    trial("entropy", seed, own.back()["args"], own.back()["kwargs"], inputs_, false);
  }

  // Equality is evidence only where it could have failed.
  void movement() {
    for (std::size_t i = 1; i < results_.size(); ++i)
      if (!compare_values(results_[0], results_[i], TolerancePolicy{}).pass()) return;
    report_.status = Status::vacuous;
    add({"vacuous-output", Severity::error, {files_.native.shown}, "the native model's outputs do not move when inputs and weights change: any wrapper would look equal",
         "Give inputs under which the outputs depend on what is computed."});
  }

  static constexpr double native_wall_seconds = 180;  // packages are imported in it

  Session& session_;
  const WrapperFiles& files_;
  StepReport report_;
  Source native_source_, wrapper_source_;
  GrammarResult grammar_;
  std::unique_ptr<ModelSide> native_, wrapper_;
  Shipment inputs_;
  WrapperMap map_;
  std::vector<Value> results_;
  Grade worst_ = Grade::bit_exact;
};

}  // namespace

StepReport verify_wrapper(Session& session, const WrapperFiles& files) { return WrapperCheck(session, files).run(); }

}  // namespace decomp
