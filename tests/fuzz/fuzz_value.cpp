// Values and descriptions out of a job's reply: what decodes lies inside the tensor file, equals itself, and can be given weights.
// Input: {"value": value tree, "description": {"tensors": [...]}}; the tensor file has 4096 bytes.

#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>

#include "core/error.h"
#include "core/memfd.h"
#include "fuzz.h"
#include "tensor/compare.h"
#include "tensor/value.h"
#include "tensor/weights.h"

using namespace decomp;
using decomp::fuzz::require;

namespace {

constexpr std::size_t file_bytes = 4096;
constexpr std::int64_t small = 1 << 16;  // elements that are worth filling here

std::shared_ptr<MappedFile> tensor_file() {
  UniqueFd fd = create_memfd("fuzz", file_bytes);
  std::string bytes(file_bytes, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 37 + i / 64);
  require(::pwrite(fd.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()), "the tensor file cannot be written");
  require(seal_against_writing(fd.get()), "the tensor file cannot be sealed");
  return MappedFile::map(fd.get());
}

void check_tensors(const Value& value, const MappedFile& file) {
  if (value.kind == Value::Kind::tensor && value.tensor.nbytes() > 0) {
    const auto* begin = static_cast<const std::byte*>(value.tensor.const_data_ptr());
    require(begin >= file.data() && begin + value.tensor.nbytes() <= file.data() + file.size(), "a tensor outside of its file");
  }
  for (const Value& item : value.items) check_tensors(item, file);
}

void check_value(const Json& node, const std::shared_ptr<MappedFile>& file) {
  Value value;
  try {
    value = decode_value(node, file);
  } catch (const std::invalid_argument& refused) {
    require(refused.what()[0] != '\0', "a value is refused without a reason");
    return;
  }
  check_tensors(value, *file);
  const ValueComparison same = compare_values(value, value, TolerancePolicy{});
  require(same.pass() && same.grade() == Grade::bit_exact, "a value differs from itself");
}

void check_description(const Json& node, const std::shared_ptr<MappedFile>& file) {
  ModelDescription model;
  try {
    model = decode_description(node, file);
  } catch (const std::invalid_argument& refused) {
    require(refused.what()[0] != '\0', "a description is refused without a reason");
    return;
  }
  for (const TensorEntry& t : model.tensors) {
    require(model.find(t.key) != nullptr, "a tensor that cannot be found");
    std::int64_t reach = t.storage_offset;
    for (std::size_t d = 0; d < t.shape.size(); ++d) {
      const std::int64_t stride = t.strides.empty() ? 1 : t.strides[d];
      if (t.shape[d] > small || stride > small || reach > small) return;  // decoded, and too large to be filled here
      reach += std::max<std::int64_t>(t.shape[d], 1) * stride;
    }
    if (t.strides.empty()) {
      std::int64_t elements = 1;
      for (const std::int64_t d : t.shape) elements = std::min<std::int64_t>(small + 1, elements * d);
      if (elements > small) return;
    }
    if (reach > small) return;
  }
  try {
    const WeightArena arena = WeightArena::fill(model, 1);
    require(arena.bytes() >= 64, "an arena of fewer than 64 bytes");
    for (const Json& entry : arena.entries_for_original(model))
      require(entry.at("offset").get<std::uint64_t>() <= arena.bytes(), "a weight outside of its arena");
  } catch (const Error&) {  // too large for this machine
  } catch (const std::invalid_argument&) {  // all together cannot be addressed
  }
}

}  // namespace

DECOMP_FUZZ_JSON

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<MappedFile> file = tensor_file();
  const auto parsed = parse_json(fuzz::text_of(data, size), 1000);
  const Json* input = std::get_if<Json>(&parsed);
  if (input == nullptr || !input->is_object()) return 0;
  if (input->contains("value")) check_value((*input)["value"], file);
  if (input->contains("description")) check_description((*input)["description"], file);
  return 0;
}
