#pragma once
// The embedded interpreter: started once per worker, isolated; torch imported once, with one task alive.

#include <Python.h>

#include <string>

namespace decomp::bridge {

// Starts CPython (isolated configuration, the venv of `python`). Throws std::runtime_error.
void start_python(const std::string& python);

// Imports torch and sets what every run wants (fused attention paths off). Returns torch.__version__.
// Throws std::runtime_error with Python's message.
std::string import_torch();

// A module compiled into the binary (python_bridge/<name>.py), executed once. Borrowed reference; never in sys.modules.
// Throws std::runtime_error.
PyObject* bridge_module(const char* name);

// A module of a package that is compiled into the binary (python_bridge/<package>/), the package's modules loaded first, in the
// order in which CMakeLists.txt lists them. Borrowed reference. Throws std::runtime_error.
PyObject* bridge_package(const char* package, const char* module);

// "Type: message" of the pending Python exception, which is cleared.
std::string take_python_error();

// Tasks (threads) of this process.
int task_count();

}  // namespace decomp::bridge
