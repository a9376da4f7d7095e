#pragma once
// One side of a step, the original or the refactored model: a job, and what it said. Every bad end of the judged code becomes
// a StepStop with the finding that explains it.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "checks/composition_file.h"
#include "core/source.h"
#include "core/tape.h"
#include "decomp/finding.h"
#include "host/worker.h"
#include "pipeline/transcript.h"
#include "tensor/value.h"
#include "tensor/weights.h"

namespace decomp {

// The judged code made it impossible to go on; `finding` says why.
struct StepStop {
  Finding finding;
};

// One file of a side: its source, and what the grammar found out about it.
struct SideFile {
  const Source* source = nullptr;
  std::vector<std::pair<int, int>> dropped;
  std::vector<LoadedName> loaded = {};  // bound before the file runs
};

// The "files" of a job's `load` command: `root` is imported, the others wait to be.
Json files_json(const SideFile& root, const std::vector<SideFile>& others);

// One forward pass.
struct RunRequest {
  const Json& args;    // wire trees; their tensors lie in the shipment that is passed along
  const Json& kwargs;
  std::int64_t seed = 0;
  bool tape = false;
  bool fingerprints = true;         // of the tape's values
  std::uint64_t print_seed = 1;
  std::vector<std::string> record;  // module paths whose first call is kept
  bool shapes_only = false;         // of what is recorded
  std::string zero;                 // module whose output becomes zeros
  bool widen = false;               // to float64, for good
  bool lines = false;               // of the tape: which line of which judged file made each call (files())
  bool rows = false;  // of the tape: fingerprints of whole tensors, whatever the order of the leading dimensions
  bool gradient = false;            // what would gradients reach?
  bool training = false;            // in training mode, buffers put back afterwards
  std::string cast;                 // floats of this dtype, weights put back afterwards; "" as they are
  bool wide_default = false;        // under torch's default dtype float64
  bool apart = false;               // an object of its own for each tensor of the arguments, also where two are one
};

struct RunResult {
  Value output;
  Value inputs_after;  // kind none unless inputs_changed
  bool inputs_changed = false;
  bool has_tape = false;
  Tape tape;
  Shipment calls;  // {"calls":[{"path","args","kwargs","output"} or {"path","opaque"}]}
  std::vector<std::string> state_changed;  // plain attributes ("blocks.0.count") that a later call than the first changed
  std::set<std::string> reached_weights;   // with `gradient`: keys, and places among the inputs, that gradients would reach
  std::set<std::int64_t> reached_inputs;
  struct Gradient {
    double projection = 0, size = 0;  // onto a fixed direction; the sum of its absolute values
  };
  std::map<std::string, Gradient> weight_gradients;  // with `gradient`, where the results can be differentiated
  std::map<std::int64_t, Gradient> input_gradients;
  double seconds = 0;
};

class ModelSide {
 public:
  // `heard`: what a job of the same model answered; then none is started, and a command that was not given there throws TranscriptEnded.
  ModelSide(Worker& worker, const JobSpec& spec, SideFile root, std::vector<SideFile> others, std::string class_name,
            std::shared_ptr<const Transcript> heard = nullptr);
  // A model that is no judged file (python_bridge/wrap/native.py); `root`: what findings are about.
  ModelSide(Worker& worker, const JobSpec& spec, SideFile root, Json native);
  bool hears() const { return heard_ != nullptr; }
  // Writes down everything from now on; null: no more.
  void write_down(std::shared_ptr<Transcript> transcript) { written_ = std::move(transcript); }

  void load();
  // The value of get_init_inputs(): {"present": bool, "value": tree | absent, "opaque": reason}.
  Shipment init_inputs(std::int64_t seed);
  // The value of one of the file's own functions: {"present": bool, "value": tree | absent, "opaque": reason}.
  Shipment call(const std::string& function, std::int64_t seed);
  // run_tests() (python_bridge/judged.h says the answer's form).
  Json self_test(std::int64_t seed);
  // Builds the model; `init`: the arguments, or null for its own. Large random initialisations are left out, unless `initialise`,
  // or where that is not safe: then the job starts again.
  void build(const Json* init, std::int64_t seed, bool initialise = false);
  const ModelDescription& description() const { return description_; }
  const Json& modules() const { return modules_; }
  // {"trials":[{"args","kwargs"}]} of get_inputs() and get_input_kwargs() under the seeds; `shapes_only`: without a byte of tensors.
  Shipment inputs(const std::vector<std::int64_t>& seeds, bool shapes_only = false);
  // Aliases the model's tensors to the arena. `partial`: those without an entry stay as they are.
  void set_weights(const Json& entries, const WeightArena& arena, bool partial = false);
  RunResult run(const RunRequest& request, const Shipment& inputs);

  std::vector<std::string> files() const;  // paths of the judged files, as TapeEntry::file counts them
  const Source& root() const { return *root_.source; }
  std::string sandbox_level() const { return job_ ? job_->sandbox_level() : ""; }
  std::string printed() const { return job_ ? job_->printed() : ""; }  // the beginning
  void set_wall_seconds(double seconds);
  void stop() { job_.reset(); }

  // A finding about this side, located in its own file unless `frames` name a better place.
  Finding finding(const std::string& rule, const std::string& message, const std::string& help) const;

 private:
  struct Answer {
    Json body;
    Shipment shipment;
  };
  Answer ask(const Json& command, const std::string& stage, const std::vector<int>& fds = {}, const Given& given = {});
  Answer ask_job(const Json& command, const std::string& stage, const std::vector<int>& fds);
  [[noreturn]] void stop_for_error(const Json& error) const;
  void start();

  Worker& worker_;
  JobSpec spec_;
  SideFile root_;
  std::vector<SideFile> others_;
  std::string class_name_;
  Json native_;  // null for judged files
  std::unique_ptr<Job> job_;
  std::shared_ptr<const Transcript> heard_;
  std::size_t place_ = 0;  // in heard_
  std::shared_ptr<Transcript> written_;
  ModelDescription description_;
  Json modules_;
};

}  // namespace decomp
