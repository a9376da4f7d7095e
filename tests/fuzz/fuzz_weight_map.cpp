// weight_map.json, which authors write, against two described models: every finding has a place in the file, and what is mapped
// fits.
// Input: {"original": description, "refactored": description, "map": text of weight_map.json or its value}

#include <stdexcept>

#include "fuzz.h"
#include "tensor/weights.h"

using namespace decomp;
using decomp::fuzz::require;

namespace {

std::int64_t lines_of(std::string_view text) { return 1 + std::count(text.begin(), text.end(), '\n'); }

void check_map(const ModelDescription& original, const ModelDescription& refactored, const Source* source) {
  const WeightMap map = map_weights(original, refactored, source);
  bool faulty = false;
  for (const Finding& f : map.findings) {
    require(!f.rule.empty() && !f.message.empty(), "a finding without rule or message");
    faulty = faulty || f.severity == Severity::error;
    if (f.where.line == 0) continue;
    require(source != nullptr && f.where.file == source->path && f.where.line <= lines_of(source->bytes), "a finding outside of the file");
  }
  for (const auto& [key, target] : map.by_refactored) {
    const TensorEntry* from = original.find(target.original);
    const TensorEntry* to = refactored.find(key);
    require(from != nullptr && to != nullptr, "a map between tensors that are not there");
    if (faulty) continue;
    require(from->dtype == to->dtype, "\"" + key + "\" is fed by another dtype");
    std::vector<std::int64_t> shape = from->shape;
    if (target.row_begin >= 0) {
      require(!shape.empty() && target.row_begin < target.row_end && target.row_end <= shape[0], "rows that do not exist");
      shape[0] = target.row_end - target.row_begin;
    }
    require(shape == to->shape, "\"" + key + "\" is fed by another shape");
  }
  if (!faulty && !map.needs_first_use)
    for (const TensorEntry& t : refactored.tensors)
      require(map.by_refactored.count(t.key) == 1, "\"" + t.key + "\" is fed by nothing, and nothing was said");
}

}  // namespace

DECOMP_FUZZ_JSON

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = parse_json(fuzz::text_of(data, size), 1000);
  const Json* input = std::get_if<Json>(&parsed);
  if (input == nullptr || !input->is_object()) return 0;
  ModelDescription original, refactored;
  try {
    original = decode_description(input->value("original", Json()), nullptr);
    refactored = decode_description(input->value("refactored", Json()), nullptr);
  } catch (const std::invalid_argument&) {
    return 0;
  }
  check_map(original, refactored, nullptr);
  if (!input->contains("map")) return 0;
  Source source;
  source.path = "weight_map.json";
  const Json& map = (*input)["map"];
  source.bytes = map.is_string() ? map.get<std::string>() : map.dump(1, ' ', false, Json::error_handler_t::replace);
  check_map(original, refactored, &source);
  return 0;
}
