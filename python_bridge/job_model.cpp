// Job kind "model": one judged model in one fork, served command by command. The original and the refactored model never
// share one. Commands (each answered by one message; {"error":{...}} is the judged code's own exception):
//   load         files [{name, path, source, dropped, loaded}]               -> {}
//                native: what wrap/native.py takes, in place of files: a model that is no judged file
//   init_inputs  seed                                                -> {"present", "value": tree}
//   call         function, seed                                      -> {"present", "value": tree or "opaque": why}
//   self_test    seed: the file's run_tests()                        -> {"present", "exit": code or "returned", "truth"}
//   build        class, init: tree, seed, leave_out                  -> {"description"} or {"rebuild": true}
//   inputs       seeds, shapes_only                                  -> {"trials": [{"args": tree, "kwargs": tree}]}
//   weights      entries [{key, offset}] + tensor file               -> {}
//                partial: true leaves tensors without an entry as they are
//   run          args, kwargs, seed, tape, record, zero, double + tensor file
//                                                                    -> {"output", "inputs_after", "tape", "calls", "seconds"}
//                record: module paths whose first call is kept (shapes_only: every call, without bytes); zero: module path whose output becomes zeros;
//                double: in float64, for good; apart: no two arguments are one tensor; gradient: the graph is kept, "reached" and "gradients" say
//                which weights and inputs gradients reach, and what they are; training, wide_default, cast (a dtype): for this run, put back afterwards
//                "state_changed": plain attributes that the call changed, if it was not the first
// A reply with tensors says "need": bytes; the host answers {"cmd":"store"} with a tensor file of that size, which is
// filled here, and {"stored": true} ends the exchange.

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <malloc.h>
#include <torch/csrc/autograd/python_variable.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "describe.h"
#include "embed.h"
#include "gradient.h"
#include "job.h"
#include "judged.h"
#include "run_modes.h"
#include "state.h"
#include "tape.h"
#include "tensor/value.h"
#include "walker.h"

namespace decomp::bridge {
namespace {

Tape* active_tape = nullptr;

PyObject* hook_push(PyObject*, PyObject* module) {
  if (active_tape != nullptr) active_tape->push(module);
  Py_RETURN_NONE;
}
PyObject* hook_pop(PyObject*, PyObject* module) {
  if (active_tape != nullptr) active_tape->pop(module);
  Py_RETURN_NONE;
}
PyObject* note_left_out(PyObject*, PyObject* tensor) {
  if (THPVariable_Check(tensor)) InitGuard::left_out(THPVariable_Unpack(tensor));
  Py_RETURN_NONE;
}
// What the watching hooks do during one run.
struct Watch {
  TensorSink* sink = nullptr;               // nullptr: only shapes and dtypes are kept
  PyObject* zero = nullptr;                // borrowed: the module whose output becomes zeros
  std::map<PyObject*, std::string> record;  // modules whose first call is kept, until it is
  std::map<PyObject*, Json> open;           // calls whose output is still to come
  Json calls = Json::array();
};
Watch* watching = nullptr;

// The bridge's own operations stay off the tape.
struct TapePause {
  TapePause() {
    if (active_tape != nullptr) active_tape->pause(true);
  }
  ~TapePause() {
    if (active_tape != nullptr) active_tape->pause(false);
  }
};

// A copy now: the call may change its arguments in place.
Json snapshot(PyObject* value, const std::string& root) {
  TapePause pause;
  TensorSink probe;
  Json shapes = encode_value(value, probe, root);  // throws for what cannot be kept before anything is added
  if (watching->sink == nullptr) return shapes;
  PyRef copy(PyObject_CallMethod(bridge_module("build"), "copied", "(O)", value));
  if (!copy) {
    PyErr_Clear();
    throw UnsupportedValue(root + " cannot be copied");
  }
  return encode_value(copy.get(), *watching->sink, root);
}

PyObject* hook_before(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (watching == nullptr || count != 3) Py_RETURN_NONE;
  auto it = watching->record.find(arguments[0]);
  if (it == watching->record.end()) Py_RETURN_NONE;
  Json call = {{"path", it->second}};
  try {
    // Together, so that one tensor in both stays one.
    PyRef both(PyTuple_Pack(2, arguments[1], arguments[2]));
    Json pair = snapshot(both.get(), "arguments");
    call["args"] = std::move(pair["items"][0]);
    call["kwargs"] = std::move(pair["items"][1]);
  } catch (const UnsupportedValue& e) {
    call["opaque"] = e.what();
  }
  watching->open[arguments[0]] = std::move(call);
  if (watching->sink != nullptr) watching->record.erase(it);  // shapes are kept of every call
  Py_RETURN_NONE;
}

PyObject* hook_after(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (watching == nullptr || count != 2) Py_RETURN_NONE;
  if (auto it = watching->open.find(arguments[0]); it != watching->open.end()) {
    try {
      if (!it->second.contains("opaque")) it->second["output"] = snapshot(arguments[1], "output");
    } catch (const UnsupportedValue& e) {
      it->second["opaque"] = e.what();
    }
    watching->calls.push_back(std::move(it->second));
    watching->open.erase(it);
  }
  if (arguments[0] == watching->zero) return PyObject_CallMethod(bridge_module("build"), "zeroed", "(O)", arguments[1]);
  Py_RETURN_NONE;
}

PyMethodDef before_def = {"before", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(hook_before)), METH_FASTCALL, nullptr};
PyMethodDef after_def = {"after", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(hook_after)), METH_FASTCALL, nullptr};
PyMethodDef push_def = {"push", hook_push, METH_O, nullptr};
PyMethodDef pop_def = {"pop", hook_pop, METH_O, nullptr};
PyMethodDef left_out_def = {"left_out", note_left_out, METH_O, nullptr};

void tensors_in(PyObject* value, std::vector<at::Tensor>& out, int depth = 0) {
  if (depth > 100 || value == nullptr) return;
  if (THPVariable_Check(value)) {
    out.push_back(THPVariable_Unpack(value));
  } else if (PyTuple_Check(value) || PyList_CheckExact(value)) {
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(value); ++i)
      tensors_in(PySequence_Fast_GET_ITEM(value, i), out, depth + 1);
  } else if (PyDict_Check(value)) {
    PyObject *k = nullptr, *v = nullptr;
    Py_ssize_t at = 0;
    while (PyDict_Next(value, &at, &k, &v)) tensors_in(v, out, depth + 1);
  } else if (PyObject* dict = instance_dict(value)) {
    PyObject *k = nullptr, *v = nullptr;
    Py_ssize_t at = 0;
    while (PyDict_Next(dict, &at, &k, &v)) tensors_in(v, out, depth + 1);
  }
}

constexpr std::size_t most_kept = 1u << 30;  // bytes of freed tensors, from one run to the next

class ModelServer {
 public:
  ModelServer(Channel& channel, const Json& spec) : channel_(channel), device_(spec.value("device", "cpu")) {
    build_ = bridge_module("build");
    at::set_num_threads(std::max(1, spec.value("threads", 1)));
    // Within a run, the memory of freed tensors is kept for the next ones. Else each large tensor is a mapping of its own, and
    // its page faults cost up to a third of a forward pass.
    ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
    ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  }

  void serve() {
    PyRef problem(PyObject_CallMethod(build_, "device_problem", "s", device_.c_str()));
    const std::string unusable = problem ? text_of(problem.get()) : take_python_error();
    Message message;
    while (channel_.receive(message) == ChannelState::open) {
      std::string command = message.body.value("cmd", "");
      if (!unusable.empty()) {
        channel_.send({{"error", {{"stage", command}, {"type", "device"}, {"message", "--device " + device_ + ": " + unusable}}}});
        continue;
      }
      try {
        TensorSink sink;
        reply(dispatch(command, message, sink), sink);
      } catch (const JudgedError& e) {
        channel_.send({{"error", e.body}});
      } catch (const UnsupportedValue& e) {
        channel_.send({{"error", {{"stage", command}, {"type", "unsupported"}, {"message", e.what()}, {"frames", Json::array()}}}});
      } catch (const std::exception& e) {
        channel_.send({{"error", {{"stage", command}, {"type", "internal"}, {"message", e.what()}, {"frames", Json::array()}}}});
      }
      // Between runs much of it is for other jobs; what is little is kept, for its pages would have to be cleared again.
      if (command == "run" && ::mallinfo2().fordblks > most_kept) ::malloc_trim(0);
    }
  }

 private:
  Json dispatch(const std::string& command, Message& message, TensorSink& sink) {
    const Json& body = message.body;
    if (command == "load") return load(body);
    if (command == "init_inputs") return init_inputs(body, sink);
    if (command == "call") return call(body, sink);
    if (command == "self_test") return self_test(module_.get(), body.value("seed", 0));
    if (command == "build") return build(body, sink);
    if (command == "inputs") return inputs(body, sink);
    if (command == "weights") return weights(body, message);
    if (command == "run") return run(body, message, sink);
    throw std::runtime_error("no command " + command);
  }

  void reply(Json body, TensorSink& sink) {
    if (sink.bytes() == 0) {
      channel_.send(body);
      return;
    }
    body["need"] = sink.bytes();
    channel_.send(body);
    Message store;
    if (channel_.receive(store) != ChannelState::open || store.body.value("cmd", "") != "store" || store.fds.size() != 1) return;
    channel_.send({{"stored", sink.write_to(store.fds[0].get())}});
  }

  Json load(const Json& body) {
    if (body.contains("native")) {
      const std::string spec = body["native"].dump();
      module_ = checked(PyObject_CallMethod(bridge_package("wrap", "native"), "load", "s#", spec.data(), static_cast<Py_ssize_t>(spec.size())), "import");
    } else {
      module_ = load_judged(body);
    }
    return Json::object();
  }

  PyRef call_function(const char* name, std::int64_t seed) { return call_judged(module_.get(), name, seed); }

  // The value of any of the file's own functions that takes no argument.
  Json call(const Json& body, TensorSink& sink) {
    const std::string name = body.at("function");
    if (!defines(module_.get(), name.c_str())) return {{"present", false}};
    PyRef value = call_function(name.c_str(), body.value("seed", 0));
    try {
      return {{"present", true}, {"value", encode_value(value.get(), sink, name + "()")}};
    } catch (const UnsupportedValue& e) {
      return {{"present", true}, {"opaque", e.what()}};
    }
  }

  Json init_inputs(const Json& body, TensorSink& sink) {
    PyRef value = call_function("get_init_inputs", body.value("seed", 0));
    if (value.get() == Py_None) return {{"present", false}};
    own_init_ = std::move(value);
    try {
      return {{"present", true}, {"value", encode_value(own_init_.get(), sink, "get_init_inputs()")}};
    } catch (const UnsupportedValue& e) {
      return {{"present", true}, {"opaque", e.what()}};
    }
  }

  Json build(const Json& body, TensorSink& sink) {
    PyRef arguments;
    if (body.contains("init")) {
      arguments = checked(Decoder(nullptr).decode(body["init"]), "get_init_inputs");
    } else {
      arguments = own_init_ ? PyRef(Py_NewRef(own_init_.get())) : PyRef(PyList_New(0));
    }
    std::string class_name = body.at("class");
    bool leave_out = body.value("leave_out", true);
    PyRef left_out(leave_out ? PyCFunction_New(&left_out_def, nullptr) : Py_NewRef(Py_None));
    {
      InitGuard guard;
      model_ = checked(PyObject_CallMethod(build_, "construct", "OsOLO", module_.get(), class_name.c_str(), arguments.get(),
                                           static_cast<long long>(body.value("seed", 0)), left_out.get()),
                       "__init__");
      if (leave_out && guard.was_read()) return {{"rebuild", true}};
    }
    description_ = describe_model(model_.get());
    PyRef push(PyCFunction_New(&push_def, nullptr));
    PyRef pop(PyCFunction_New(&pop_def, nullptr));
    checked(PyObject_CallMethod(build_, "install_hooks", "OO", push.get(), pop.get()), "hooks");
    return {{"description", description_json(description_, sink)}};
  }

  Json inputs(const Json& body, TensorSink& sink) {
    Json trials = Json::array();
    TensorSink unsent;
    TensorSink& to = body.value("shapes_only", false) ? unsent : sink;
    for (const Json& seed : body.at("seeds")) {
      std::string trial = std::to_string(trials.size());
      PyRef args = call_function("get_inputs", seed.get<std::int64_t>());
      PyRef kwargs = call_function("get_input_kwargs", seed.get<std::int64_t>());
      trials.push_back({{"args", encode_value(args.get(), to, "get_inputs()")},
                        {"kwargs", encode_value(kwargs.get(), to, "get_input_kwargs()")}});
    }
    return {{"trials", std::move(trials)}};
  }

  Json weights(const Json& body, Message& message) {
    auto mapping = message.fds.empty() ? nullptr : std::make_shared<Mapping>(message.fds[0].get());
    std::map<std::string, const Json*> entries;
    for (const Json& e : body.at("entries")) entries[e.at("key")] = &e;
    for (DescribedTensor& t : description_.tensors) {
      auto it = entries.find(t.key);
      if (it == entries.end() && body.value("partial", false)) continue;
      if (it == entries.end()) throw std::runtime_error("no values for " + t.key);
      const Json& e = *it->second;
      auto sizes = t.tensor.sizes();
      at::Tensor value = tensor_at(mapping, e.at("offset"), t.tensor.scalar_type(), {sizes.begin(), sizes.end()},
                                   e.value("strides", std::vector<std::int64_t>{}));
      if (device_ != "cpu") value = value.to(at::Device(device_));
      t.tensor.set_data(value);
    }
    return Json::object();
  }

  Json run(const Json& body, Message& message, TensorSink& sink) {
    auto mapping = message.fds.empty() ? nullptr : std::make_shared<Mapping>(message.fds[0].get());
    Decoder decoder(mapping, body.value("apart", false));
    PyRef args = checked(decoder.decode(body.at("args")), "inputs");
    PyRef kwargs = checked(decoder.decode(body.at("kwargs")), "inputs");
    if (kwargs.get() == Py_None) kwargs.reset(PyDict_New());
    std::vector<at::Tensor> given;
    tensors_in(args.get(), given);
    tensors_in(kwargs.get(), given);
    if (device_ != "cpu")
      for (at::Tensor& t : given) t.set_data(t.to(at::Device(device_)));
    const RunModes modes(body, model_.get(), description_, given);

    std::unique_ptr<Tape> tape;
    if (body.contains("tape")) {
      TapeOptions options;
      options.fingerprints = body["tape"].value("fingerprints", true);
      options.seed = body["tape"].value("seed", std::uint64_t{1});
      options.rows = body["tape"].value("rows", false);
      options.files = body["tape"].value("files", std::vector<std::string>{});
      std::vector<at::Tensor> known;
      for (const DescribedTensor& t : description_.tensors) known.push_back(t.tensor);
      tape = std::make_unique<Tape>(options, known);
      std::vector<PyObject*> modules;
      for (const DescribedModule& m : description_.modules) modules.push_back(m.module);
      tape->set_modules(modules);
      for (const at::Tensor& t : given) tape->register_input(t);
      active_tape = tape.get();
    }
    Watch watch;
    if (!body.value("shapes_only", false)) watch.sink = &sink;
    std::vector<PyRef> handles = watch_modules(body, watch);
    if (body.value("double", false)) {
      PyRef pair = checked(PyObject_CallMethod(build_, "to_double", "OOO", model_.get(), args.get(), kwargs.get()), "forward");
      args.reset(Py_NewRef(PyTuple_GET_ITEM(pair.get(), 0)));
      kwargs.reset(Py_NewRef(PyTuple_GET_ITEM(pair.get(), 1)));
    }
    auto start = std::chrono::steady_clock::now();
    const bool gradient = body.value("gradient", false);
    std::vector<at::Tensor> leaves;
    if (gradient) leaves = gradient_leaves(given);
    PyRef output(PyObject_CallMethod(build_, gradient ? "forward_with_gradient" : "forward", "OOOL", model_.get(), args.get(), kwargs.get(),
                                     static_cast<long long>(body.value("seed", 0))));
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    active_tape = nullptr;
    watching = nullptr;
    PyObject *error_type = nullptr, *error_value = nullptr, *error_trace = nullptr;
    PyErr_Fetch(&error_type, &error_value, &error_trace);
    for (PyRef& handle : handles) PyRef(PyObject_CallMethod(build_, "unwatch", "(O)", handle.get()));
    PyErr_Restore(error_type, error_value, error_trace);
    Json taped;
    if (tape) {
      std::vector<at::Tensor> returned;
      if (output) tensors_in(output.get(), returned);
      taped = tape->finish(returned);
      tape.reset();
    }
    if (!output) throw_pending("forward");
    Json result = {{"output", encode_value(output.get(), sink, "output")}, {"seconds", seconds}};
    if (gradient) {
      std::vector<at::Tensor> returned;
      tensors_in(output.get(), returned);
      result["reached"] = reached_json(reached_leaves(returned, leaves));
      result["gradients"] = gradients_json(returned, leaves);
      for (at::Tensor& t : given) t.set_requires_grad(false);
    }
    note_state(result);
    output.reset();
    if (!taped.is_null()) result["tape"] = std::move(taped);
    if (!watch.calls.empty()) result["calls"] = std::move(watch.calls);
    // Inputs after the run, only if a byte of theirs changed.
    std::vector<at::Tensor> after;
    tensors_in(args.get(), after);
    tensors_in(kwargs.get(), after);
    bool widened = body.value("double", false) || body.contains("cast");
    if (!widened && (device_ != "cpu" || inputs_changed(message, mapping, given, after)))
      result["inputs_after"] = {{"args", encode_value(args.get(), sink, "inputs")},
                                {"kwargs", encode_value(kwargs.get(), sink, "inputs")}};
    return result;
  }

  // What gradients may end in: the model's parameters, then the inputs.
  std::vector<at::Tensor> gradient_leaves(std::vector<at::Tensor>& given) {
    std::vector<at::Tensor> leaves;
    for (const DescribedTensor& t : description_.tensors) leaves.push_back(t.tensor);
    for (at::Tensor& t : given) {
      if (at::isFloatingType(t.scalar_type()) || at::isComplexType(t.scalar_type())) t.set_requires_grad(true);
      leaves.push_back(t);
    }
    return leaves;
  }

  // [[place among the leaves, projection, sum of absolute values]]; empty where nothing can be differentiated.
  Json gradients_json(const std::vector<at::Tensor>& results, const std::vector<at::Tensor>& leaves) const {
    const auto list = [](const std::vector<at::Tensor>& tensors) {
      PyRef made(PyList_New(0));
      for (const at::Tensor& t : tensors) {
        PyRef one(THPVariable_Wrap(t));
        if (one) PyList_Append(made.get(), one.get());
      }
      return made;
    };
    Json answer = Json::array();
    const PyRef ends = list(results), starts = list(leaves);
    const PyRef found(PyObject_CallMethod(build_, "gradients", "OO", ends.get(), starts.get()));
    PyErr_Clear();
    if (!found || !PyList_CheckExact(found.get())) return answer;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(found.get()); ++i) {
      PyObject* pair = PyList_GET_ITEM(found.get(), i);
      if (!PyTuple_CheckExact(pair) || PyTuple_GET_SIZE(pair) != 2) continue;
      const double projection = PyFloat_AsDouble(PyTuple_GET_ITEM(pair, 0)), sum = PyFloat_AsDouble(PyTuple_GET_ITEM(pair, 1));
      if (std::isfinite(projection) && std::isfinite(sum)) answer.push_back({i, projection, sum});
    }
    PyErr_Clear();
    return answer;
  }

  Json reached_json(const std::vector<std::int64_t>& reached) const {
    const auto weights = static_cast<std::int64_t>(description_.tensors.size());
    Json answer = {{"weights", Json::array()}, {"inputs", Json::array()}};
    for (std::int64_t place : reached) {
      if (place < weights)
        answer["weights"].push_back(description_.tensors[static_cast<std::size_t>(place)].key);
      else
        answer["inputs"].push_back(place - weights);
    }
    return answer;
  }

  // The first call may set up what later ones find; what changes after that is carried on.
  void note_state(Json& result) {
    PyRef judged(PyObject_CallMethod(build_, "judged_modules", nullptr));
    PyErr_Clear();
    std::map<std::string, std::string> now = plain_state(description_, judged.get());
    if (ran_) {
      Json changed = Json::array();
      for (const auto& [name, text] : now)
        if (auto before = state_.find(name); before == state_.end() || before->second != text) changed.push_back(name);
      if (!changed.empty()) result["state_changed"] = std::move(changed);
    }
    state_ = std::move(now);
    ran_ = true;
  }

  std::vector<PyRef> watch_modules(const Json& body, Watch& watch) {
    std::set<std::string> recorded = body.value("record", Json::array()).get<std::set<std::string>>();
    std::string zero = body.value("zero", "");
    std::vector<PyRef> handles;
    for (const DescribedModule& m : description_.modules) {
      bool record = recorded.count(m.path) != 0;
      if (!record && (zero.empty() || m.path != zero)) continue;
      if (record) watch.record[m.module] = m.path;
      if (m.path == zero) watch.zero = m.module;
      PyRef before(PyCFunction_New(&before_def, nullptr));
      PyRef after(PyCFunction_New(&after_def, nullptr));
      handles.push_back(checked(PyObject_CallMethod(build_, "watch", "OOO", m.module, before.get(), after.get()), "hooks"));
    }
    if (!handles.empty()) watching = &watch;
    return handles;
  }

  // Compares the private mapping with a fresh one of the same file; a tensor replaced inside a container counts as changed.
  bool inputs_changed(Message& message, const std::shared_ptr<Mapping>& mapping, const std::vector<at::Tensor>& before,
                      const std::vector<at::Tensor>& after) {
    if (before.size() != after.size()) return true;
    for (std::size_t i = 0; i < before.size(); ++i)
      if (before[i].unsafeGetTensorImpl() != after[i].unsafeGetTensorImpl()) return true;
    if (!mapping || mapping->size == 0) return false;
    Mapping fresh(message.fds[0].get());
    return std::memcmp(fresh.data, mapping->data, mapping->size) != 0;
  }

  Channel& channel_;
  std::string device_;
  PyObject* build_ = nullptr;
  PyRef module_;
  PyRef own_init_;
  PyRef model_;
  DescribedModel description_;
  std::map<std::string, std::string> state_;  // plain attributes after the last call
  bool ran_ = false;
};

}  // namespace

void model_job(Channel& channel, const Json& spec) { ModelServer(channel, spec).serve(); }

}  // namespace decomp::bridge
