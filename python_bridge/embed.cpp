#include "embed.h"

#include <dirent.h>

#include <map>
#include <stdexcept>

#include "core/embedded.h"

namespace decomp {
extern const EmbeddedFile* const bridge_python_begin;
extern const EmbeddedFile* const bridge_python_end;
}  // namespace decomp

namespace decomp::bridge {
namespace {

void check(PyStatus status, PyConfig& config) {
  if (PyStatus_Exception(status) == 0) return;
  std::string message = status.err_msg != nullptr ? status.err_msg : "unknown error";
  PyConfig_Clear(&config);
  throw std::runtime_error("cannot start Python: " + message);
}

}  // namespace

void start_python(const std::string& python) {
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.install_signal_handlers = 0;
  config.write_bytecode = 0;
  config.use_hash_seed = 1;  // set order must not differ between the two sides
  config.hash_seed = 0;
  check(PyConfig_SetBytesString(&config, &config.executable, python.c_str()), config);
  check(PyConfig_SetBytesString(&config, &config.program_name, python.c_str()), config);
  check(Py_InitializeFromConfig(&config), config);
  PyConfig_Clear(&config);
}

std::string take_python_error() {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  std::string text = type != nullptr ? reinterpret_cast<PyTypeObject*>(type)->tp_name : "unknown error";
  if (value != nullptr) {
    if (PyObject* message = PyObject_Str(value)) {
      if (const char* utf8 = PyUnicode_AsUTF8(message)) text += std::string(": ") + utf8;
      Py_DECREF(message);
    }
  }
  PyErr_Clear();
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(trace);
  return text;
}

PyObject* bridge_module(const char* name) {
  static std::map<std::string, PyObject*> loaded;
  auto it = loaded.find(name);
  if (it != loaded.end()) return it->second;
  std::string file = std::string(name) + ".py";
  for (const EmbeddedFile* f = bridge_python_begin; f != bridge_python_end; ++f) {
    if (f->name != file) continue;
    PyObject* code = Py_CompileString(std::string(f->text).c_str(), ("<decomp>/" + file).c_str(), Py_file_input);
    if (code == nullptr) throw std::runtime_error(take_python_error());
    std::string module_name = std::string("decomp_") + name;
    PyObject* module = PyImport_ExecCodeModule(module_name.c_str(), code);
    Py_DECREF(code);
    if (module == nullptr) throw std::runtime_error(file + ": " + take_python_error());
    PyDict_DelItemString(PyImport_GetModuleDict(), module_name.c_str());
    return loaded[name] = module;
  }
  throw std::runtime_error("no bridge module " + file);
}

PyObject* bridge_package(const char* package, const char* module) {
  static std::map<std::string, PyObject*> loaded;  // "decompose.text"
  const std::string folder = std::string(package) + "/", wanted = std::string(package) + "." + module;
  for (const EmbeddedFile* f = bridge_python_begin; f != bridge_python_end; ++f) {
    std::string file(f->name);
    if (file.rfind(folder, 0) != 0) continue;
    std::string name = std::string(package) + "." + file.substr(folder.size(), file.size() - folder.size() - 3);
    if (loaded.count(name) != 0) continue;
    PyObject* code = Py_CompileString(std::string(f->text).c_str(), ("<decomp>/" + file).c_str(), Py_file_input);
    PyObject* made = code != nullptr ? PyImport_ExecCodeModule(name.c_str(), code) : nullptr;
    Py_XDECREF(code);
    if (made == nullptr) throw std::runtime_error(file + ": " + take_python_error());
    loaded[name] = made;
  }
  const auto found = loaded.find(wanted);
  if (found == loaded.end()) throw std::runtime_error("no bridge module " + wanted);
  return found->second;
}

std::string import_torch() {
  PyObject* torch = PyImport_ImportModule("torch");
  if (torch == nullptr) throw std::runtime_error("import torch: " + take_python_error());
  PyObject* version = PyObject_GetAttrString(torch, "__version__");
  PyObject* text = version != nullptr ? PyObject_Str(version) : nullptr;
  std::string result = text != nullptr ? PyUnicode_AsUTF8(text) : "?";
  Py_XDECREF(text);
  Py_XDECREF(version);
  Py_DECREF(torch);
  bridge_module("build");  // imports what jobs need while there is one task
  return result;
}

int task_count() {
  int count = 0;
  if (DIR* dir = ::opendir("/proc/self/task")) {
    while (dirent* entry = ::readdir(dir))
      if (entry->d_name[0] != '.') ++count;
    ::closedir(dir);
  }
  return count;
}

}  // namespace decomp::bridge
