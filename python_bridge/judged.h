#pragma once
// Calling into judged files: what they raise becomes data, never an exception of the bridge.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstdint>
#include <memory>
#include <string>

#include "core/json.h"

namespace decomp::bridge {

struct PyDeleter {
  void operator()(PyObject* object) const { Py_XDECREF(object); }
};
using PyRef = std::unique_ptr<PyObject, PyDeleter>;

// The judged code raised; becomes {"error": {"stage","type","message","frames":[{"file","line","function"}]}}.
struct JudgedError {
  Json body;
};

// str(object), at most 4000 bytes; "?" when there is none. Clears Python's error.
std::string text_of(PyObject* object);

// Throws the pending Python error as a JudgedError.
[[noreturn]] void throw_pending(const std::string& stage);

// Takes a new reference; null throws the pending error.
PyRef checked(PyObject* object, const std::string& stage);

// {"files": [{"name","path","source","dropped"}]}: imports the file named build.py's ROOT; its module.
PyRef load_judged(const Json& body);

bool defines(PyObject* module, const char* name);

// The value of one of the module's own functions under a seed; None when it does not define it.
PyRef call_judged(PyObject* module, const char* name, std::int64_t seed);

// run_tests(): {"present": false}, {"exit": code} when it ended the process, else {"returned": "False", "truth": false}; the truth
// of None is null. Throws JudgedError for everything else that it raises.
Json self_test(PyObject* module, std::int64_t seed);

}  // namespace decomp::bridge
