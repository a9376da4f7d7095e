#include "state.h"

#include <ATen/Functions.h>
#define PY_SSIZE_T_CLEAN
#include <frameobject.h>
#include <torch/csrc/autograd/python_variable.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include "judged.h"

namespace decomp::bridge {
namespace {

constexpr int max_depth = 8;
constexpr std::size_t max_text = 4000;
constexpr Py_ssize_t max_items = 100;
constexpr std::int64_t max_values = 16;  // of a tensor that no description lists

// Attributes of nn.Module itself, and what the judge's own hooks change.
bool is_bookkeeping(const std::string& name) {
  static const std::set<std::string> names = {"_parameters", "_buffers", "_modules", "_non_persistent_buffers_set", "_forward_hooks",
                                              "_forward_hooks_with_kwargs", "_forward_hooks_always_called", "_forward_pre_hooks",
                                              "_forward_pre_hooks_with_kwargs", "_backward_hooks", "_backward_pre_hooks", "_is_full_backward_hook",
                                              "_state_dict_hooks", "_state_dict_pre_hooks", "_load_state_dict_pre_hooks",
                                              "_load_state_dict_post_hooks", "_flat_weights", "_flat_weight_refs"};
  return names.count(name) != 0;
}

std::string text_in(PyObject* value) {
  const char* bytes = value != nullptr && PyUnicode_Check(value) ? PyUnicode_AsUTF8(value) : nullptr;
  PyErr_Clear();
  return bytes != nullptr ? bytes : "";
}

class State {
 public:
  State(const DescribedModel& model, PyObject* judged) {
    for (const DescribedTensor& t : model.tensors) described_.insert(t.tensor.unsafeGetTensorImpl());
    if (judged != nullptr && PyList_CheckExact(judged))
      for (Py_ssize_t i = 0; i < PyList_GET_SIZE(judged); ++i)
        if (PyObject* module = PyList_GET_ITEM(judged, i); PyModule_Check(module)) modules_.push_back(module);
    for (PyObject* module : modules_) globals_.insert(PyModule_GetDict(module));
    for (const DescribedModule& m : model.modules) instances_.insert(m.module);
  }

  std::map<std::string, std::string> run(const DescribedModel& model) {
    for (const DescribedModule& m : model.modules) {
      const std::string prefix = m.path.empty() ? "" : m.path + ".";
      PyObject* dict = instance_dict(m.module);
      dictionary(dict, prefix, true);
      // A call may put another tensor in a buffer's place.
      if (PyObject* buffers = dict != nullptr ? PyDict_GetItemString(dict, "_buffers") : nullptr; buffers != nullptr && PyDict_Check(buffers))
        dictionary(buffers, prefix, true);
    }
    for (PyObject* module : modules_) dictionary(PyModule_GetDict(module), "", false);
    return std::move(found_);
  }

 private:
  // Each value of a dictionary of names under its own name.
  void dictionary(PyObject* dict, const std::string& prefix, bool of_instance) {
    if (dict == nullptr) return;
    std::vector<std::pair<std::string, PyObject*>> values;
    PyObject *name = nullptr, *value = nullptr;
    Py_ssize_t at = 0;
    while (PyDict_Next(dict, &at, &name, &value)) {
      const std::string attribute = text_in(name);
      if (attribute.empty() || attribute.rfind("__", 0) == 0 || (of_instance && is_bookkeeping(attribute))) continue;
      values.emplace_back(attribute, value);
    }
    for (const auto& [attribute, held] : values) {
      if (PyType_Check(held)) {
        if (!is_judged(reinterpret_cast<PyTypeObject*>(held)) || !classes_.insert(held).second) continue;
        dictionary(reinterpret_cast<PyTypeObject*>(held)->tp_dict, prefix + attribute + ".", false);
        continue;
      }
      seen_.clear();
      std::string text;
      add(held, text, 0);
      const std::string place = prefix + attribute + (PyFunction_Check(held) ? "()" : "");
      if (!text.empty()) found_[found_.count(place) != 0 ? place + "'" : place] = std::move(text);
    }
  }

  bool is_judged(PyTypeObject* type) const {
    if ((type->tp_flags & Py_TPFLAGS_HEAPTYPE) == 0 || type->tp_dict == nullptr) return false;
    PyObject* name = PyDict_GetItemString(type->tp_dict, "__module__");
    return name != nullptr && std::any_of(modules_.begin(), modules_.end(), [&](PyObject* module) {
             PyObject* own = PyDict_GetItemString(PyModule_GetDict(module), "__name__");
             return own != nullptr && text_in(own) == text_in(name);
           });
  }

  void add(PyObject* value, std::string& text, int depth) {
    if (value == nullptr || text.size() > max_text || depth > max_depth) return;
    if (value == Py_None || PyBool_Check(value) || PyLong_CheckExact(value) || PyFloat_CheckExact(value) || PyUnicode_CheckExact(value) ||
        PyBytes_CheckExact(value) || PyByteArray_CheckExact(value) || PyComplex_CheckExact(value) || PyRange_Check(value)) {
      PyRef shown(PyObject_Repr(value));
      text += text_in(shown.get()).substr(0, 200) + " ";
      PyErr_Clear();
      return;
    }
    if (THPVariable_Check(value)) {
      tensor(THPVariable_Unpack(value), text);
      return;
    }
    if (instances_.count(value) != 0 || !seen_.insert(value).second) return;
    if (PyList_Check(value) || PyTuple_Check(value)) {
      const Py_ssize_t size = PySequence_Fast_GET_SIZE(value);
      text += "[" + std::to_string(size) + " ";
      for (Py_ssize_t i = 0; i < std::min(size, max_items); ++i) add(PySequence_Fast_GET_ITEM(value, i), text, depth + 1);
      attributes(value, text, depth);
    } else if (PyDict_Check(value)) {
      text += "{" + std::to_string(PyDict_GET_SIZE(value)) + " ";
      PyObject *k = nullptr, *v = nullptr;
      Py_ssize_t at = 0;
      for (int i = 0; i < max_items && PyDict_Next(value, &at, &k, &v); ++i) {
        add(k, text, depth + 1);
        add(v, text, depth + 1);
      }
      attributes(value, text, depth);
    } else if (PyAnySet_Check(value)) {
      text += "set " + std::to_string(PySet_GET_SIZE(value)) + " ";
    } else if (PyFunction_Check(value)) {
      function(value, text, depth);
    } else if (PyMethod_Check(value)) {
      add(PyMethod_GET_FUNCTION(value), text, depth + 1);
      add(PyMethod_GET_SELF(value), text, depth + 1);
    } else if (PyCell_Check(value)) {
      add(PyCell_GET(value), text, depth + 1);
    } else if (PyGen_CheckExact(value)) {
      generator(reinterpret_cast<PyGenObject*>(value), text, depth);
    } else if (PyType_Check(value)) {
      return;  // under its own name
    } else if (is_judged(Py_TYPE(value))) {
      attributes(value, text, depth);
      for (PyObject* held : referents(value)) add(held, text, depth + 1);  // slots
    } else if (std::strcmp(Py_TYPE(value)->tp_name, "types.SimpleNamespace") == 0) {
      for (PyObject* held : referents(value)) add(held, text, depth + 1);
    } else if (Py_TYPE(value)->tp_iternext != nullptr && (Py_TYPE(value)->tp_flags & Py_TPFLAGS_HEAPTYPE) == 0) {
      // Iterators of Python itself say where they are.
      PyRef state(PyObject_CallMethod(value, "__reduce__", nullptr));
      PyErr_Clear();
      text += "at ";
      if (state)
        add(state.get(), text, depth + 1);
      else
        for (PyObject* held : referents(value)) add(held, text, depth + 1);
    } else if (is_from_functools(Py_TYPE(value)) || std::strcmp(Py_TYPE(value)->tp_name, "collections.deque") == 0) {
      for (PyObject* held : referents(value)) add(held, text, depth + 1);
    }
  }

  // partial, and functions with a cache
  static bool is_from_functools(PyTypeObject* type) { return std::strncmp(type->tp_name, "functools.", 10) == 0; }

  void tensor(const at::Tensor& t, std::string& text) const {
    text += "tensor";
    for (std::int64_t d : t.sizes()) text += " " + std::to_string(d);
    // What a described one holds is on the tape.
    if (described_.count(t.unsafeGetTensorImpl()) == 0 && t.numel() > 0 && t.numel() <= max_values && t.device().is_cpu() &&
        t.layout() == at::kStrided && (at::isFloatingType(t.scalar_type()) || at::isIntegralType(t.scalar_type(), true))) {
      const at::Tensor values = t.detach().to(at::kDouble).reshape(-1).contiguous();
      for (std::int64_t i = 0; i < values.numel(); ++i) text += " =" + std::to_string(values.data_ptr<double>()[i]);
    }
    text += "; ";
  }

  void attributes(PyObject* value, std::string& text, int depth) {
    PyObject* dict = instance_dict(value);
    if (dict == nullptr) return;
    PyObject *name = nullptr, *held = nullptr;
    Py_ssize_t at = 0;
    for (int i = 0; i < max_items && PyDict_Next(dict, &at, &name, &held); ++i) {
      text += "." + text_in(name) + " ";
      add(held, text, depth + 1);
    }
  }

  void function(PyObject* value, std::string& text, int depth) {
    if (globals_.count(PyFunction_GET_GLOBALS(value)) == 0) return;
    add(PyFunction_GET_DEFAULTS(value), text, depth + 1);
    add(PyFunction_GET_KW_DEFAULTS(value), text, depth + 1);
    add(PyFunction_GET_CLOSURE(value), text, depth + 1);
    if (PyObject* own = reinterpret_cast<PyFunctionObject*>(value)->func_dict; own != nullptr && PyDict_GET_SIZE(own) > 0)
      add(own, text, depth + 1);
  }

  void generator(PyGenObject* value, std::string& text, int depth) {
    PyRef frame(PyObject_GetAttrString(reinterpret_cast<PyObject*>(value), "gi_frame"));
    PyErr_Clear();
    if (!frame || frame.get() == Py_None) {
      text += "ended ";
      return;
    }
    auto* running = reinterpret_cast<PyFrameObject*>(frame.get());
    text += "at " + std::to_string(PyFrame_GetLasti(running)) + " ";
    PyRef locals(PyFrame_GetLocals(running));
    PyErr_Clear();
    add(locals.get(), text, depth + 1);
  }

  // What an object holds, asked of its type and not of its code.
  static std::vector<PyObject*> referents(PyObject* value) {
    std::vector<PyObject*> held;
    if (!PyObject_IS_GC(value) || Py_TYPE(value)->tp_traverse == nullptr) return held;
    Py_TYPE(value)->tp_traverse(
        value,
        [](PyObject* one, void* list) {
          if (!PyType_Check(one)) static_cast<std::vector<PyObject*>*>(list)->push_back(one);
          return 0;
        },
        &held);
    return held;
  }

  std::vector<PyObject*> modules_;       // borrowed
  std::set<PyObject*> globals_;          // their dictionaries
  std::set<PyObject*> instances_;        // the model's modules, each a place of its own
  std::set<const void*> described_;
  std::set<PyObject*> classes_;          // walked already
  std::set<PyObject*> seen_;
  std::map<std::string, std::string> found_;
};

}  // namespace

std::map<std::string, std::string> plain_state(const DescribedModel& model, PyObject* judged) { return State(model, judged).run(model); }

}  // namespace decomp::bridge
