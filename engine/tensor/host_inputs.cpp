#include "tensor/host_inputs.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <sys/mman.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <numeric>
#include <random>

#include "core/error.h"
#include "tensor/dtype.h"

namespace decomp {
namespace {

class Maker {
 public:
  Maker(std::shared_ptr<MappedFile> file, std::uint64_t seed, InputChange change) : file_(std::move(file)), random_(seed), change_(change) {}

  Json walk(const Json& node) {
    Json copy = node;
    if (node.value("k", "") == "tensor") return tensor(node);
    // The integers of a packed sequence or a sparse tensor (its type is no name of Python's) say where its values lie.
    const bool structured = node.value("type", "").find(' ') != std::string::npos;
    keep_integers_ += structured;
    if (copy.contains("items"))
      for (Json& item : copy["items"]) item = walk(item);
    keep_integers_ -= structured;
    if (keep_integers_ > 0) return copy;
    const std::string kind = node.value("k", "");
    if (kind == "bool" && (change_ == InputChange::varied || change_ == InputChange::rescaled)) copy["v"] = !node.at("v").get<bool>();
    if (change_ == InputChange::varied && kind == "float") vary_float(copy);
    if (change_ == InputChange::varied && kind == "int") vary_int(copy);
    return copy;
  }

  bool varied() const { return varied_; }
  void set_change(std::function<at::Tensor(const at::Tensor&)> change) { custom_ = std::move(change); }

  // A value that was in no tree.
  Json encode(const Value& value) {
    const auto items = [&] {
      Json list = Json::array();
      for (const Value& item : value.items) list.push_back(encode(item));
      return list;
    };
    switch (value.kind) {
      case Value::Kind::tensor: return place(value.tensor);
      case Value::Kind::list: return {{"k", "list"}, {"items", items()}};
      case Value::Kind::dict: return {{"k", "dict"}, {"keys", value.keys}, {"items", items()}};
      case Value::Kind::tuple: return {{"k", "tuple"}, {"items", items()}};
      case Value::Kind::boolean: return {{"k", "bool"}, {"v", value.text == "true"}};
      case Value::Kind::integer: return {{"k", "int"}, {"v", value.text}};
      case Value::Kind::real: return {{"k", "float"}, {"v", value.text}};
      case Value::Kind::string: return {{"k", "str"}, {"v", value.text}};
      default: return {{"k", "none"}};
    }
  }

  // A tensor that was in no tree.
  Json place(const at::Tensor& value) {
    const at::Tensor made = value.contiguous();
    const std::uint64_t offset = (bytes_ + 63) / 64 * 64;
    const std::uint64_t nbytes = static_cast<std::uint64_t>(made.numel()) * made.element_size();
    bytes_ = offset + nbytes;
    tensors_.emplace_back(offset, made);
    return {{"k", "tensor"},
            {"dtype", dtype_name(made.scalar_type())},
            {"shape", std::vector<std::int64_t>(made.sizes().begin(), made.sizes().end())},
            {"offset", offset},
            {"nbytes", nbytes}};
  }

  UniqueFd pack() {
    if (tensors_.empty()) return {};
    bytes_ = std::max<std::uint64_t>(bytes_, 64);  // empty tensors still need a file
    UniqueFd memfd = create_memfd("decomp-inputs", bytes_);
    void* at = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, memfd.get(), 0);
    if (at == MAP_FAILED) throw Error(ErrorKind::infrastructure, "cannot map a file for the inputs");
    for (const auto& [offset, t] : tensors_)
      std::memcpy(static_cast<char*>(at) + offset, t.const_data_ptr(), static_cast<std::size_t>(t.numel()) * t.element_size());
    ::munmap(at, bytes_);
    if (!seal_against_writing(memfd.get())) throw Error(ErrorKind::infrastructure, "cannot seal the inputs");
    return memfd;
  }

 private:
  // One tensor that stands in several places is changed once.
  Json tensor(const Json& node) {
    const bool empty = node.value("nbytes", 0) == 0;
    const std::uint64_t old = node.at("offset");
    if (auto known = made_.find(old); known != made_.end() && !empty) return known->second;
    const at::Tensor value = decode_value(node, file_).tensor;
    const bool keep = keep_integers_ > 0 && !at::isFloatingType(value.scalar_type());
    const at::Tensor made = keep ? value : custom_ ? custom_(value) : changed(value);
    Json copy = place(keep_integers_ > 0 && made.sizes() != value.sizes() ? value : made);
    if (!empty) made_[old] = copy;
    return copy;
  }

  at::Generator generator() { return at::detail::createCPUGenerator(random_()); }

  // float32 of mean and deviation
  at::Tensor normal(at::IntArrayRef shape, double mean, double deviation) { return at::empty(shape, at::kFloat).normal_(mean, deviation, generator()); }

  // The same elements at other places. Those of large tensors move in groups: an index for each would cost more than a model's pass.
  at::Tensor permuted(const at::Tensor& flat) {
    const std::int64_t group = flat.numel() < 1 << 16 ? 1 : 32, groups = flat.numel() / group;
    std::vector<std::int64_t> order(static_cast<std::size_t>(groups));
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random_);
    const at::Tensor moved = flat.narrow(0, 0, groups * group).view({groups, group}).index_select(0, at::from_blob(order.data(), {groups}, at::kLong)).view(-1);
    return moved.numel() == flat.numel() ? moved : at::cat({moved, flat.narrow(0, moved.numel(), flat.numel() - moved.numel())});
  }

  void vary_float(Json& node) {
    const double value = std::strtod(node.at("v").get<std::string>().c_str(), nullptr);
    if (value == 0 || !std::isfinite(value)) return;
    char text[64];
    std::snprintf(text, sizeof text, "%a", value * std::uniform_real_distribution<double>(0.5, 0.95)(random_));
    node["v"] = text;
    varied_ = true;
  }

  void vary_int(Json& node) {
    const std::string text = node.at("v");
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 2) return;
    node["v"] = std::to_string(std::uniform_int_distribution<std::int64_t>(1, value - 1)(random_));
    varied_ = true;
  }

  // Integers and bools that permuting cannot change, or must not; undefined for the others.
  at::Tensor constant_or_ordered(const at::Tensor& t) {
    const bool is_bool = t.scalar_type() == at::kBool;
    at::Tensor values = t.to(at::kLong).contiguous().clone();
    const std::int64_t low = values.min().item<std::int64_t>(), high = values.max().item<std::int64_t>();
    std::int64_t* p = values.mutable_data_ptr<std::int64_t>();
    const std::int64_t count = values.numel();
    std::uniform_int_distribution<std::int64_t> between(std::min<std::int64_t>(low == high ? 0 : low, high), high);
    if (low == high) {
      if (change_ != InputChange::varied || (!is_bool && high < 1)) return t;
      varied_ = true;
      // A mask keeps its first place open, or attention to nothing follows.
      std::bernoulli_distribution quarter(0.25);
      const std::int64_t row = t.dim() > 0 ? t.size(-1) : 1;
      const bool is_mask = is_bool || (high == 1 && count > 1);
      for (std::int64_t i = 0; i < count; ++i)
        p[i] = !is_mask ? between(random_) : count == 1 || (i % row != 0 && quarter(random_)) ? 1 - p[i] : p[i];
      if (is_mask && count > 1) p[count - 1] = 1 - low;  // one at least
      return values.to(t.scalar_type());
    }
    if (is_bool || t.dim() != 1) return {};
    // Offsets and lengths in order: operators such as embedding_bag read outside their data when they are not.
    at::Tensor step = at::diff(values);
    const bool rising = step.ge(0).all().item<bool>();
    if (!rising && !step.le(0).all().item<bool>()) return {};
    if (change_ != InputChange::varied) return t;
    varied_ = true;
    for (std::int64_t i = 1; i < count; ++i) p[i] = between(random_);
    if (rising)
      std::sort(p + 1, p + count);
    else
      std::sort(p + 1, p + count, std::greater<>());
    return values.to(t.scalar_type());
  }

  at::Tensor changed(const at::Tensor& t) {
    bool floating = at::isFloatingType(t.scalar_type());
    switch (change_) {
      case InputChange::times_4: return floating ? t.mul(4) : t;
      case InputChange::times_8: return floating ? t.mul(8) : t;
      case InputChange::times_16: return floating ? t.mul(16) : t;
      case InputChange::times_128: return floating ? t.mul(128) : t;
      case InputChange::shifted: return floating ? t.add(1000) : t;
      case InputChange::tiny: return floating ? t.mul(1e-8) : t;
      default: break;
    }
    if (t.numel() == 0) {
      std::vector<std::int64_t> shape(t.sizes().begin(), t.sizes().end());
      for (std::int64_t& d : shape)
        if (d == 0) d = 2;
      return floating ? normal(shape, 0, 1).to(t.scalar_type()) : at::zeros(shape, t.options());
    }
    if (!floating && !at::isComplexType(t.scalar_type()))
      if (at::Tensor special = constant_or_ordered(t); special.defined()) return special;
    // float8 cannot be indexed: by way of float32, which holds it exactly.
    const at::Tensor flat = t.reshape(-1);
    at::Tensor shuffled = permuted(floating && t.element_size() == 1 ? flat.to(at::kFloat) : flat).view(t.sizes());
    if (floating && change_ != InputChange::permuted) {
      const auto exact = t.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
      shuffled = shuffled.to(exact);
      at::Tensor scale = normal(t.sizes(), 1.0, 0.25).clamp_(0.25, 1.75);
      if (shuffled.lt(0).any().item<bool>()) scale.copysign_(at::empty(t.sizes(), at::kFloat).uniform_(-1, 1, generator()));
      shuffled.mul_(scale);
    }
    return shuffled.to(t.scalar_type());
  }

  std::shared_ptr<MappedFile> file_;
  std::mt19937_64 random_;
  InputChange change_;
  std::function<at::Tensor(const at::Tensor&)> custom_;  // in place of change_
  std::vector<std::pair<std::uint64_t, at::Tensor>> tensors_;
  std::map<std::uint64_t, Json> made_;  // by the old offset
  std::uint64_t bytes_ = 0;
  bool varied_ = false;
  int keep_integers_ = 0;
};

}  // namespace

HostInputs make_host_inputs(const Json& trial, const std::shared_ptr<MappedFile>& file, std::uint64_t seed, InputChange change) {
  Maker maker(file, seed, change);
  HostInputs made;
  made.tree = {{"args", maker.walk(trial.at("args"))}, {"kwargs", maker.walk(trial.at("kwargs"))}};
  made.varied = maker.varied();
  made.memfd = maker.pack();
  return made;
}

HostInputs map_inputs(const Json& trial, const std::shared_ptr<MappedFile>& file, const std::function<at::Tensor(const at::Tensor&)>& change,
                      const std::vector<std::pair<std::string, Value>>& keywords) {
  Maker maker(file, 0, InputChange::permuted);
  maker.set_change(change);
  HostInputs made;
  made.tree = {{"args", maker.walk(trial.at("args"))}, {"kwargs", maker.walk(trial.at("kwargs"))}};
  Json& kwargs = made.tree["kwargs"];
  if (!keywords.empty() && kwargs.value("k", "") != "dict") kwargs = {{"k", "dict"}, {"keys", Json::array()}, {"items", Json::array()}};
  for (const auto& [name, value] : keywords) {
    kwargs["keys"].push_back("s:" + name);
    kwargs["items"].push_back(maker.encode(value));
  }
  made.memfd = maker.pack();
  return made;
}

bool all_finite(const Value& value) {
  if (value.kind == Value::Kind::tensor && value.tensor.numel() > 0) {
    at::Tensor t = at::isComplexType(value.tensor.scalar_type()) ? at::view_as_real(value.tensor) : value.tensor;
    if (at::isFloatingType(t.scalar_type()) && !at::isfinite(t.element_size() == 1 ? t.to(at::kFloat) : t).all().item<bool>()) return false;
  }
  for (const Value& item : value.items)
    if (!all_finite(item)) return false;
  return true;
}

}  // namespace decomp
