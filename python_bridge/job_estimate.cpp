// Job kind "estimate": the memory that one run of a model needs at least (estimate.py), in a fork of its own, for on meta tensors a file
// may fill caches that a real run must not see. Commands:
//   load      files [{name, path, source, dropped}]  -> {}
//   estimate  class                                  -> {"weights", "inputs", "activations": bytes, "complete": bool}

#include "embed.h"
#include "job.h"
#include "judged.h"

namespace decomp::bridge {
namespace {

Json estimate(PyObject* module, const Json& body) {
  const std::string class_name = body.at("class");
  PyRef found = checked(PyObject_CallMethod(bridge_module("estimate"), "memory_of", "Os", module, class_name.c_str()), "estimate");
  const auto bytes = [&](Py_ssize_t at) { return PyLong_AsLongLong(PyTuple_GET_ITEM(found.get(), at)); };
  return {{"weights", bytes(0)}, {"inputs", bytes(1)}, {"activations", bytes(2)}, {"complete", PyTuple_GET_ITEM(found.get(), 3) == Py_True}};
}

}  // namespace

void estimate_job(Channel& channel, const Json&) {
  PyRef module;
  Message message;
  while (channel.receive(message) == ChannelState::open) {
    const std::string command = message.body.value("cmd", "");
    try {
      if (command == "load") {
        module = load_judged(message.body);
        channel.send(Json::object());
      } else {
        channel.send(estimate(module.get(), message.body));
      }
    } catch (const JudgedError& e) {
      channel.send({{"error", e.body}});
    } catch (const std::exception& e) {
      channel.send({{"error", {{"stage", command}, {"type", "internal"}, {"message", e.what()}, {"frames", Json::array()}}}});
    }
  }
}

}  // namespace decomp::bridge
