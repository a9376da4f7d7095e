#include "recorded_names.h"

#include <torch/csrc/autograd/python_variable.h>

#include <optional>
#include <vector>

#include "checks/kernel_name.h"
#include "core/tape.h"
#include "tape.h"

namespace decomp::bridge {
namespace {

struct State {
  std::optional<Tape> open;
  decomp::Tape recorded;
};
State* state = nullptr;

// What `work` throws becomes Python's error.
template <typename Work>
PyObject* guarded(Work work) {
  try {
    return work();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
    return nullptr;
  }
}

PyObject* begin(PyObject*, PyObject* list) {
  return guarded([&]() -> PyObject* {
    if (!PyList_Check(list)) throw std::invalid_argument("begin() takes a list of tensors");
    std::vector<at::Tensor> tensors;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
      PyObject* item = PyList_GET_ITEM(list, i);
      if (!THPVariable_Check(item)) throw std::invalid_argument("begin() takes a list of tensors");
      tensors.push_back(THPVariable_Unpack(item));
    }
    TapeOptions options;
    options.fingerprints = false;
    state->open.emplace(options, tensors);
    Py_RETURN_NONE;
  });
}

PyObject* size(PyObject*, PyObject*) { return PyLong_FromSize_t(state->open ? state->open->size() : 0); }

PyObject* end(PyObject*, PyObject*) {
  return guarded([&]() -> PyObject* {
    if (state->open) state->recorded = decode_tape(state->open->finish({}));
    state->open.reset();
    Py_RETURN_NONE;
  });
}

std::vector<TensorShape> shapes_of(const Json& list) {
  std::vector<TensorShape> shapes;
  for (const Json& one : list) shapes.push_back({one.at("dtype"), one.at("shape")});
  return shapes;
}

PyObject* name(PyObject*, PyObject* text) {
  return guarded([&]() -> PyObject* {
    Py_ssize_t length = 0;
    const char* utf8 = PyUnicode_AsUTF8AndSize(text, &length);
    if (utf8 == nullptr) return nullptr;
    const Json asked = Json::parse(utf8, utf8 + length);
    ComponentRun run;
    run.calls = 1;
    run.recorded = true;
    run.inputs = shapes_of(asked.at("inputs"));
    run.outputs = shapes_of(asked.at("outputs"));
    for (const Json& t : asked.at("tensors")) run.tensors.push_back({t.at("key"), t.at("kind"), t.at("shape"), t.at("dtype")});
    const auto& entries = state->recorded.entries;
    for (const Json& range : asked.at("ranges"))
      for (std::size_t i = range.at(0); i < std::min(range.at(1).get<std::size_t>(), entries.size()); ++i) run.operations.push_back(entries[i]);
    const std::string made = kernel_name(run, asked.at("present"));
    return PyUnicode_FromStringAndSize(made.data(), static_cast<Py_ssize_t>(made.size()));
  });
}

PyMethodDef methods[] = {{"begin", begin, METH_O, nullptr}, {"size", size, METH_NOARGS, nullptr}, {"end", end, METH_NOARGS, nullptr},
                         {"kernel_name", name, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};

}  // namespace

RecordedNames::RecordedNames() : module_(checked(PyModule_New("recorded_names"), "decompose")) {
  state = new State();
  if (PyModule_AddFunctions(module_.get(), methods) != 0) throw_pending("decompose");
}

RecordedNames::~RecordedNames() {
  delete state;
  state = nullptr;
}

}  // namespace decomp::bridge
