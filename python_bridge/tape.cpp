#include "tape.h"

#include "call_sites.h"

#include <ATen/SparseCsrTensorImpl.h>
#include <ATen/SparseTensorImpl.h>
#include <ATen/core/function_schema.h>
#include <ATen/record_function.h>
#include <c10/util/complex.h>

#include <atomic>
#include <cmath>
#include <thread>
#include <unordered_map>

#include "tensor/value.h"

namespace decomp::bridge {
namespace {

std::uint64_t mix(std::uint64_t x) {  // splitmix64's finaliser
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

double unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53 * 2.0 - 1.0; }

template <class T>
double as_double(T v) {
  return static_cast<double>(v);
}

struct Fingerprint {
  double projection[2] = {0, 0};
  double scale[2] = {0, 0};
  std::int64_t nonfinite = 0;
};

constexpr std::int64_t sample_size = 1024;

// Element `index` (C-contiguous logical order) of a strided tensor: its offset in elements.
std::int64_t strided_offset(std::int64_t index, c10::IntArrayRef sizes, c10::IntArrayRef strides) {
  std::int64_t offset = 0;
  for (std::size_t d = sizes.size(); d-- > 0;) {
    offset += (index % sizes[d]) * strides[d];
    index /= sizes[d];
  }
  return offset;
}

template <class T>
Fingerprint project_sample(const at::Tensor& t, std::uint64_t seed) {
  Fingerprint result;
  const T* data = static_cast<const T*>(t.const_data_ptr());
  std::int64_t n = t.numel();
  std::int64_t taken = std::min(n, sample_size);
  auto sizes = t.sizes();
  auto strides = t.strides();
  bool contiguous = t.is_contiguous();
  for (std::int64_t k = 0; k < taken; ++k) {
    // An even spread with a seeded jitter inside each stride, so that every region of the tensor is sampled.
    std::int64_t index = k;
    if (n > sample_size) {
      std::int64_t low = k * (n / sample_size);
      index = low + static_cast<std::int64_t>(mix(seed ^ static_cast<std::uint64_t>(k)) % static_cast<std::uint64_t>(n / sample_size));
    }
    double v = as_double(data[contiguous ? index : strided_offset(index, sizes, strides)]);
    if (!std::isfinite(v)) {
      ++result.nonfinite;
      continue;
    }
    for (int p = 0; p < 2; ++p) {
      double w = unit(mix(seed + 0x1000ull * static_cast<std::uint64_t>(p + 1) + static_cast<std::uint64_t>(k) * 0x10000ull));
      result.projection[p] += w * v;
      result.scale[p] += std::fabs(w * v);
    }
  }
  return result;
}

// The same of the rows along the last dimension, in whatever order they lie: one projection of their sum, one of their squares.
template <class T>
Fingerprint project_rows(const at::Tensor& t, std::uint64_t seed) {
  Fingerprint result;
  const T* data = static_cast<const T*>(t.const_data_ptr());
  const auto sizes = t.sizes();
  const auto strides = t.strides();
  const std::int64_t width = sizes.empty() ? 1 : sizes.back();
  for (std::int64_t row = 0; row < t.numel(); row += width) {
    double along[2] = {0, 0}, size[2] = {0, 0};
    for (std::int64_t k = 0; k < width; ++k) {
      const double v = as_double(data[strided_offset(row + k, sizes, strides)]);
      if (!std::isfinite(v)) {
        ++result.nonfinite;
        continue;
      }
      for (int p = 0; p < 2; ++p) {
        const double w = unit(mix(seed + 0x1000ull * static_cast<std::uint64_t>(p + 1) + static_cast<std::uint64_t>(k) * 0x10000ull));
        along[p] += w * v;
        size[p] += std::fabs(w * v);
      }
    }
    result.projection[0] += along[0];
    result.scale[0] += size[0];
    result.projection[1] += along[1] * along[1];
    result.scale[1] += size[1] * size[1];
  }
  return result;
}

template <>
double as_double(c10::complex<float> v) {
  return static_cast<double>(v.real()) + 0.7390851332151607 * static_cast<double>(v.imag());
}
template <>
double as_double(c10::complex<double> v) {
  return v.real() + 0.7390851332151607 * v.imag();
}

template <class T>
Fingerprint project(const at::Tensor& t, const TapeOptions& options) {
  return options.rows ? project_rows<T>(t, options.seed) : project_sample<T>(t, options.seed);
}

// What a sparse tensor is made of, without calling an operator: where its values lie, and the values. Empty for dense tensors.
std::vector<at::Tensor> sparse_parts(const at::Tensor& t) {
  if (t.layout() == at::kSparse) {
    const auto* impl = static_cast<const at::SparseTensorImpl*>(t.unsafeGetTensorImpl());
    return {impl->values(), impl->indices()};
  }
  if (t.layout() == at::kSparseCsr || t.layout() == at::kSparseCsc) {
    const auto* impl = static_cast<const at::SparseCsrTensorImpl*>(t.unsafeGetTensorImpl());
    return {impl->values(), impl->compressed_indices(), impl->plain_indices()};
  }
  return {};
}

bool fingerprint(const at::Tensor& t, const TapeOptions& options, Fingerprint& out) {
  for (const at::Tensor& part : sparse_parts(t)) {
    Fingerprint one;
    if (part.layout() != at::kStrided || !fingerprint(part, options, one)) return false;
    for (int p = 0; p < 2; ++p) {
      out.projection[p] += one.projection[p];
      out.scale[p] += one.scale[p];
    }
    out.nonfinite += one.nonfinite;
  }
  if (t.layout() == at::kSparse || t.layout() == at::kSparseCsr || t.layout() == at::kSparseCsc) return true;
  if (!t.is_cpu() || t.layout() != at::kStrided || t.is_conj() || t.is_neg()) return false;
  if (t.numel() == 0) return true;
  switch (t.scalar_type()) {
    case at::kFloat: out = project<float>(t, options); return true;
    case at::kDouble: out = project<double>(t, options); return true;
    case at::kHalf: out = project<c10::Half>(t, options); return true;
    case at::kBFloat16: out = project<c10::BFloat16>(t, options); return true;
    case at::kLong: out = project<std::int64_t>(t, options); return true;
    case at::kInt: out = project<std::int32_t>(t, options); return true;
    case at::kShort: out = project<std::int16_t>(t, options); return true;
    case at::kChar: out = project<std::int8_t>(t, options); return true;
    case at::kByte: out = project<std::uint8_t>(t, options); return true;
    case at::kBool: out = project<bool>(t, options); return true;
    case at::kComplexFloat: out = project<c10::complex<float>>(t, options); return true;
    case at::kComplexDouble: out = project<c10::complex<double>>(t, options); return true;
    default: return false;
  }
}

void collect_tensors(const c10::IValue& v, std::vector<at::Tensor>& out) {
  if (v.isTensor()) {
    if (v.toTensor().defined()) out.push_back(v.toTensor());
  } else if (v.isTensorList()) {
    for (const at::Tensor& t : v.toTensorVector()) out.push_back(t);
  } else if (v.isList()) {
    for (const c10::IValue& item : v.toListRef()) collect_tensors(item, out);
  } else if (v.isTuple()) {
    for (const c10::IValue& item : v.toTupleRef().elements()) collect_tensors(item, out);
  }
}

std::string number(double v) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", v);
  double back = 0;
  for (int digits = 1; digits < 17; ++digits) {
    char shorter[40];
    std::snprintf(shorter, sizeof shorter, "%.*g", digits, v);
    back = std::strtod(shorter, nullptr);
    if (back == v) return shorter;
  }
  return text;
}

// Text of a scalar argument; "" for tensors and None.
std::string scalar_text(const c10::IValue& v) {
  if (v.isInt()) return std::to_string(v.toInt());
  if (v.isBool()) return v.toBool() ? "True" : "False";
  if (v.isDouble()) return number(v.toDouble());
  if (v.isString()) return "'" + v.toStringRef() + "'";
  if (v.isScalar()) {
    auto s = v.toScalar();
    if (s.isComplex()) return number(s.toComplexDouble().real()) + "+" + number(s.toComplexDouble().imag()) + "j";
    return s.isFloatingPoint() ? number(s.toDouble()) : std::to_string(s.toLong());
  }
  if (v.isList() && !v.isTensorList()) {
    std::string text = "[";
    for (const c10::IValue& item : v.toListRef()) {
      std::string one = scalar_text(item);
      if (one.empty()) return "";
      text += (text.size() > 1 ? ", " : "") + one;
    }
    return text + "]";
  }
  if (v.isDevice()) return v.toDevice().str();
  return "";
}

// Text of a Python number that came as a tensor without dimensions; "" for other tensors.
std::string number_text(const at::Tensor& t) {
  if (!t.unsafeGetTensorImpl()->is_wrapped_number() || !t.is_cpu() || t.numel() != 1) return "";
  switch (t.scalar_type()) {
    case at::kDouble: return number(*t.const_data_ptr<double>());
    case at::kLong: return std::to_string(*t.const_data_ptr<std::int64_t>());
    default: return "";
  }
}

// What the callbacks need of an operator's schema, copied once per operator: RecordFunction hands out copies only.
struct OperatorInfo {
  std::string name;                    // "aten::linear"
  std::vector<std::string> arguments;  // names
  std::vector<bool> aliased;           // argument is viewed or written
  std::vector<bool> receives;          // argument is `out`: written whole, never read
  bool view = false;                   // returns a view
};

// nullptr for calls without an operator handle: autograd functions and user ranges, whatever they are named. The key is the
// address of the schema's own name, which lives as long as the operator.
const OperatorInfo* operator_info(const at::RecordFunction& fn) {
  static std::unordered_map<const char*, OperatorInfo> known;
  auto it = known.find(fn.name());
  if (it != known.end()) return &it->second;
  auto schema = fn.operator_schema();
  if (!schema.has_value()) return nullptr;
  OperatorInfo info;
  info.name = schema->name();
  for (const auto& argument : schema->arguments()) {
    info.arguments.push_back(argument.name());
    info.aliased.push_back(argument.alias_info() != nullptr);
    info.receives.push_back(argument.is_out());
  }
  for (const auto& returned : schema->returns())
    if (returned.alias_info() != nullptr && !returned.alias_info()->isWrite()) info.view = true;
  return &(known[fn.name()] = std::move(info));
}

struct Frame : at::ObserverContext {
  bool counted = false;
  int entry = -1;
};

}  // namespace

struct Tape::Impl {
  struct Ref {
    std::int64_t id = -1;
    std::vector<std::int64_t> sizes;
    at::ScalarType dtype = at::kFloat;
    int weight = -1;
    bool has_print = false;
    Fingerprint print;
  };
  struct Entry {
    std::string op;
    int instance = -1;
    int call = -1;
    CallSite site;
    std::vector<Ref> inputs;
    std::vector<std::string> args;
    std::vector<Ref> outputs;
    std::vector<std::string> inner;
  };

  explicit Impl(const TapeOptions& chosen) : options(chosen), sites(chosen.files) {}

  TapeOptions options;
  CallSites sites;
  std::thread::id owner = std::this_thread::get_id();
  at::CallbackHandle handle = at::INVALID_CALLBACK_HANDLE;
  int depth = 0;
  bool paused = false;
  std::vector<Entry> entries;
  std::vector<int> stack;
  std::vector<int> calls;
  std::vector<int> running;  // calls that have not returned, as places in `calls`
  std::vector<int> parents;
  bool balanced = true;
  std::atomic<std::int64_t> foreign{0};
  std::unordered_map<PyObject*, int> modules;
  std::unordered_map<const void*, int> weights;  // storage + offset -> weight index
  std::unordered_map<const void*, std::int64_t> values;   // StorageImpl -> value id
  std::vector<c10::weak_intrusive_ptr<c10::StorageImpl>> kept;  // addresses stay unique, memory does not stay taken
  std::vector<std::int64_t> inputs;
  std::int64_t next_value = 0;

  static Impl*& current() {
    static Impl* impl = nullptr;
    return impl;
  }

  // That of its values, where it is sparse.
  static const void* storage_of(const at::Tensor& t) {
    if (t.has_storage()) return t.storage().unsafeGetStorageImpl();
    const auto parts = sparse_parts(t);
    return !parts.empty() && parts[0].has_storage() ? parts[0].storage().unsafeGetStorageImpl() : nullptr;
  }

  Ref ref(const at::Tensor& t, bool written) {
    Ref r;
    r.sizes.assign(t.sizes().begin(), t.sizes().end());
    r.dtype = t.scalar_type();
    const void* storage = storage_of(t);
    if (storage == nullptr) return r;
    auto it = values.find(storage);
    if (written || it == values.end()) {
      r.id = next_value++;
      values[storage] = r.id;
    } else {
      r.id = it->second;
    }
    auto w = weights.find(storage);
    if (w != weights.end()) r.weight = w->second;
    return r;
  }

  static std::unique_ptr<at::ObserverContext> enter(const at::RecordFunction& fn) {
    Impl* self = current();
    auto frame = std::make_unique<Frame>();
    if (self == nullptr || self->paused) return frame;
    if (std::this_thread::get_id() != self->owner) {
      ++self->foreign;
      return frame;
    }
    const OperatorInfo* info = operator_info(fn);
    if (info == nullptr) return frame;
    frame->counted = true;
    if (self->depth++ > 0) {
      auto& inner = self->entries.back().inner;
      if (inner.size() < 64 && (inner.empty() || inner.back() != info->name)) inner.push_back(info->name);
      return frame;
    }
    frame->entry = static_cast<int>(self->entries.size());
    Entry entry;
    entry.op = info->name;
    entry.instance = self->stack.empty() ? -1 : self->stack.back();
    entry.call = self->running.empty() ? -1 : self->running.back();
    entry.site = self->sites.current();
    auto inputs = fn.inputs();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      std::vector<at::Tensor> tensors;
      collect_tensors(inputs[i], tensors);
      if (i < info->receives.size() && info->receives[i]) continue;
      for (const at::Tensor& t : tensors) entry.inputs.push_back(self->ref(t, false));
      std::string text;
      if (tensors.size() == 1 && inputs[i].isTensor())
        text = number_text(tensors[0]);
      else if (tensors.empty())
        text = scalar_text(inputs[i]);
      if (!text.empty() && i < info->arguments.size()) entry.args.push_back(info->arguments[i] + "=" + text);
    }
    self->entries.push_back(std::move(entry));
    return frame;
  }

  static void leave(const at::RecordFunction& fn, at::ObserverContext* context) {
    Impl* self = current();
    auto* frame = static_cast<Frame*>(context);
    if (self == nullptr || frame == nullptr || !frame->counted) return;
    --self->depth;
    if (frame->entry < 0) return;
    Entry& entry = self->entries[static_cast<std::size_t>(frame->entry)];
    std::vector<at::Tensor> tensors;
    for (const c10::IValue& v : fn.outputs()) collect_tensors(v, tensors);
    const OperatorInfo* info = operator_info(fn);
    bool view = info != nullptr && info->view;  // a view keeps its value; anything else makes a new one
    for (const at::Tensor& t : tensors) {
      if (t.has_storage()) self->kept.push_back(t.storage().getWeakStorageImpl());
      for (const at::Tensor& part : sparse_parts(t))
        if (part.has_storage()) self->kept.push_back(part.storage().getWeakStorageImpl());
      Ref r = self->ref(t, !view);
      if (self->options.fingerprints) r.has_print = fingerprint(t, self->options, r.print);
      entry.outputs.push_back(std::move(r));
    }
  }
};

Tape::Tape(const TapeOptions& options, const std::vector<at::Tensor>& weights) : impl_(new Impl(options)) {
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (const void* storage = impl_->storage_of(weights[i])) impl_->weights.emplace(storage, static_cast<int>(i));
  Impl::current() = impl_.get();
  impl_->handle = at::addGlobalCallback(at::RecordFunctionCallback(&Impl::enter, &Impl::leave)
                                            .needsInputs(true)
                                            .needsOutputs(true)
                                            .scopes({at::RecordScope::FUNCTION}));
}

Tape::~Tape() {
  if (impl_->handle != at::INVALID_CALLBACK_HANDLE) at::removeCallback(impl_->handle);
  Impl::current() = nullptr;
}

void Tape::set_modules(const std::vector<PyObject*>& modules) {
  for (std::size_t i = 0; i < modules.size(); ++i) impl_->modules.emplace(modules[i], static_cast<int>(i));
}

void Tape::push(PyObject* module) {
  auto it = impl_->modules.find(module);
  int index = it == impl_->modules.end() ? -1 : it->second;
  // A module made during the run belongs to the one that runs it.
  if (index < 0 && !impl_->stack.empty()) index = impl_->stack.back();
  impl_->stack.push_back(index);
  impl_->parents.push_back(impl_->running.empty() ? -1 : impl_->running.back());
  impl_->running.push_back(static_cast<int>(impl_->calls.size()));
  impl_->calls.push_back(index);
}

void Tape::pop(PyObject*) {
  if (impl_->stack.empty()) {
    impl_->balanced = false;
  } else {
    impl_->stack.pop_back();
    impl_->running.pop_back();
  }
}

void Tape::pause(bool paused) { impl_->paused = paused; }

void Tape::register_input(const at::Tensor& tensor) { impl_->inputs.push_back(impl_->ref(tensor, false).id); }

std::size_t Tape::size() const { return impl_->entries.size(); }

Json Tape::finish(const std::vector<at::Tensor>& returned) {
  at::removeCallback(impl_->handle);
  impl_->handle = at::INVALID_CALLBACK_HANDLE;
  auto wire = [&](const Impl::Ref& r) {
    Json j = {{"i", r.id}, {"s", r.sizes}};
    try {
      j["d"] = dtype_name(r.dtype);
    } catch (const std::invalid_argument&) {
      j["d"] = c10::toString(r.dtype);
    }
    if (r.weight >= 0) j["w"] = r.weight;
    if (r.has_print) {
      j["f"] = {r.print.projection[0], r.print.scale[0], r.print.projection[1], r.print.scale[1]};
      if (r.print.nonfinite > 0) j["n"] = r.print.nonfinite;
    }
    return j;
  };
  Json entries = Json::array();
  for (const auto& e : impl_->entries) {
    Json in = Json::array();
    Json out = Json::array();
    for (const auto& r : e.inputs) in.push_back(wire(r));
    for (const auto& r : e.outputs) out.push_back(wire(r));
    Json j = {{"op", e.op}, {"at", e.instance}, {"in", std::move(in)}, {"args", e.args}, {"out", std::move(out)}};
    if (!e.inner.empty()) j["inner"] = e.inner;
    if (e.call >= 0) j["c"] = e.call;
    if (e.site.file >= 0) j["l"] = {e.site.file, e.site.line};
    entries.push_back(std::move(j));
  }
  Json outputs = Json::array();
  for (const at::Tensor& t : returned) {
    auto it = impl_->values.find(impl_->storage_of(t));
    outputs.push_back(it == impl_->values.end() ? -1 : it->second);
  }
  return {{"entries", std::move(entries)},
          {"balanced", impl_->balanced && impl_->stack.empty() && impl_->depth == 0},
          {"calls", impl_->calls},
          {"parents", impl_->parents},
          {"inputs", impl_->inputs},
          {"threads", impl_->foreign.load()},
          {"outputs", std::move(outputs)}};
}

namespace {

struct GuardState {
  std::unordered_set<const void*> storages;
  std::vector<c10::Storage> kept;
  bool read = false;
  at::CallbackHandle handle = at::INVALID_CALLBACK_HANDLE;
};
GuardState* guard = nullptr;

// An operator reads a left-out tensor unless it only makes a view of it or writes it (argument 0 of an in-place call).
std::unique_ptr<at::ObserverContext> watch(const at::RecordFunction& fn) {
  if (guard == nullptr || guard->storages.empty()) return nullptr;
  const OperatorInfo* info = operator_info(fn);
  if (info == nullptr) return nullptr;
  static const std::unordered_set<std::string> harmless = {"aten::empty_like", "aten::zeros_like", "aten::ones_like", "aten::size",
                                                           "aten::detach", "aten::_has_compatible_shallow_copy_type"};
  if (harmless.count(info->name) != 0) return nullptr;
  auto inputs = fn.inputs();
  for (std::size_t i = 0; i < inputs.size() && i < info->arguments.size(); ++i) {
    if (info->aliased[i]) continue;
    std::vector<at::Tensor> tensors;
    collect_tensors(inputs[i], tensors);
    for (const at::Tensor& t : tensors)
      if (t.has_storage() && guard->storages.count(t.storage().unsafeGetStorageImpl()) != 0) guard->read = true;
  }
  return nullptr;
}

}  // namespace

InitGuard::InitGuard() {
  guard = new GuardState;
  guard->handle = at::addGlobalCallback(
      at::RecordFunctionCallback(&watch).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
}

InitGuard::~InitGuard() {
  at::removeCallback(guard->handle);
  delete guard;
  guard = nullptr;
}

void InitGuard::left_out(const at::Tensor& tensor) {
  if (guard == nullptr || !tensor.has_storage()) return;
  guard->storages.insert(tensor.storage().unsafeGetStorageImpl());
  guard->kept.push_back(tensor.storage());
}

bool InitGuard::was_read() const { return guard->read; }

}  // namespace decomp::bridge
