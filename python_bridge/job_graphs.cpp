// Job kind "graphs": what torch's own tools see of one model, a tool per fork, so that none disturbs another. Commands:
//   load   files [{name, path, source, dropped}]  -> {}
//   list   class, tier, seed                      -> {"calls": {name: count}, "graphs": count}; graphs.py says the tiers
// A tool that fails answers {"error": {...}}: that is a fact about the tool, not about the model.

#include <ATen/Parallel.h>

#include <algorithm>

#include "embed.h"
#include "job.h"
#include "judged.h"

namespace decomp::bridge {
namespace {

Json list_calls(PyObject* module, const Json& body) {
  const std::string class_name = body.at("class"), tier = body.at("tier");
  PyRef found = checked(PyObject_CallMethod(bridge_module("graphs"), "calls_of", "OssL", module, class_name.c_str(), tier.c_str(),
                                            static_cast<long long>(body.value("seed", 0))),
                        tier);
  Json calls = Json::object();
  PyObject *name = nullptr, *count = nullptr;
  Py_ssize_t at = 0;
  while (PyDict_Next(PyTuple_GET_ITEM(found.get(), 0), &at, &name, &count)) calls[text_of(name)] = PyLong_AsLong(count);
  return {{"calls", std::move(calls)}, {"graphs", PyLong_AsLong(PyTuple_GET_ITEM(found.get(), 1))}};
}

}  // namespace

void graphs_job(Channel& channel, const Json& spec) {
  at::set_num_threads(std::max(1, spec.value("threads", 1)));
  PyRef module;
  Message message;
  while (channel.receive(message) == ChannelState::open) {
    const std::string command = message.body.value("cmd", "");
    try {
      if (command == "load") {
        module = load_judged(message.body);
        channel.send(Json::object());
      } else {
        channel.send(list_calls(module.get(), message.body));
      }
    } catch (const JudgedError& e) {
      channel.send({{"error", e.body}});
    } catch (const std::exception& e) {
      channel.send({{"error", {{"stage", command}, {"type", "internal"}, {"message", e.what()}, {"frames", Json::array()}}}});
    }
  }
}

}  // namespace decomp::bridge
