// Job kind "wrap": {"cmd":"wrap","native":{...},"inputs":"text","inputs_kind":"json|python","shown":"..."} ->
// {"wrapper": {"text": "..."} or {"refused": "why"}}. The native model runs here, sandboxed; the text is proved afterwards.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "embed.h"
#include "job.h"
#include "judged.h"

namespace decomp::bridge {
namespace {

Json wrap(const Json& body) {
  bridge_module("build");  // switches torch's fused paths off
  const std::string text = body.dump();
  PyRef answer = checked(PyObject_CallMethod(bridge_package("wrap", "write"), "answer", "s#", text.data(), static_cast<Py_ssize_t>(text.size())), "wrap");
  Py_ssize_t size = 0;
  const char* utf8 = PyUnicode_AsUTF8AndSize(answer.get(), &size);
  if (utf8 == nullptr) throw_pending("wrap");
  return Json::parse(utf8, utf8 + size);
}

}  // namespace

void wrap_job(Channel& channel, const Json&) {
  Message message;
  while (channel.receive(message) == ChannelState::open) {
    try {
      channel.send({{"wrapper", wrap(message.body)}});
    } catch (const JudgedError& error) {
      channel.send({{"error", error.body}});
    } catch (const std::exception& error) {
      channel.send({{"error", {{"stage", "wrap"}, {"type", "internal"}, {"message", error.what()}}}});
    }
  }
}

}  // namespace decomp::bridge
