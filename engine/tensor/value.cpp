#include "tensor/value.h"

#include <ATen/ops/from_blob.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <unordered_set>

#include "core/error.h"
#include "core/wire.h"
#include "tensor/dtype.h"

namespace decomp {
namespace {

constexpr int max_depth = 200;                  // twice what a job's encoder writes
constexpr std::int64_t max_values = 1'000'000;  // nodes of one tree: honest outputs have dozens
constexpr std::int64_t tensor_alignment = 64;

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

Error broken(const std::string& what) { return Error(ErrorKind::infrastructure, what + ": " + std::strerror(errno)); }

at::Tensor decode_tensor(const Json& node, const std::shared_ptr<MappedFile>& file) {
  const DtypeInfo& dtype = dtype_info(dtype_from_name(wire::text(node, "dtype")));
  const std::vector<std::int64_t> shape = wire::dimensions(node, "shape");
  constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
  const std::int64_t offset = wire::integer(node, "offset", 0, any);
  const std::int64_t nbytes = wire::integer(node, "nbytes", 0, any);
  const std::int64_t expected = wire::contiguous_bytes(shape, dtype.bytes);
  if (nbytes != expected)
    refuse("a tensor " + std::string(dtype.name) + " " + wire::shape_text(shape) + " has " + std::to_string(expected) +
           " bytes, not " + std::to_string(nbytes));
  if (offset % tensor_alignment != 0)
    refuse("a tensor starts at byte " + std::to_string(offset) + ", which is no multiple of " +
           std::to_string(tensor_alignment));
  if (!file) refuse("a tensor came without a tensor file");
  const auto size = static_cast<std::int64_t>(file->size());
  if (offset > size || nbytes > size - offset)
    refuse("a tensor of " + std::to_string(nbytes) + " bytes at byte " + std::to_string(offset) +
           " reaches past the end of its file of " + std::to_string(size) + " bytes");
  // torch has no read-only tensors: the mapping itself is read-only, so a write would end the process, not the proof.
  void* data = const_cast<std::byte*>(nbytes == 0 ? nullptr : file->data() + offset);
  return at::for_blob(data, shape)
      .deleter([keep = file](void*) {})
      .options(at::TensorOptions().dtype(dtype.type))
      .make_tensor();
}

bool is_integer_text(const std::string& text) {
  const std::size_t start = !text.empty() && text[0] == '-' ? 1 : 0;
  if (text.size() == start || text.find_first_not_of("0123456789", start) != std::string::npos) return false;
  if (text[start] == '0') return text == "0";
  return true;
}

bool is_dict_key(const std::string& key) {
  if (key.rfind("s:", 0) == 0) return true;
  if (key.rfind("i:", 0) == 0) return is_integer_text(key.substr(2));
  return key == "b:true" || key == "b:false" || key == "n:";
}

class Decoder {
 public:
  explicit Decoder(const std::shared_ptr<MappedFile>& file) : file_(file) {}

  Value decode(const Json& node, int depth) {
    if (depth > max_depth) refuse("values are nested deeper than " + std::to_string(max_depth) + " levels");
    if (++values_ > max_values) refuse("more than " + std::to_string(max_values) + " values");
    const std::string& kind = wire::text(node, "k");
    Value value;
    if (kind == "tensor") {
      value.kind = Value::Kind::tensor;
      value.tensor = decode_tensor(node, file_);
    } else if (kind == "list" || kind == "tuple") {
      value.kind = kind == "list" ? Value::Kind::list : Value::Kind::tuple;
      decode_items(node, depth, value);
    } else if (kind == "namedtuple" || kind == "dataclass") {
      value.kind = kind == "namedtuple" ? Value::Kind::namedtuple : Value::Kind::dataclass;
      value.type = wire::text(node, "type");
      decode_keys(node, value);
      decode_items(node, depth, value);
    } else if (kind == "dict") {
      value.kind = Value::Kind::dict;
      decode_keys(node, value);
      decode_items(node, depth, value);
    } else {
      decode_scalar(node, kind, value);
    }
    return value;
  }

 private:
  void decode_keys(const Json& node, Value& value) {
    const Json& keys = wire::field(node, "keys");
    if (!keys.is_array()) refuse("\"keys\" is no list");
    std::unordered_set<std::string> seen;
    for (const Json& key : keys) {
      if (!key.is_string()) refuse("a key is no string");
      const auto& text = key.get_ref<const std::string&>();
      if (value.kind == Value::Kind::dict && !is_dict_key(text))
        refuse("\"" + wire::clipped(text) + "\" is no dict key");
      if (!seen.insert(text).second) refuse("the key \"" + wire::clipped(text) + "\" appears twice");
      value.keys.push_back(text);
    }
  }

  void decode_items(const Json& node, int depth, Value& value) {
    const Json& items = wire::field(node, "items");
    if (!items.is_array()) refuse("\"items\" is no list");
    const bool keyed = value.kind != Value::Kind::list && value.kind != Value::Kind::tuple;
    if (keyed && items.size() != value.keys.size())
      refuse(std::to_string(value.keys.size()) + " keys for " + std::to_string(items.size()) + " items");
    // Counted before memory is reserved for them.
    if (static_cast<std::int64_t>(items.size()) > max_values - values_)
      refuse("more than " + std::to_string(max_values) + " values");
    value.items.reserve(items.size());
    for (const Json& item : items) value.items.push_back(decode(item, depth + 1));
  }

  void decode_scalar(const Json& node, const std::string& kind, Value& value) {
    if (kind == "none") {
      value.kind = Value::Kind::none;
    } else if (kind == "bool") {
      value.kind = Value::Kind::boolean;
      value.text = wire::boolean(node, "v") ? "true" : "false";
    } else if (kind == "int") {
      value.kind = Value::Kind::integer;
      value.text = wire::text(node, "v");
      if (!is_integer_text(value.text)) refuse("\"" + wire::clipped(value.text) + "\" is no integer");
    } else if (kind == "float") {
      value.kind = Value::Kind::real;
      value.text = real_text(wire::field(node, "v"));
    } else if (kind == "complex") {
      value.kind = Value::Kind::complex;
      const Json& parts = wire::field(node, "v");
      if (!parts.is_array() || parts.size() != 2) refuse("a complex number has two parts");
      value.text = real_text(parts[0]) + " " + real_text(parts[1]);
    } else if (kind == "str") {
      value.kind = Value::Kind::string;
      value.text = wire::text(node, "v");
    } else if (kind == "dtype" || kind == "device" || kind == "size") {
      value.kind = Value::Kind::other;
      value.type = kind;
      value.text = wire::text(node, "v");
    } else {
      refuse("\"" + wire::clipped(kind) + "\" is no kind of value");
    }
  }

  static std::string real_text(const Json& node) {
    if (!node.is_string()) refuse("a float is no string");
    const auto& text = node.get_ref<const std::string&>();
    if (!wire::real(text)) refuse("\"" + wire::clipped(text) + "\" is no hexadecimal float");
    return text;
  }

  const std::shared_ptr<MappedFile>& file_;
  std::int64_t values_ = 0;
};

}  // namespace

std::shared_ptr<MappedFile> MappedFile::map(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0) throw broken("cannot read the seals of a tensor file");
  // Without them, whoever else holds the file could change what was compared, or truncate it and kill this process.
  constexpr int needed = F_SEAL_SHRINK | F_SEAL_WRITE;
  if ((seals & needed) != needed)
    throw Error(ErrorKind::infrastructure, "a tensor file is not sealed against shrinking and writing");
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw broken("cannot read the size of a tensor file");
  const auto size = static_cast<std::size_t>(status.st_size);
  const std::byte* data = nullptr;
  if (size > 0) {
    void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) throw broken("cannot map a tensor file of " + std::to_string(size) + " bytes");
    data = static_cast<const std::byte*>(mapped);
  }
  return std::shared_ptr<MappedFile>(new MappedFile(data, size));
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

Value decode_value(const Json& node, const std::shared_ptr<MappedFile>& file) { return Decoder(file).decode(node, 0); }

}  // namespace decomp
