// Job kind "parse": {"cmd":"parse","path":"step/refactored.py","source":"..."} -> {"facts": {...}} (core/facts.h).

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "embed.h"
#include "job.h"

namespace decomp::bridge {

void parse_job(Channel& channel, const Json&) {
  PyObject* facts = PyObject_GetAttrString(bridge_module("facts"), "facts");
  PyObject* json = PyImport_ImportModule("json");
  Message message;
  while (channel.receive(message) == ChannelState::open) {
    std::string path = message.body.value("path", "");
    std::string source = message.body.value("source", "");
    PyObject* tree = PyObject_CallFunction(facts, "y#s", source.data(), static_cast<Py_ssize_t>(source.size()), path.c_str());
    PyObject* text = tree != nullptr ? PyObject_CallMethod(json, "dumps", "O", tree) : nullptr;
    Py_XDECREF(tree);
    if (text == nullptr) {
      channel.send({{"error", {{"type", "parse"}, {"message", take_python_error()}}}});
      continue;
    }
    Py_ssize_t size = 0;
    const char* utf8 = PyUnicode_AsUTF8AndSize(text, &size);
    channel.send_text("{\"facts\":" + std::string(utf8, static_cast<std::size_t>(size)) + "}");
    Py_DECREF(text);
  }
}

}  // namespace decomp::bridge
