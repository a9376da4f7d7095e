#include "judged.h"

#include <algorithm>

#include "embed.h"

namespace decomp::bridge {
namespace {

constexpr Py_ssize_t text_limit = 4000;

// The exit code that Python would end with.
int exit_code_of(PyObject* system_exit) {
  PyRef code(PyObject_GetAttrString(system_exit, "code"));
  if (!code) PyErr_Clear();
  if (!code || code.get() == Py_None) return 0;
  if (!PyLong_Check(code.get())) return 1;
  const long value = PyLong_AsLong(code.get());
  PyErr_Clear();
  return static_cast<int>(value & 0xff);
}

// What was printed reaches the host before the answer does.
void flush_printed() {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  for (const char* name : {"stdout", "stderr"}) {
    PyObject* stream = PySys_GetObject(name);  // borrowed
    if (stream != nullptr && stream != Py_None) PyRef(PyObject_CallMethod(stream, "flush", nullptr));
    PyErr_Clear();
  }
  PyErr_Restore(type, value, trace);
}

}  // namespace

std::string text_of(PyObject* object) {
  PyObject* text = object != nullptr ? PyObject_Str(object) : nullptr;
  Py_ssize_t size = 0;
  const char* utf8 = text != nullptr ? PyUnicode_AsUTF8AndSize(text, &size) : nullptr;
  std::string result = utf8 != nullptr ? std::string(utf8, static_cast<std::size_t>(std::min(size, text_limit))) : "?";
  Py_XDECREF(text);
  PyErr_Clear();
  return result;
}

void throw_pending(const std::string& stage) {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (value != nullptr && trace != nullptr) PyException_SetTraceback(value, trace);
  Json frames = Json::array();
  PyRef list(value != nullptr ? PyObject_CallMethod(bridge_module("build"), "frames", "(O)", value) : nullptr);
  for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(list.get()); ++i) {
    PyObject* f = PyList_GET_ITEM(list.get(), i);
    frames.push_back({{"file", text_of(PyTuple_GET_ITEM(f, 0))},
                      {"line", PyLong_AsLong(PyTuple_GET_ITEM(f, 1))},
                      {"function", text_of(PyTuple_GET_ITEM(f, 2))}});
  }
  PyErr_Clear();
  Json body = {{"stage", stage},
               {"type", type != nullptr ? reinterpret_cast<PyTypeObject*>(type)->tp_name : "?"},
               {"message", text_of(value)},
               {"frames", std::move(frames)}};
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(trace);
  throw JudgedError{std::move(body)};
}

PyRef checked(PyObject* object, const std::string& stage) {
  if (object == nullptr) throw_pending(stage);
  return PyRef(object);
}

PyRef load_judged(const Json& body) {
  PyRef files(PyList_New(0));
  for (const Json& f : body.at("files")) {
    std::string name = f.at("name"), path = f.at("path"), source = f.at("source");
    PyRef dropped(PyList_New(0));
    for (const Json& range : f.at("dropped")) {
      PyRef pair(Py_BuildValue("[ii]", range[0].get<int>(), range[1].get<int>()));
      PyList_Append(dropped.get(), pair.get());
    }
    PyRef loaded(PyList_New(0));
    for (const Json& binding : f.value("loaded", Json::array())) {
      std::string bound = binding.at("name"), module = binding.at("module"), gives = binding.at("gives");
      PyRef places(PyList_New(0));
      for (const Json& at : binding.at("places")) {
        PyRef place(Py_BuildValue("(iiii)", at[0].get<int>(), at[1].get<int>(), at[2].get<int>(), at[3].get<int>()));
        PyList_Append(places.get(), place.get());
      }
      PyRef one(Py_BuildValue("[sssO]", bound.c_str(), module.c_str(), gives.c_str(), places.get()));
      PyList_Append(loaded.get(), one.get());
    }
    PyRef item(Py_BuildValue("{s:s,s:s,s:s#,s:O,s:O}", "name", name.c_str(), "path", path.c_str(), "source", source.data(),
                             static_cast<Py_ssize_t>(source.size()), "dropped", dropped.get(), "loaded", loaded.get()));
    if (!item) throw_pending("import");
    PyList_Append(files.get(), item.get());
  }
  return checked(PyObject_CallMethod(bridge_module("build"), "load", "(O)", files.get()), "import");
}

bool defines(PyObject* module, const char* name) {
  PyObject* dict = PyModule_GetDict(module);  // borrowed
  return dict != nullptr && PyDict_GetItemString(dict, name) != nullptr;
}

PyRef call_judged(PyObject* module, const char* name, std::int64_t seed) {
  return checked(PyObject_CallMethod(bridge_module("build"), "call_function", "OsL", module, name, static_cast<long long>(seed)), name);
}

Json self_test(PyObject* module, std::int64_t seed) {
  if (!defines(module, "run_tests")) return {{"present", false}};
  PyRef value(PyObject_CallMethod(bridge_module("build"), "call_function", "OsL", module, "run_tests", static_cast<long long>(seed)));
  flush_printed();
  if (!value && PyErr_ExceptionMatches(PyExc_SystemExit)) {
    PyObject *type = nullptr, *exit = nullptr, *trace = nullptr;
    PyErr_Fetch(&type, &exit, &trace);
    PyErr_NormalizeException(&type, &exit, &trace);
    const int code = exit != nullptr ? exit_code_of(exit) : 1;
    Py_XDECREF(type);
    Py_XDECREF(exit);
    Py_XDECREF(trace);
    return {{"present", true}, {"exit", code}};
  }
  if (!value) throw_pending("run_tests");
  if (value.get() == Py_None) return {{"present", true}, {"returned", "None"}, {"truth", nullptr}};
  const int truth = PyObject_IsTrue(value.get());
  if (truth < 0) throw_pending("run_tests");
  return {{"present", true}, {"returned", text_of(value.get()).substr(0, 80)}, {"truth", truth == 1}};
}

}  // namespace decomp::bridge
