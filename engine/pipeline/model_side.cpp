#include "pipeline/model_side.h"

#include "core/error.h"
#include "core/memfd.h"

namespace decomp {
namespace {

constexpr const char* root_file = "__decomp_root__";  // python_bridge/build.py: ROOT

Json file_json(const SideFile& file, const std::string& name) {
  Json dropped = Json::array();
  for (auto [first, last] : file.dropped) dropped.push_back({first, last});
  Json loaded = Json::array();
  static const char* const gives[] = {"module", "model", "maker", "shelf", "chooser"};
  for (const LoadedName& l : file.loaded) loaded.push_back({{"name", l.name}, {"module", l.kernel}, {"gives", gives[l.gives]}, {"places", l.places}});
  return {{"name", name}, {"path", file.source->path}, {"source", file.source->bytes}, {"dropped", std::move(dropped)}, {"loaded", std::move(loaded)}};
}

std::string stage_text(const std::string& stage) {
  if (stage == "import") return "while it was imported";
  if (stage == "__init__") return "in __init__";
  if (stage == "forward") return "in forward";
  if (stage == "build") return "while it was built";
  return "in " + stage + "()";
}

}  // namespace

Json files_json(const SideFile& root, const std::vector<SideFile>& others) {
  Json files = Json::array();
  files.push_back(file_json(root, root_file));
  for (const SideFile& other : others) files.push_back(file_json(other, other.source->module));
  return files;
}

ModelSide::ModelSide(Worker& worker, const JobSpec& spec, SideFile root, std::vector<SideFile> others, std::string class_name,
                     std::shared_ptr<const Transcript> heard)
    : worker_(worker), spec_(spec), root_(std::move(root)), others_(std::move(others)), class_name_(std::move(class_name)), heard_(std::move(heard)) {
  if (!heard_) start();
}

ModelSide::ModelSide(Worker& worker, const JobSpec& spec, SideFile root, Json native)
    : worker_(worker), spec_(spec), root_(std::move(root)), class_name_("Model"), native_(std::move(native)) {
  start();
}

void ModelSide::start() { job_ = worker_.start(spec_); }

void ModelSide::set_wall_seconds(double seconds) {
  spec_.limits.wall_seconds = seconds;
  if (job_) job_->set_wall_seconds(seconds);
}

Finding ModelSide::finding(const std::string& rule, const std::string& message, const std::string& help) const {
  return {rule, Severity::error, {root_.source->path}, message, help};
}

void ModelSide::stop_for_error(const Json& error) const {
  std::string type = error.value("type", "?");
  std::string message = error.value("message", "");
  std::string stage = error.value("stage", "");
  if (type == "unsupported")
    throw StepStop{finding("output-structure", "cannot be compared: " + message,
                           "Return tensors, numbers, strings, None, or lists, tuples, dicts and dataclasses of these.")};
  Finding f = finding("run-exception", "", "Run the file alone with plain Python and make it work first.");
  for (const Json& frame : error.value("frames", Json::array())) {  // innermost frame in a judged file wins
    std::string file = frame.value("file", "");
    bool judged = file == root_.source->path;
    for (const SideFile& other : others_) judged = judged || file == other.source->path;
    if (judged) f.where = {file, frame.value("line", 0)};
  }
  auto last_line = message.find('\n');
  std::string shown = type + (message.empty() ? "" : ": " + message.substr(0, std::min<std::size_t>(last_line, 400)));
  bool memory = type == "MemoryError" || message.find("can't allocate memory") != std::string::npos ||
                message.find("not enough memory") != std::string::npos;
  if (memory) {
    f.rule = "run-memory";
    f.help = "Raise --max-memory if the model really needs more.";
    if (spec_.limits.memory_bytes > 0)
      shown += " (limit " + std::to_string(spec_.limits.memory_bytes >> 20) + " MiB per job)";
  }
  if (type == "internal" && !memory) f.rule = "run-garbled";
  f.message = "raised " + shown + " " + stage_text(stage);
  if (type == "SystemExit") f = finding("run-exit", "called sys.exit " + stage_text(stage), "Remove the call: a model returns its result.");
  throw StepStop{std::move(f)};
}

ModelSide::Answer ModelSide::ask(const Json& command, const std::string& stage, const std::vector<int>& fds, const Given& given) {
  // Which bytes hold the code is no part of it: who hands over a transcript knows that the code is the same.
  const bool loads = command.value("cmd", "") == "load";
  const Json said = loads ? Json{{"cmd", "load"}} : command;
  if (heard_) {
    auto [body, shipment] = heard_->answer(place_, said, given);
    return {std::move(body), std::move(shipment)};
  }
  Answer answer = ask_job(command, stage, fds);
  if (written_) written_->add(said, given, answer.body, answer.shipment);
  return answer;
}

ModelSide::Answer ModelSide::ask_job(const Json& command, const std::string& stage, const std::vector<int>& fds) {
  try {
    Message message = job_->request(command, fds);
    if (message.body.contains("error")) {
      Json error = message.body["error"];
      if (error.value("type", "") == "device" && spec_.device != "cpu") throw Error(ErrorKind::usage, error.value("message", ""));
      stop_for_error(error);
    }
    Answer answer;
    if (auto it = message.body.find("need"); it != message.body.end()) {
      if (!it->is_number_unsigned() || it->get<std::uint64_t>() > spec_.limits.tensor_bytes)
        throw JobFailure("run-garbled", "asked for a tensor file of an impossible size");
      auto memfd = std::make_shared<UniqueFd>(create_memfd("decomp-tensors", it->get<std::uint64_t>()));
      Message stored = job_->request({{"cmd", "store"}}, {memfd->get()});
      if (!stored.body.value("stored", false)) throw JobFailure("run-garbled", "did not write the tensors that it announced");
      if (!seal_against_writing(memfd->get())) throw JobFailure("run-garbled", "kept its tensor file mapped for writing");
      answer.shipment.memfd = memfd;
      answer.shipment.file = MappedFile::map(memfd->get());
    }
    answer.body = std::move(message.body);
    return answer;
  } catch (const JobFailure& failure) {
    std::string help = failure.rule() == "run-timeout"        ? "Raise --timeout if the model really needs longer; look for an endless loop."
                       : failure.rule() == "run-cpu-limit"    ? "Raise --cpu-time if the model really needs more."
                       : failure.rule() == "run-output-limit" ? "Remove the printing from the model, or raise --max-output."
                       : failure.rule() == "run-exit"         ? "Remove the call that ends the process."
                                                              : "Run the file alone with plain Python and look at how it ends.";
    Finding f = finding(failure.rule(), failure.what() + std::string(" ") + stage_text(stage), help);
    if (!job_->printed().empty()) {
      std::string tail = job_->printed().substr(0, 200);
      f.help += " It had printed: " + tail;
    }
    throw StepStop{std::move(f)};
  }
}

void ModelSide::load() {
  if (!native_.is_null()) {
    ask({{"cmd", "load"}, {"native", native_}}, "import");
    return;
  }
  ask({{"cmd", "load"}, {"files", files_json(root_, others_)}}, "import");
}

Shipment ModelSide::init_inputs(std::int64_t seed) {
  Answer answer = ask({{"cmd", "init_inputs"}, {"seed", seed}}, "get_init_inputs");
  answer.shipment.tree = std::move(answer.body);
  return answer.shipment;
}

Shipment ModelSide::call(const std::string& function, std::int64_t seed) {
  Answer answer = ask({{"cmd", "call"}, {"function", function}, {"seed", seed}}, function);
  answer.shipment.tree = std::move(answer.body);
  return answer.shipment;
}

Json ModelSide::self_test(std::int64_t seed) { return ask({{"cmd", "self_test"}, {"seed", seed}}, "run_tests").body; }

void ModelSide::build(const Json* init, std::int64_t seed, bool initialise) {
  Json command = {{"cmd", "build"}, {"class", class_name_}, {"seed", seed}, {"leave_out", !initialise}};
  if (init != nullptr) command["init"] = *init;
  Answer answer = ask(command, "__init__");
  if (answer.body.value("rebuild", false)) {
    // The constructor read a value whose initialisation was left out: a fresh process, with everything initialised.
    if (!heard_) start();
    load();
    if (init == nullptr) init_inputs(seed);
    command["leave_out"] = false;
    answer = ask(command, "__init__");
  }
  try {
    description_ = decode_description(answer.body.at("description"), answer.shipment.file);
    modules_ = answer.body.at("description").at("modules");
  } catch (const std::exception& e) {
    throw StepStop{finding("run-garbled", std::string("its description cannot be read: ") + e.what(), "")};
  }
}

Shipment ModelSide::inputs(const std::vector<std::int64_t>& seeds, bool shapes_only) {
  Answer answer = ask({{"cmd", "inputs"}, {"seeds", seeds}, {"shapes_only", shapes_only}}, "get_inputs");
  answer.shipment.tree = std::move(answer.body);
  return answer.shipment;
}

void ModelSide::set_weights(const Json& entries, const WeightArena& arena, bool partial) {
  ask({{"cmd", "weights"}, {"entries", entries}, {"partial", partial}}, "weights", {arena.fd()}, {arena.origin()});
}

std::vector<std::string> ModelSide::files() const {
  std::vector<std::string> paths = {root_.source->path};
  for (const SideFile& other : others_) paths.push_back(other.source->path);
  return paths;
}

RunResult ModelSide::run(const RunRequest& request, const Shipment& inputs) {
  Json command = {{"cmd", "run"}, {"args", request.args}, {"kwargs", request.kwargs}, {"seed", request.seed}};
  if (request.tape) command["tape"] = {{"fingerprints", request.fingerprints}, {"seed", request.print_seed}, {"rows", request.rows}};
  if (request.tape && request.lines) command["tape"]["files"] = files();
  if (!request.record.empty()) command["record"] = request.record;
  if (request.shapes_only) command["shapes_only"] = true;
  if (!request.zero.empty()) command["zero"] = request.zero;
  if (request.widen) command["double"] = true;
  if (request.apart) command["apart"] = true;
  if (request.gradient) command["gradient"] = true;
  if (request.training) command["training"] = true;
  if (request.wide_default) command["wide_default"] = true;
  if (!request.cast.empty()) command["cast"] = request.cast;
  std::vector<int> fds;
  if (inputs.fd() >= 0) fds.push_back(inputs.fd());
  Answer answer = ask(command, "forward", fds, {"", inputs});
  RunResult result;
  try {
    result.output = decode_value(answer.body.at("output"), answer.shipment.file);
    if (answer.body.contains("inputs_after")) {
      result.inputs_changed = true;
      const Json& after = answer.body["inputs_after"];
      result.inputs_after.kind = Value::Kind::tuple;
      result.inputs_after.items = {decode_value(after.at("args"), answer.shipment.file),
                                   decode_value(after.at("kwargs"), answer.shipment.file)};
    }
    if (answer.body.contains("tape")) {
      result.tape = decode_tape(answer.body["tape"]);
      result.has_tape = true;
    }
    result.calls = answer.shipment;
    result.calls.tree = answer.body.value("calls", Json::array());
    result.state_changed = answer.body.value("state_changed", std::vector<std::string>{});
    if (answer.body.contains("reached")) {
      result.reached_weights = answer.body["reached"].at("weights").get<std::set<std::string>>();
      result.reached_inputs = answer.body["reached"].at("inputs").get<std::set<std::int64_t>>();
    }
    const auto weights = static_cast<std::int64_t>(description_.tensors.size());
    for (const Json& g : answer.body.value("gradients", Json::array())) {
      const std::int64_t place = g.at(0);
      const RunResult::Gradient gradient{g.at(1), g.at(2)};
      if (place < weights)
        result.weight_gradients[description_.tensors.at(static_cast<std::size_t>(place)).key] = gradient;
      else
        result.input_gradients[place - weights] = gradient;
    }
    result.seconds = answer.body.value("seconds", 0.0);
  } catch (const std::exception& e) {
    throw StepStop{finding("run-garbled", std::string("its result cannot be read: ") + e.what(), "")};
  }
  return result;
}

}  // namespace decomp
