// Isolated replay (RULES §5): each child file, built with its own get_init_inputs(), runs alone in a process that sees only
// its file, on what one instance received inside the parent, under that instance's weights, and must return the same.

#include <atomic>
#include <mutex>
#include <random>

#include "checks/children.h"
#include "core/error.h"
#include "pipeline/child_alone.h"
#include "pipeline/trial.h"

namespace decomp {
namespace {

constexpr std::size_t max_instances = 32;

class Replay {
 public:
  explicit Replay(StepContext& step) : step_(step) {}

  void run() {
    Stopwatch watch(step_.report.seconds["replay"]);
    // A child of a dear step whose code cannot take two ways is not run again.
    bool cheap = step_.forward_seconds < cheap_step_seconds && step_.values_recorded;
    std::map<std::size_t, std::vector<Work>> candidates;  // by child
    std::vector<Work> work;
    for (const Json& call : step_.call_list) {
      std::string path = call.at("path").get<std::string>();
      for (const ModuleInstance& m : step_.modules_b) {
        if (m.path != path || file_of(m).empty()) continue;
        for (std::size_t i = 0; i < step_.children.size(); ++i)
          if (step_.children[i].module == file_of(m)) candidates[i].push_back({i, &call, cheap || step_.child_varies[i]});
      }
    }
    // One instance of a file whose code cannot take two ways or keep state; else each, or as many as nobody can foresee.
    std::mt19937_64 random(step_.entropy);
    for (auto& [child, all] : candidates) {
      const std::size_t wanted = step_.child_varies[child] ? max_instances : 1;
      if (all.size() > wanted && wanted > 1) std::shuffle(all.begin(), all.end(), random);
      work.insert(work.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, all.size())));
    }
    std::atomic<std::size_t> next{0};
    auto worker = [&] {
      for (std::size_t i; (i = next++) < work.size();) {
        try {
          replay(work[i]);
        } catch (const StepStop& stop) {
          add(stop.finding);
        }
      }
    };
    both(worker, worker);
    for (Finding& f : findings_) step_.add(std::move(f));
  }

 private:
  struct Work {
    std::size_t child;
    const Json* call;  // what one instance received
    bool run;          // false: only its own inputs are held against the recorded ones
  };

  // The child file whose component this module is.
  static const std::string& file_of(const ModuleInstance& m) { return !m.file.empty() || m.component != m.path ? m.file : m.child; }

  void add(Finding f) {
    std::lock_guard lock(mutex_);
    findings_.push_back(std::move(f));
  }

  void replay(const Work& work) {
    std::size_t child = work.child;
    const Json& call = *work.call;
    const Source& source = step_.children[child];
    std::string component = call.at("path");
    if (call.contains("opaque")) {
      add({"custody-not-replayed", Severity::error, {source.path},
           "cannot be run alone: what `" + component + "` receives or returns cannot be kept: " + call.at("opaque").get<std::string>(),
           "Hand tensors, numbers, strings, None, and lists, tuples and dicts of these from one component to the other."});
      return;
    }
    ChildAlone alone(step_, child);
    judge_own_inputs(alone.side(), child);
    if (!work.run) return;
    const bool shared = shares_tensors(call);
    run_alone(alone, work, false);
    if (!shared) return;
    // `q is k` must decide nothing: once more with an object of its own for each argument.
    ChildAlone apart(step_, child);
    run_alone(apart, work, true);
  }

  // Does one tensor stand in two places of the arguments?
  static bool shares_tensors(const Json& call) {
    std::set<std::uint64_t> offsets;
    std::vector<const Json*> open = {&call.at("args"), &call.at("kwargs")};
    while (!open.empty()) {
      const Json* node = open.back();
      open.pop_back();
      if (node->value("k", "") == "tensor" && node->value("nbytes", 0) > 0 && !offsets.insert(node->at("offset").get<std::uint64_t>()).second)
        return true;
      if (node->contains("items"))
        for (const Json& item : node->at("items")) open.push_back(&item);
    }
    return false;
  }

  void run_alone(ChildAlone& alone, const Work& work, bool apart) {
    const Json& call = *work.call;
    const Source& source = step_.children[work.child];
    const std::string component = call.at("path");
    alone.build();
    if (!same_tensors(alone.side(), component, source)) return;
    alone.give_weights_of(component);
    RunRequest request{call.at("args"), call.at("kwargs"), step_.last.seed, true, false};
    request.apart = apart;
    RunResult result = alone.side().run(request, step_.calls);
    // A model that keeps what its first call made runs the same operations as in the first trial only.
    std::string departs = apart ? "" : replay_departs(result.tape, step_.last_tape_b, step_.modules_b, component);
    if (!departs.empty() && !replay_departs(result.tape, step_.tape_b, step_.modules_b, component).empty())
      add({"custody-child-differs", Severity::error, {source.path},
           "alone it does not run the operations that `" + component + "` runs inside its parent: " + departs,
           "A child must do the same everywhere: no flag, keyword, count, state or mark on a tensor may tell it where it runs."});
    Value inside;
    try {
      inside = decode_value(call.at("output"), step_.calls.file);
    } catch (const std::exception& e) {
      throw StepStop{{"run-garbled", Severity::error, {source.path}, std::string("its recorded result cannot be read: ") + e.what(), ""}};
    }
    ValueComparison c = compare_values(inside, result.output, step_.policy);
    const std::string what = apart ? "alone, with a tensor of its own for each argument, it does not return what `" : "alone it does not return what `";
    std::string help = "A child must do the same everywhere: no flag, keyword, count or state may tell it where it runs.";
    for (const StructuralMismatch& m : c.structural)
      add({"custody-child-differs", Severity::error, {source.path},
           what + component + "` returned inside its parent: " + m.message, help});
    for (const OutputComparison& o : c.outputs)
      if (!o.pass)
        add({"custody-child-differs", Severity::error, {source.path},
             what + component + "` returned inside its parent: " + describe(o), help});
  }

  // Its own get_inputs() are those of one recorded call of one instance, in shape and dtype.
  void judge_own_inputs(ModelSide& alone, std::size_t child) {
    const Source& source = step_.children[child];
    if (step_.child_grammar[child].functions.count("get_inputs") == 0) return;
    Shipment own = alone.inputs({first_public_seed}, true);
    Signature declared = signature_of(own.tree["trials"][0]);
    std::string seen;
    for (const Json& first : step_.call_shapes.front()) {
      if (first.contains("opaque") || !is_instance(first, source)) continue;
      std::vector<Signature> received = {signature_of(first)};  // and what else the instance received
      for (const Json& trial : step_.call_shapes)
        for (const Json& call : trial)
          if (call.at("path") == first.at("path") && !call.contains("opaque")) received.push_back(signature_of(call));
      if (agrees(declared, received)) {
        std::lock_guard lock(mutex_);
        step_.report.children_with_true_inputs.push_back(source.module);
        return;
      }
      if (seen.empty()) seen = text_of(received.front());
    }
    if (seen.empty()) return;  // nothing was recorded: replay says so
    Finding f = {"custody-child-inputs", Severity::error, {source.path},
                 "get_inputs() returns " + text_of(declared) + ", but in its parent it receives " + seen,
                 "Return inputs of the shapes and dtypes that the component receives."};
    if (!step_.session.options().workspace_rules || sizes_are_data(step_.tape_b)) f.severity = Severity::note;
    add(std::move(f));
  }

  bool is_instance(const Json& call, const Source& source) const {
    for (const ModuleInstance& m : step_.modules_b)
      if (m.path == call.at("path").get<std::string>() && file_of(m) == source.module) return true;
    return false;
  }

  struct TensorShape {
    std::string dtype;
    std::vector<std::int64_t> shape;
  };
  using Signature = std::vector<TensorShape>;  // of the arguments, positional and keyword ones in order; plain values by kind

  static Signature signature_of(const Json& call) {
    Signature list;
    std::vector<const Json*> open = {&call.at("kwargs"), &call.at("args")};
    while (!open.empty()) {
      const Json* n = open.back();
      open.pop_back();
      if (n->value("k", "") == "tensor") list.push_back({n->at("dtype").get<std::string>(), n->at("shape").get<std::vector<std::int64_t>>()});
      std::string kind = n->value("k", "");
      if (kind == "bool" || kind == "str" || kind == "dtype" || kind == "device" || kind == "complex") list.push_back({kind + " " + n->at("v").dump(), {}});
      if (kind == "int" || kind == "float") list.push_back({"number", {}});
      if (n->contains("items"))
        for (auto it = n->at("items").rbegin(); it != n->at("items").rend(); ++it) open.push_back(&*it);
    }
    return list;
  }

  // Dimensions that differ between two trials are data, and free.
  static bool agrees(const Signature& declared, const std::vector<Signature>& received) {
    const Signature& one = received.front();
    if (declared.size() != one.size()) return false;
    for (std::size_t i = 0; i < one.size(); ++i) {
      if (declared[i].dtype != one[i].dtype || declared[i].shape.size() != one[i].shape.size()) return false;
      for (std::size_t d = 0; d < one[i].shape.size(); ++d) {
        bool free = false;
        for (const Signature& other : received)
          free = free || other.size() != one.size() || other[i].shape.size() != one[i].shape.size() || other[i].shape[d] != one[i].shape[d];
        if (!free && declared[i].shape[d] != one[i].shape[d]) return false;
      }
    }
    return true;
  }

  // Does the run make tensors whose sizes depend on values? Then any size below may be data, however alike the trials were.
  static bool sizes_are_data(const Tape& tape) {
    static const std::set<std::string> operators = {"nonzero", "nonzero_numpy", "masked_select", "unique", "_unique2", "unique_dim",
                                                    "unique_consecutive", "argwhere", "item", "_local_scalar_dense", "bincount"};
    for (const TapeEntry& e : tape.entries) {
      std::string name = op_base_name(e.op);
      if (operators.count(name) != 0) return true;
      if (name == "index" && e.in.size() > 1 && std::any_of(e.in.begin() + 1, e.in.end(), [](const TapeRef& r) { return r.dtype == "bool"; }))
        return true;
      if (name == "where" && e.in.size() == 1) return true;
    }
    return false;
  }

  static std::string text_of(const Signature& signature) {
    std::string text;
    for (const TensorShape& t : signature) {
      text += (text.empty() ? "" : ", ") + t.dtype;
      if (t.dtype.find("float") == std::string::npos && t.dtype.find("int") == std::string::npos && t.dtype != "bool" &&
          t.dtype.rfind("complex", 0) != 0)
        continue;
      text += " [";
      for (std::size_t d = 0; d < t.shape.size(); ++d) text += (d > 0 ? ", " : "") + std::to_string(t.shape[d]);
      text += "]";
    }
    return text.empty() ? "no tensor" : text;
  }

  // Built by its own get_init_inputs(), it must own what its instance owns.
  bool same_tensors(const ModelSide& alone, const std::string& component, const Source& source) {
    std::map<std::string, std::string> inside, outside;
    auto text = [](const TensorEntry& t) {
      std::string s = dtype_name(t.dtype) + " [";
      for (std::int64_t d : t.shape) s += std::to_string(d) + ",";
      return s + "]";
    };
    for (const TensorEntry& t : step_.b->description().tensors)
      if (t.key.rfind(component + ".", 0) == 0) inside[t.key.substr(component.size() + 1)] = text(t);
    for (const TensorEntry& t : alone.description().tensors) outside[t.key] = text(t);
    if (inside == outside) return true;
    std::string difference;
    for (const auto& [key, what] : inside)
      if (outside[key] != what)
        difference = "`" + key + "` is " + what + " in `" + component + "` and " + (outside[key].empty() ? "absent" : outside[key]) + " alone";
    if (difference.empty()) difference = "alone it has tensors that `" + component + "` has not";
    add({"custody-child-differs", Severity::error, {source.path},
         "get_init_inputs() does not build what the parent builds: " + difference,
         "Return the constructor values that the parent passes; one file is one workload."});
    return false;
  }

  StepContext& step_;
  std::mutex mutex_;
  std::vector<Finding> findings_;
};

}  // namespace

void replay_children(StepContext& step) { Replay(step).run(); }

}  // namespace decomp
