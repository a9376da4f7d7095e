#include "walker.h"

#include <ATen/Functions.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <torch/csrc/Device.h>
#include <torch/csrc/Dtype.h>
#include <torch/csrc/DynamicTypes.h>
#include <torch/csrc/autograd/python_variable.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>

#include "tensor/value.h"

namespace decomp::bridge {
namespace {

constexpr int max_depth = 100;

// Types of named tuples on the wire that no class of Python can have.
constexpr const char* sparse_type = "sparse COO tensor";
constexpr const char* packed_type = "torch PackedSequence";

Json sizes_of(const at::Tensor& tensor) {
  Json items = Json::array();
  for (std::int64_t d : tensor.sizes()) items.push_back({{"k", "int"}, {"v", std::to_string(d)}});
  return {{"k", "tuple"}, {"items", std::move(items)}};
}

// torch.nn.utils.rnn.PackedSequence, borrowed.
PyObject* packed_sequence() {
  static PyObject* type = [] {
    PyObject* module = PyImport_ImportModule("torch.nn.utils.rnn");
    return PyObject_GetAttrString(module, "PackedSequence");
  }();
  return type;
}

std::string hex_float(double v) {
  if (std::isnan(v)) return "nan";
  if (std::isinf(v)) return v > 0 ? "inf" : "-inf";
  char text[64];
  std::snprintf(text, sizeof text, "%a", v);
  return text;
}

std::string type_name(PyObject* value) { return Py_TYPE(value)->tp_name; }

std::string wire_dtype(at::ScalarType type) {
  try {
    return dtype_name(type);
  } catch (const std::invalid_argument&) {
    throw UnsupportedValue(std::string("a tensor of dtype ") + c10::toString(type));
  }
}

std::string utf8(PyObject* text) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes == nullptr) {
    PyErr_Clear();
    throw UnsupportedValue("a string that is not valid Unicode");
  }
  return std::string(bytes, static_cast<std::size_t>(size));
}

// The type's own dictionary entry, through its bases, without running descriptors. Borrowed.
PyObject* type_entry(PyTypeObject* type, const char* name) {
  PyObject* key = PyUnicode_InternFromString(name);
  PyObject* found = _PyType_Lookup(type, key);
  Py_DECREF(key);
  return found;
}

bool is_exact_tensor(PyObject* value) {
  static PyObject* parameter = [] {
    PyObject* module = PyImport_ImportModule("torch.nn.parameter");
    return PyObject_GetAttrString(module, "Parameter");
  }();
  return THPVariable_CheckExact(value) || reinterpret_cast<PyObject*>(Py_TYPE(value)) == parameter;
}

std::string dict_key(PyObject* key, const std::string& where) {
  if (PyUnicode_CheckExact(key)) return "s:" + utf8(key);
  if (PyBool_Check(key)) return key == Py_True ? "b:true" : "b:false";
  if (PyLong_CheckExact(key)) {
    int overflow = 0;
    long long v = PyLong_AsLongLongAndOverflow(key, &overflow);
    if (overflow == 0) return "i:" + std::to_string(v);
  }
  if (key == Py_None) return "n:";
  throw UnsupportedValue(where + " is a dict with a key of type " + type_name(key));
}

class Encoder {
 public:
  explicit Encoder(TensorSink& sink) : sink_(sink) {}

  Json encode(PyObject* v, const std::string& where, int depth) {
    if (depth > max_depth) throw UnsupportedValue(where + " is nested deeper than " + std::to_string(max_depth) + " levels");
    if (++count_ > 1'000'000) throw UnsupportedValue(where + ": more than a million values");
    if (v == Py_None) return {{"k", "none"}};
    if (PyBool_Check(v)) return {{"k", "bool"}, {"v", v == Py_True}};
    if (PyLong_CheckExact(v)) {
      PyObject* text = _PyLong_Format(v, 10);
      if (text == nullptr) {
        PyErr_Clear();
        throw UnsupportedValue(where + " is an integer too large to print");
      }
      Json node = {{"k", "int"}, {"v", utf8(text)}};
      Py_DECREF(text);
      return node;
    }
    if (PyFloat_CheckExact(v)) return {{"k", "float"}, {"v", hex_float(PyFloat_AS_DOUBLE(v))}};
    if (PyComplex_CheckExact(v)) {
      Py_complex c = PyComplex_AsCComplex(v);
      return {{"k", "complex"}, {"v", {hex_float(c.real), hex_float(c.imag)}}};
    }
    if (PyUnicode_CheckExact(v)) return {{"k", "str"}, {"v", utf8(v)}};
    if (THPVariable_Check(v)) {
      if (!is_exact_tensor(v))
        throw UnsupportedValue(where + " is a " + type_name(v) + ", a subclass of torch.Tensor");
      const at::Tensor& tensor = THPVariable_Unpack(v);
      try {
        if (tensor.layout() == at::kSparse) {
          Json items = {sink_.add(tensor._indices()), sink_.add(tensor._values()), {{"k", "bool"}, {"v", tensor.is_coalesced()}}, sizes_of(tensor)};
          return {{"k", "namedtuple"}, {"type", sparse_type}, {"keys", {"indices", "values", "coalesced", "size"}}, {"items", std::move(items)}};
        }
        return sink_.add(tensor);
      } catch (const UnsupportedValue& e) {
        throw UnsupportedValue(where + " is " + e.what());
      }
    }
    if (THPDtype_Check(v))
      return {{"k", "dtype"}, {"v", "torch." + wire_dtype(reinterpret_cast<THPDtype*>(v)->scalar_type)}};
    if (THPDevice_Check(v)) return {{"k", "device"}, {"v", reinterpret_cast<THPDevice*>(v)->device.str()}};
    if (PyTuple_Check(v)) return encode_tuple(v, where, depth);
    if (PyList_CheckExact(v)) return encode_items("list", v, PyList_GET_SIZE(v), where, depth, PyList_GetItem);
    if (PyDict_Check(v)) return encode_dict(v, where, depth);
    if (type_entry(Py_TYPE(v), "__dataclass_fields__") != nullptr) return encode_dataclass(v, where, depth);
    throw UnsupportedValue(where + " is a " + type_name(v) +
                           "; results may be tensors, numbers, strings, None, and lists, tuples, dicts and dataclasses of these");
  }

 private:
  template <class Get>
  Json encode_items(const char* kind, PyObject* v, Py_ssize_t size, const std::string& where, int depth, Get get) {
    Json items = Json::array();
    for (Py_ssize_t i = 0; i < size; ++i)
      items.push_back(encode(get(v, i), where + "[" + std::to_string(i) + "]", depth + 1));
    return {{"k", kind}, {"items", std::move(items)}};
  }

  Json encode_tuple(PyObject* v, const std::string& where, int depth) {
    Py_ssize_t size = PyTuple_GET_SIZE(v);
    if (PyTuple_CheckExact(v)) return encode_items("tuple", v, size, where, depth, PyTuple_GetItem);
    std::string name = type_name(v);
    if (name == "torch.Size") return encode_items("tuple", v, size, where, depth, PyTuple_GetItem);
    // namedtuple: _fields; torch.return_types.*: __match_args__.
    PyObject* fields = type_entry(Py_TYPE(v), "_fields");
    if (fields == nullptr && name.rfind("torch.return_types", 0) == 0) fields = type_entry(Py_TYPE(v), "__match_args__");
    if (fields == nullptr || !PyTuple_CheckExact(fields) || PyTuple_GET_SIZE(fields) != size)
      throw UnsupportedValue(where + " is a " + name + ", a subclass of tuple that is no named tuple");
    Json items = Json::array();
    Json keys = Json::array();
    for (Py_ssize_t i = 0; i < size; ++i) {
      std::string key = utf8(PyTuple_GET_ITEM(fields, i));
      items.push_back(encode(PyTuple_GET_ITEM(v, i), where + "." + key, depth + 1));
      keys.push_back(key);
    }
    const bool packed = reinterpret_cast<PyObject*>(Py_TYPE(v)) == packed_sequence();
    return {{"k", "namedtuple"}, {"type", packed ? packed_type : short_name(name)}, {"keys", std::move(keys)}, {"items", std::move(items)}};
  }

  // Plain dicts, OrderedDict, defaultdict, and dataclass-like dicts (ModelOutput), from the dict's own storage.
  Json encode_dict(PyObject* v, const std::string& where, int depth) {
    bool dataclass_like = type_entry(Py_TYPE(v), "__dataclass_fields__") != nullptr;
    std::string name = type_name(v);
    if (!PyDict_CheckExact(v) && !dataclass_like && name != "collections.OrderedDict" && name != "OrderedDict" &&
        name != "collections.defaultdict")
      throw UnsupportedValue(where + " is a " + name + ", a subclass of dict");
    Json items = Json::array();
    Json keys = Json::array();
    PyObject *key = nullptr, *item = nullptr;
    Py_ssize_t at = 0;
    while (PyDict_Next(v, &at, &key, &item)) {
      std::string text = dict_key(key, where);
      std::string shown = PyUnicode_CheckExact(key) ? "'" + utf8(key) + "'" : text.substr(2);
      items.push_back(encode(item, dataclass_like ? where + "." + text.substr(2) : where + "[" + shown + "]", depth + 1));
      keys.push_back(dataclass_like ? text.substr(2) : text);
    }
    if (dataclass_like)
      return {{"k", "dataclass"}, {"type", short_name(name)}, {"keys", std::move(keys)}, {"items", std::move(items)}};
    return {{"k", "dict"}, {"keys", std::move(keys)}, {"items", std::move(items)}};
  }

  Json encode_dataclass(PyObject* v, const std::string& where, int depth) {
    PyObject* fields = type_entry(Py_TYPE(v), "__dataclass_fields__");
    PyObject* dict = instance_dict(v);
    if (!PyDict_Check(fields) || dict == nullptr)
      throw UnsupportedValue(where + " is a " + type_name(v) + " whose fields cannot be read");
    Json items = Json::array();
    Json keys = Json::array();
    PyObject *key = nullptr, *ignored = nullptr;
    Py_ssize_t at = 0;
    while (PyDict_Next(fields, &at, &key, &ignored)) {
      PyObject* item = PyDict_GetItem(dict, key);
      if (item == nullptr) throw UnsupportedValue(where + " is a " + type_name(v) + " without its field " + utf8(key));
      items.push_back(encode(item, where + "." + utf8(key), depth + 1));
      keys.push_back(utf8(key));
    }
    return {{"k", "dataclass"}, {"type", short_name(type_name(v))}, {"keys", std::move(keys)}, {"items", std::move(items)}};
  }

  static std::string short_name(const std::string& name) {
    auto dot = name.rfind('.');
    return dot == std::string::npos ? name : name.substr(dot + 1);
  }

  TensorSink& sink_;
  std::size_t count_ = 0;
};

double from_hex(const Json& v) { return std::strtod(v.get<std::string>().c_str(), nullptr); }

}  // namespace

PyObject* instance_dict(PyObject* object) {
  PyObject** slot = _PyObject_GetDictPtr(object);
  return slot != nullptr ? *slot : nullptr;
}

Json TensorSink::add(const at::Tensor& tensor) {
  if (!tensor.defined()) throw UnsupportedValue("an undefined tensor");
  if (tensor.layout() != at::kStrided) throw UnsupportedValue("a tensor of layout " + std::string(c10::toString(tensor.options())));
  if (tensor.is_quantized()) throw UnsupportedValue("a quantized tensor");
  if (tensor.is_meta()) throw UnsupportedValue("a tensor on the meta device, which has no values");
  auto known = added_.find(tensor.unsafeGetTensorImpl());
  if (known != added_.end()) return known->second.second;
  at::Tensor plain = tensor.detach().resolve_conj().resolve_neg().to(at::kCPU).contiguous();
  std::uint64_t offset = (bytes_ + 63) / 64 * 64;
  std::uint64_t nbytes = static_cast<std::uint64_t>(plain.numel()) * plain.element_size();
  bytes_ = offset + nbytes;
  tensors_.emplace_back(offset, plain);
  Json node = {{"k", "tensor"},
               {"dtype", wire_dtype(plain.scalar_type())},
               {"shape", std::vector<std::int64_t>(plain.sizes().begin(), plain.sizes().end())},
               {"offset", offset},
               {"nbytes", nbytes}};
  added_.emplace(tensor.unsafeGetTensorImpl(), std::pair(tensor, node));
  return node;
}

bool TensorSink::write_to(int fd) const {
  for (const auto& [offset, tensor] : tensors_) {
    const char* data = static_cast<const char*>(tensor.const_data_ptr());
    std::size_t left = static_cast<std::size_t>(tensor.numel()) * tensor.element_size();
    std::uint64_t at = offset;
    while (left > 0) {
      ssize_t n = ::pwrite(fd, data, left, static_cast<off_t>(at));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      data += n;
      at += static_cast<std::uint64_t>(n);
      left -= static_cast<std::size_t>(n);
    }
  }
  return true;
}

Json encode_value(PyObject* value, TensorSink& sink, const std::string& root) { return Encoder(sink).encode(value, root, 0); }

Mapping::Mapping(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) throw std::runtime_error("cannot read a tensor file");
  size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return;
  void* at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
  if (at == MAP_FAILED) throw std::runtime_error("cannot map a tensor file of " + std::to_string(size) + " bytes");
  data = static_cast<char*>(at);
}

Mapping::~Mapping() {
  if (data != nullptr) ::munmap(data, size);
}

at::Tensor tensor_at(const std::shared_ptr<Mapping>& mapping, std::uint64_t offset, at::ScalarType dtype,
                     const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  auto options = at::TensorOptions().dtype(dtype);
  std::uint64_t elements = 1;  // from the first to the last that the tensor reaches
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 0) return at::empty(shape, options);
    if (strides.empty())
      elements *= static_cast<std::uint64_t>(shape[d]);
    else
      elements += static_cast<std::uint64_t>((shape[d] - 1) * strides[d]);
  }
  if (!mapping || offset + elements * c10::elementSize(dtype) > mapping->size)
    throw std::invalid_argument("a tensor lies outside its file");
  auto keep = mapping;
  if (strides.empty()) return at::from_blob(mapping->data + offset, shape, [keep](void*) {}, options);
  return at::from_blob(mapping->data + offset, shape, strides, [keep](void*) {}, options);
}

PyObject* Decoder::decode(const Json& node) {
  std::string kind = node.at("k");
  auto fill = [&](PyObject* sequence, auto set) {
    const Json& items = node.at("items");
    for (std::size_t i = 0; i < items.size(); ++i) set(sequence, static_cast<Py_ssize_t>(i), decode(items[i]));
    return sequence;
  };
  if (kind == "none") Py_RETURN_NONE;
  if (kind == "bool") return PyBool_FromLong(node.at("v").get<bool>() ? 1 : 0);
  if (kind == "int") return PyLong_FromString(node.at("v").get<std::string>().c_str(), nullptr, 10);
  if (kind == "float") return PyFloat_FromDouble(from_hex(node.at("v")));
  if (kind == "complex") return PyComplex_FromDoubles(from_hex(node.at("v")[0]), from_hex(node.at("v")[1]));
  if (kind == "str") {
    std::string text = node.at("v");
    return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  }
  if (kind == "tensor") {
    std::uint64_t offset = node.at("offset");
    at::Tensor tensor = tensor_at(mapping_, offset, dtype_from_name(node.at("dtype")), node.at("shape").get<std::vector<std::int64_t>>());
    if (tensor.numel() == 0) return THPVariable_Wrap(tensor);  // takes no room: others may lie there
    if (apart_) return THPVariable_Wrap(tensor.clone());
    return THPVariable_Wrap(tensors_.emplace(offset, tensor).first->second);
  }
  if (kind == "dtype") return Py_NewRef(torch::getTHPDtype(dtype_from_name(node.at("v").get<std::string>().substr(6))));
  if (kind == "device") return THPDevice_New(at::Device(node.at("v").get<std::string>()));
  if (kind == "list")
    return fill(PyList_New(static_cast<Py_ssize_t>(node.at("items").size())),
                [](PyObject* l, Py_ssize_t i, PyObject* v) { PyList_SET_ITEM(l, i, v); });
  if (kind == "tuple")
    return fill(PyTuple_New(static_cast<Py_ssize_t>(node.at("items").size())),
                [](PyObject* t, Py_ssize_t i, PyObject* v) { PyTuple_SET_ITEM(t, i, v); });
  if (kind == "dict") {
    PyObject* dict = PyDict_New();
    const Json& items = node.at("items");
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::string key = node.at("keys")[i];
      std::string text = key.substr(2);
      PyObject* k = key[0] == 's'   ? PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()))
                    : key[0] == 'i' ? PyLong_FromString(text.c_str(), nullptr, 10)
                    : key[0] == 'b' ? PyBool_FromLong(text == "true")
                                    : Py_NewRef(Py_None);
      PyObject* v = decode(items[i]);
      PyDict_SetItem(dict, k, v);
      Py_DECREF(k);
      Py_DECREF(v);
    }
    return dict;
  }
  if (kind == "namedtuple" && node.at("type") == packed_type) {
    PyObject* parts = fill(PyTuple_New(static_cast<Py_ssize_t>(node.at("items").size())),
                           [](PyObject* t, Py_ssize_t i, PyObject* v) { PyTuple_SET_ITEM(t, i, v); });
    PyObject* made = PyObject_CallObject(packed_sequence(), parts);
    Py_DECREF(parts);
    if (made == nullptr) {
      PyErr_Clear();
      throw std::invalid_argument("a PackedSequence that cannot be built again");
    }
    return made;
  }
  if (kind == "namedtuple" && node.at("type") == sparse_type) {
    const Json& items = node.at("items");
    const auto dense = [&](std::size_t i) {
      return tensor_at(mapping_, items.at(i).at("offset"), dtype_from_name(items.at(i).at("dtype")), items.at(i).at("shape").get<std::vector<std::int64_t>>());
    };
    std::vector<std::int64_t> size;
    for (const Json& d : items.at(3).at("items")) size.push_back(std::stoll(d.at("v").get<std::string>()));
    at::Tensor made = at::sparse_coo_tensor(dense(0), dense(1), size);
    made._coalesced_(items.at(2).at("v").get<bool>());
    return THPVariable_Wrap(made);
  }
  throw std::invalid_argument("a " + node.value("type", kind) + " cannot be passed to another model; use tensors, numbers, "
                              "strings, lists, tuples and dicts");
}

}  // namespace decomp::bridge
