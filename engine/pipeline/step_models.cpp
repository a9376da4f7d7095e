// Both sides: processes, constructor values, inputs, and the weight map.

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "checks/children.h"
#include "checks/custody.h"
#include "core/error.h"
#include "pipeline/step_context.h"
#include "tensor/weight_hint.h"

namespace decomp {
namespace {

// Trees of the wire form with the numbers of `offset` left out: equal structure, dtypes and shapes.
Json shape_of_tree(const Json& node) {
  Json copy = node;
  copy.erase("offset");
  if (copy.contains("items"))
    for (Json& item : copy["items"]) item = shape_of_tree(item);
  return copy;
}

bool only_values_differ(const Json& a, const Json& b) {
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (a.is_object() && a.value("k", "") == b.value("k", "") && a.contains("v")) return true;  // a number may be random
  if (a.is_structured()) {
    for (auto i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j)
      if (!only_values_differ(*i, *j)) return false;
    return true;
  }
  return a == b;
}

// A wire tree as a person writes it: [float32 [2, 3], 0.5, "x"].
std::string text_of(const Json& node) {
  std::string kind = node.value("k", "");
  if (kind == "tensor") {
    std::string text = node.at("dtype").get<std::string>() + " [";
    for (const Json& d : node.at("shape")) text += (text.back() == '[' ? "" : ", ") + d.dump();
    return text + "]";
  }
  if (node.contains("items")) {
    std::string text = kind == "tuple" ? "(" : "[";
    for (const Json& item : node["items"]) text += (text.size() > 1 ? ", " : "") + text_of(item);
    return text.substr(0, 300) + (kind == "tuple" ? ")" : "]");
  }
  if (kind == "none") return "None";
  if (kind == "float") {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", std::strtod(node.at("v").get<std::string>().c_str(), nullptr));
    return text;
  }
  return node.contains("v") && node["v"].is_string() ? node["v"].get<std::string>() : node.value("v", Json()).dump();
}

bool same_values(const StepContext& step) {
  Value ours = decode_value(step.inputs.tree["trials"][0]["args"], step.inputs.file);
  Value theirs = decode_value(step.own_inputs.tree["trials"][0]["args"], step.own_inputs.file);
  theirs.kind = ours.kind;  // a list and a tuple of arguments are one thing
  TolerancePolicy any;
  return compare_values(ours, theirs, any).pass();
}

// The numbers, texts and tensors of a wire tree, in order.
void collect_values(const Json& node, std::vector<Json>& values) {
  if (node.contains("items"))
    for (const Json& item : node["items"]) collect_values(item, values);
  else
    values.push_back(node);
}

// The refactored file's own constructor values and inputs must be the original's.
void judge_declared_inputs(StepContext& step, const Json& init_a, const Json& init_b) {
  if (init_b.value("present", false) && init_a.contains("value") && init_b.contains("value")) {
    // A dimension that the refactored class holds as a constant need not be passed, and a list, a tuple and a configuration of the
    // same values are one thing.
    std::vector<Json> of_original, of_refactored;
    collect_values(init_a["value"], of_original);
    collect_values(init_b["value"], of_refactored);
    for (const Json& value : of_refactored) {
      const auto found = std::find(of_original.begin(), of_original.end(), value);
      if (found == of_original.end()) {
        step.add(step.b->finding("step-init-mismatch",
                                 "get_init_inputs() returns " + text_of(init_b["value"]) + ", the original's " + text_of(init_a["value"]) + ", where " + text_of(value) +
                                     " is not found" + (std::count(of_refactored.begin(), of_refactored.end(), value) > 1 ? " so often" : ""),
                                 "Return the original's values."));
        break;
      }
      of_original.erase(found);
    }
  }
  const Json& args = step.inputs.tree.at("trials").at(0).at("args");
  std::string kind = args.value("k", "");
  if (kind == "none")
    throw StepStop{step.a->finding("step-no-inputs", "has no get_inputs(): decomp cannot run it",
                                   "Add get_inputs() that returns the list of forward's arguments.")};
  if (kind != "list" && kind != "tuple")
    throw StepStop{step.a->finding("step-no-inputs", "get_inputs() returned a " + kind + ", not a list",
                                   "Return the list of forward's arguments: return [x].")};
  if (step.own_inputs.tree.is_null()) return;
  Json ours = shape_of_tree(args);
  Json theirs = shape_of_tree(step.own_inputs.tree["trials"][0]["args"]);
  if (theirs.value("k", "") != "none" && ours["items"] != theirs["items"] && !only_values_differ(ours["items"], theirs["items"]))
    step.add(step.b->finding("step-input-mismatch",
                             "get_inputs() returns " + text_of(theirs) + ", the original's " + text_of(ours),
                             "Return inputs of the original's shapes and dtypes."));
  else if (theirs.value("k", "") != "none" && !same_values(step))
    step.add(step.b->finding("step-input-mismatch", "get_inputs() returns other values than the original's under the same seed",
                             "Copy the original's get_inputs()."));
}

void judge_training_mode(StepContext& step, const ModelSide& side) {
  for (const Json& m : side.modules())
    if (m.value("training", false)) {
      step.add(side.finding("run-training-mode", "module `" + m.value("path", "") + "` stays in training mode after eval()",
                            "Do not override train() or eval(), and do not set .training."));
      return;
    }
}

// One run under values that are not compared: in which order are the tensors first used?
ModelDescription probed(StepContext& step, ModelSide& side, ModelDescription description, const WeightArena& arena) {
  side.set_weights(arena.entries_for_original(description), arena);
  const Json& trial = step.inputs.tree["trials"][0];
  RunResult result = side.run({trial["args"], trial["kwargs"], first_public_seed, true, 1}, step.inputs);
  std::int64_t next = 0;
  for (const TapeEntry& entry : result.tape.entries)
    for (const TapeRef& ref : entry.in)
      if (ref.weight >= 0 && static_cast<std::size_t>(ref.weight) < description.tensors.size()) {
        auto& use = description.tensors[static_cast<std::size_t>(ref.weight)].first_use;
        if (!use) use = next++;
      }
  return description;
}

// An original tensor may be mapped to null only if nothing reads it: no trial (the tapes tell), and no line of its forward.
void judge_nulled(StepContext& step) {
  for (const std::string& key : step.weights.unmapped_original) {
    const TensorEntry* entry = step.a->description().find(key);
    if (entry == nullptr || entry->kind != TensorEntry::Kind::parameter) continue;
    // A layer of torch is named by its own attribute, a parameter of the author's class by the parameter's.
    std::vector<std::string> parts;
    for (std::size_t at = 0, end; at <= key.size(); at = end + 1) {
      end = std::min(key.find('.', at), key.size());
      parts.push_back(key.substr(at, end - at));
    }
    if (entry->owner.rfind("torch.nn.", 0) == 0 && parts.size() > 1) parts.pop_back();
    while (parts.size() > 1 && parts.back().find_first_not_of("0123456789") == std::string::npos) parts.pop_back();
    if (mentions_attribute(*step.original_facts, parts.back()))
      step.add({"weight-unmapped", Severity::error, {step.weight_map ? step.weight_map->path : step.refactored->path},
                "the original's `" + key + "` goes nowhere, but its code uses `" + parts.back() + "`",
                "Map it to the refactored tensor that holds it, also where the trials do not reach it."});
  }
}

// The source model is the original of a decomposition's first step and of its composition: it runs once for both, under one draw.
std::shared_ptr<const Transcript> share_original(StepContext& step) {
  if (!step.files.decomposition || step.files.repeated || !step.hears) return nullptr;
  const std::string decomposition = step.files.decomposition->root.string();
  const std::string code = code_identity(*step.original_facts);
  Transcripts& all = step.session.transcripts();
  if (!step.files.composition) {
    if (all.wanted(decomposition, code)) step.transcript = std::make_shared<Transcript>();
    return nullptr;
  }
  auto heard = all.take(decomposition, code);
  if (heard) step.entropy = step.report.entropy = heard->entropy;
  return heard;
}

}  // namespace

void build_models(StepContext& step) {
  Stopwatch watch(step.report.seconds["build"]);
  std::vector<SideFile> child_files;
  for (std::size_t i = 0; i < step.children.size(); ++i) child_files.push_back({&step.children[i], step.child_grammar[i].dropped});
  Worker& worker = step.session.worker();
  JobSpec job = step.model_job();
  auto heard = share_original(step);
  step.a = std::make_unique<ModelSide>(worker, job, SideFile{&*step.original, step.original_grammar.dropped}, std::vector<SideFile>{},
                                       step.original_grammar.model_class, std::move(heard));
  step.a->write_down(step.transcript);
  step.b = std::make_unique<ModelSide>(worker, job, SideFile{&*step.refactored, step.refactored_grammar.dropped, step.refactored_grammar.loaded}, child_files,
                                       step.refactored_grammar.model_class);
  std::vector<std::int64_t> seeds;
  for (int i = 0; i < step.session.options().num_trials; ++i) seeds.push_back(first_public_seed + i);
  Shipment init_a, init_b;
  std::promise<void> init_ready;
  auto init_known = init_ready.get_future();
  both(
      [&] {
        try {
          step.a->load();
          init_a = step.a->init_inputs(construct_seed);
        } catch (...) {
          init_ready.set_exception(std::current_exception());
          throw;
        }
        init_ready.set_value();
        step.a->build(nullptr, construct_seed);
        step.inputs = step.a->inputs(seeds);
      },
      [&] {
        step.b->load();
        if (step.composition && !step.composition->takes_arguments) {
          const Json none = {{"k", "list"}, {"items", Json::array()}};
          step.b->build(&none, construct_seed);
          init_b.tree = {{"present", false}};
          return;
        }
        init_b = step.b->init_inputs(construct_seed);
        if (init_b.tree.value("present", false)) {
          step.b->build(nullptr, construct_seed);
        } else {
          init_known.get();
          step.b->build(init_a.tree.contains("value") ? &init_a.tree["value"] : nullptr, construct_seed);
        }
        if (step.refactored_grammar.functions.count("get_inputs") != 0) step.own_inputs = step.b->inputs({first_public_seed});
      });
  step.report.sandbox = step.b->sandbox_level();
  judge_declared_inputs(step, init_a.tree, init_b.tree);
  step.own_inputs = {};  // compared; as large as a trial's
}

namespace {

// A composition test's own WEIGHT_MAP: what it can be read as, or, where that is no map of the two, what is found without it.
WeightMap mapped_by_hint(StepContext& step, const ModelDescription& a, const ModelDescription& b, const std::function<WeightMap(const Source*)>& mapped) {
  const WeightHint hint = read_weight_hint(*step.weight_map, a, b);
  const auto error_of = [](const WeightMap& map) {
    return std::find_if(map.findings.begin(), map.findings.end(), [](const Finding& f) { return f.severity == Severity::error; });
  };
  WeightMap by_hint = hint.map ? mapped(&*hint.map) : WeightMap{};
  if (hint.map && (hint.as_written || error_of(by_hint) == by_hint.findings.end())) return by_hint;
  WeightMap without = mapped(nullptr);
  Finding note{"weight-hint-unused", Severity::note, {step.weight_map->path}, "WEIGHT_MAP is no map from the original's tensors to the composition's",
               "The weights are mapped without it, by names, paths and order of use; nothing has to be done where that suffices."};
  if (hint.map) note.message += ": " + error_of(by_hint)->message;
  without.findings.push_back(std::move(note));
  return without;
}

}  // namespace

void map_step_weights(StepContext& step) {
  Stopwatch watch(step.report.seconds["map"]);
  judge_training_mode(step, *step.a);
  judge_training_mode(step, *step.b);
  ModelDescription a = step.a->description();
  ModelDescription b = step.b->description();
  bool first_use_known = false;
  const auto mapped = [&](const Source* explicit_map) {
    WeightMap map = map_weights(a, b, explicit_map);
    if (!map.needs_first_use) return map;
    if (!first_use_known) {
      WeightArena probe_a = WeightArena::fill(a, 1, true);
      WeightArena probe_b = WeightArena::fill(b, 1, true);
      both([&] { a = probed(step, *step.a, a, probe_a); }, [&] { b = probed(step, *step.b, b, probe_b); });
      first_use_known = true;
    }
    return map_weights(a, b, explicit_map);
  };
  const bool is_hint = step.composition && step.composition->weight_map && step.weight_map && step.weight_map->path == step.refactored->path;
  step.weights = is_hint ? mapped_by_hint(step, a, b, mapped) : mapped(step.weight_map ? &*step.weight_map : nullptr);
  for (Finding f : step.weights.findings) {
    if (f.where.file.empty()) f.where.file = step.refactored->path;
    step.add(std::move(f));
  }
  if (!step.has_errors()) judge_nulled(step);
  for (const auto& [key, target] : step.weights.by_refactored) step.report.weights.push_back({key, target.original, target.how});
  step.report.unmapped_original = step.weights.unmapped_original;
  step.report.unmapped_refactored = step.weights.unmapped_refactored;
}

}  // namespace decomp
