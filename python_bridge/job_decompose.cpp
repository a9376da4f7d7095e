// Job kind "decompose": {"cmd":"decompose","path":"model.py","source":"...","options":{...}} ->
// {"decomposition": {"files": {path: text}, "summary": {...}}}. The model runs here, sandboxed; nothing of the answer is trusted.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "core/rules.h"
#include "embed.h"
#include "job.h"
#include "judged.h"
#include "recorded_names.h"

namespace decomp::bridge {
namespace {

Json decompose(const Json& body) {
  bridge_module("build");  // switches torch's fused paths off
  Json rules = Json::object();
  for (const char* name : {"ops", "names", "equivalences"}) rules[name] = rule_data(name);
  const std::string text = Json{{"source", body.at("source")}, {"path", body.at("path")}, {"options", body.at("options")}, {"rules", std::move(rules)}}.dump();
  RecordedNames names;
  PyRef answer = checked(PyObject_CallMethod(bridge_package("decompose", "generate"), "answer", "s#O", text.data(), static_cast<Py_ssize_t>(text.size()), names.module()), "decompose");
  Py_ssize_t size = 0;
  const char* utf8 = PyUnicode_AsUTF8AndSize(answer.get(), &size);
  if (utf8 == nullptr) throw_pending("decompose");
  return Json::parse(utf8, utf8 + size);
}

}  // namespace

void decompose_job(Channel& channel, const Json&) {
  Message message;
  while (channel.receive(message) == ChannelState::open) {
    try {
      channel.send({{"decomposition", decompose(message.body)}});
    } catch (const JudgedError& error) {
      channel.send({{"error", error.body}});
    } catch (const std::exception& error) {
      channel.send({{"error", {{"stage", "decompose"}, {"type", "internal"}, {"message", error.what()}}}});
    }
  }
}

}  // namespace decomp::bridge
