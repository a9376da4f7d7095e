#include "describe.h"

#include <ATen/Functions.h>
#include <ATen/SparseCsrTensorImpl.h>
#include <ATen/SparseTensorImpl.h>
#include <torch/csrc/autograd/python_variable.h>

#include <map>
#include <set>

#include "tensor/value.h"

namespace decomp::bridge {
namespace {

constexpr int max_depth = 64;
constexpr std::int64_t constant_limit = 1 << 16;  // larger parameters are not looked at for being constant

std::string class_name(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  PyObject* dict = type->tp_dict;
  PyObject* module = dict != nullptr ? PyDict_GetItemString(dict, "__module__") : nullptr;
  std::string name = type->tp_name;
  if (module != nullptr && PyUnicode_Check(module)) return std::string(PyUnicode_AsUTF8(module)) + "." + name;
  return name;
}

class Describer {
 public:
  DescribedModel run(PyObject* model) {
    collect_registered(model, "", 0);
    seen_.clear();
    attributes(model, "", 0);
    return std::move(result_);
  }

 private:
  static PyObject* entry(PyObject* dict, const char* name) {
    PyObject* found = dict != nullptr ? PyDict_GetItemString(dict, name) : nullptr;
    return found != nullptr && PyDict_Check(found) ? found : nullptr;
  }

  static std::string join(const std::string& path, PyObject* name) {
    const char* text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : nullptr;
    if (text == nullptr) throw UnsupportedValue("a module member whose name is no string");
    return path.empty() ? text : path + "." + text;
  }

  void add(const std::string& key, const char* kind, PyObject* value, bool persistent, const std::string& owner) {
    std::string type = Py_TYPE(value)->tp_name;
    if (type.find("Uninitialized") != std::string::npos)
      throw UnsupportedValue("`" + key + "` is a lazy parameter; give its layer the input size");
    registered_.insert(value);
    const at::Tensor& tensor = THPVariable_Unpack(value);
    // A sparse tensor is described as what it is made of; the parts are its own, so that new values reach it.
    if (tensor.layout() == at::kSparse) {
      const auto* impl = static_cast<const at::SparseTensorImpl*>(tensor.unsafeGetTensorImpl());
      result_.tensors.push_back({key, kind, impl->values(), persistent, owner});
      result_.tensors.push_back({key + ".indices", "attribute", impl->indices(), false, owner});
    } else if (tensor.layout() == at::kSparseCsr || tensor.layout() == at::kSparseCsc) {
      const auto* impl = static_cast<const at::SparseCsrTensorImpl*>(tensor.unsafeGetTensorImpl());
      result_.tensors.push_back({key, kind, impl->values(), persistent, owner});
      result_.tensors.push_back({key + ".compressed_indices", "attribute", impl->compressed_indices(), false, owner});
      result_.tensors.push_back({key + ".plain_indices", "attribute", impl->plain_indices(), false, owner});
    } else {
      result_.tensors.push_back({key, kind, tensor, persistent, owner});
    }
  }

  void collect_registered(PyObject* module, const std::string& path, int depth) {
    if (depth > max_depth) throw UnsupportedValue("modules nested deeper than " + std::to_string(max_depth) + " levels");
    PyObject* dict = instance_dict(module);
    std::string owner = class_name(module);
    if (listed_.insert(module).second) {
      PyObject* training = dict != nullptr ? PyDict_GetItemString(dict, "training") : nullptr;
      result_.modules.push_back({path, module, owner, training == Py_True});
    }
    PyObject *name = nullptr, *value = nullptr;
    Py_ssize_t at = 0;
    if (PyObject* parameters = entry(dict, "_parameters"))
      while (PyDict_Next(parameters, &at, &name, &value))
        if (THPVariable_Check(value)) add(join(path, name), "parameter", value, true, owner);
    at = 0;
    PyObject* volatile_names = dict != nullptr ? PyDict_GetItemString(dict, "_non_persistent_buffers_set") : nullptr;
    if (PyObject* buffers = entry(dict, "_buffers"))
      while (PyDict_Next(buffers, &at, &name, &value))
        if (THPVariable_Check(value)) {
          bool persistent = volatile_names == nullptr || !PySet_Check(volatile_names) || PySet_Contains(volatile_names, name) != 1;
          add(join(path, name), "buffer", value, persistent, owner);
        }
    at = 0;
    if (PyObject* children = entry(dict, "_modules"))
      while (PyDict_Next(children, &at, &name, &value))
        if (value != Py_None) collect_registered(value, join(path, name), depth + 1);
  }

  // Tensors in plain attributes, also inside lists, tuples and dicts, that are no registered tensor themselves.
  void attributes(PyObject* module, const std::string& path, int depth) {
    if (depth > max_depth || !seen_.insert(module).second) return;
    PyObject* dict = instance_dict(module);
    if (dict == nullptr) return;
    PyObject *name = nullptr, *value = nullptr;
    Py_ssize_t at = 0;
    while (PyDict_Next(dict, &at, &name, &value)) {
      const char* text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : "";
      std::string attribute = text;
      if (attribute == "_parameters" || attribute == "_buffers" || attribute == "_modules") continue;
      attribute_value(value, path.empty() ? attribute : path + "." + attribute, class_name(module), 0);
    }
    at = 0;
    if (PyObject* children = entry(dict, "_modules"))
      while (PyDict_Next(children, &at, &name, &value))
        if (value != Py_None) attributes(value, join(path, name), depth + 1);
  }

  void attribute_value(PyObject* value, const std::string& key, const std::string& owner, int depth) {
    if (depth > 4) return;
    if (THPVariable_Check(value)) {
      if (registered_.count(value) == 0) add(key, "attribute", value, false, owner);
    } else if (PyList_CheckExact(value) || PyTuple_CheckExact(value)) {
      for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(value); ++i)
        attribute_value(PySequence_Fast_GET_ITEM(value, i), key + "." + std::to_string(i), owner, depth + 1);
    } else if (PyDict_CheckExact(value)) {
      PyObject *k = nullptr, *v = nullptr;
      Py_ssize_t at = 0;
      while (PyDict_Next(value, &at, &k, &v))
        if (PyUnicode_Check(k)) attribute_value(v, key + "." + PyUnicode_AsUTF8(k), owner, depth + 1);
    }
  }

  DescribedModel result_;
  std::set<PyObject*> listed_;
  std::set<PyObject*> seen_;
  std::set<PyObject*> registered_;
};

}  // namespace

DescribedModel describe_model(PyObject* model) { return Describer().run(model); }

Json description_json(const DescribedModel& model, TensorSink& sink) {
  std::map<const void*, std::int64_t> storages;
  Json tensors = Json::array();
  for (const DescribedTensor& t : model.tensors) {
    if (!t.tensor.defined()) continue;
    const void* storage = t.tensor.has_storage() ? t.tensor.storage().unsafeGetStorageImpl() : nullptr;
    auto id = storages.emplace(storage, static_cast<std::int64_t>(storages.size())).first->second;
    Json j = {{"key", t.key},
              {"kind", t.kind},
              {"dtype", dtype_name(t.tensor.scalar_type())},
              {"shape", std::vector<std::int64_t>(t.tensor.sizes().begin(), t.tensor.sizes().end())},
              {"storage", id},
              {"storage_offset", t.tensor.storage_offset()},
              {"persistent", t.persistent},
              {"owner", t.owner}};
    if (!t.tensor.is_contiguous()) j["strides"] = std::vector<std::int64_t>(t.tensor.strides().begin(), t.tensor.strides().end());
    bool floating = at::isFloatingType(t.tensor.scalar_type()) || at::isComplexType(t.tensor.scalar_type());
    if (std::string(t.kind) != "parameter" || !floating) {
      j["value"] = sink.add(t.tensor);
    } else if (t.tensor.numel() > 0 && t.tensor.numel() <= constant_limit && at::isFloatingType(t.tensor.scalar_type())) {
      at::Tensor flat = t.tensor.detach().reshape(-1).to(at::kDouble);
      double first = flat[0].item<double>();
      if (flat.eq(first).all().item<bool>()) j["constant"] = first;
    }
    tensors.push_back(std::move(j));
  }
  Json modules = Json::array();
  for (const DescribedModule& m : model.modules)
    modules.push_back({{"path", m.path}, {"type", m.type}, {"training", m.training}});
  return {{"tensors", std::move(tensors)}, {"modules", std::move(modules)}};
}

}  // namespace decomp::bridge
