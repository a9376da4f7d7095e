// Stage 1 of the weight map: weight_map.json.

#include <algorithm>

#include "core/json.h"
#include "core/rules.h"
#include "core/wire.h"
#include "tensor/dtype.h"
#include "tensor/weight_map_state.h"

namespace decomp {
namespace {

constexpr const char* format_help =
    "write {\"original key\": value}; a value is a refactored key, a list of them, null for a tensor that nothing "
    "reads, or "
    "{\"key\": refactored key, \"rows\": [first, one past last]} for a part of a packed tensor";

std::string pointer_to(const std::string& key) {
  std::string pointer = "/";
  for (const char c : key) pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return pointer;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  const std::vector<std::string> near = nearest(word, names);
  if (near.empty()) return "";
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i)
    text += (i == 0 ? "\"" : i + 1 == near.size() ? " or \"" : ", \"") + near[i] + "\"";
  return text + "? ";
}

class ExplicitMap {
 public:
  ExplicitMap(MapState& state, const Source& source) : state_(state), source_(source) {}

  void read() {
    auto parsed = parse_json(source_.bytes);
    if (const auto* error = std::get_if<JsonError>(&parsed)) {
      state_.report("weight-map-json", at({error->line, error->column}),
                    "the weight map is no valid JSON: " + error->message, format_help);
      return;
    }
    const Json& map = std::get<Json>(parsed);
    if (!map.is_object()) {
      state_.report("weight-map-json", at(locate_json(source_.bytes, "")),
                    std::string("the weight map is ") + article(map) + ", not an object", format_help);
      return;
    }
    for (const auto& [key, value] : map.items()) read_member(key, value);
  }

 private:
  // A refactored tensor that takes rows [begin, end) of the original one, all of it when begin is -1.
  struct Part {
    std::size_t refactored;
    std::int64_t begin = -1;
    std::int64_t end = -1;
  };

  void read_member(const std::string& key, const Json& value) {
    const std::string pointer = pointer_to(key);
    const auto original = state_.original.find(key);
    if (!original) {
      const bool reversed = state_.refactored.find(key).has_value();
      state_.report(
          "weight-unknown-key", at(locate_json_key(source_.bytes, "", key)),
          "the original has no tensor \"" + key + "\"",
          reversed ? "\"" + key + "\" is a key of the refactored model: the map goes from original to refactored keys"
                   : did_you_mean(key, state_.original.keys()) + "Every member's name is a key of the original");
      excuse(value);
      return;
    }
    state_.original.taken[*original] = 1;
    if (value.is_null()) {
      state_.declared_null[*original] = 1;
      return;
    }
    std::vector<Part> parts;
    const std::size_t findings = state_.findings.size();
    if (value.is_array()) {
      if (value.empty())
        malformed(pointer, "\"" + key + "\" is mapped to an empty list; a tensor that nothing reads is mapped to null");
      for (std::size_t i = 0; i < value.size(); ++i)
        read_part(*original, value[i], pointer + "/" + std::to_string(i), parts);
    } else {
      read_part(*original, value, pointer, parts);
    }
    if (state_.findings.size() == findings) check_rows(*original, key, parts);
  }

  void read_part(std::size_t original, const Json& value, const std::string& pointer, std::vector<Part>& parts) {
    if (value.is_string()) {
      take(original, value.get<std::string>(), -1, -1, pointer, parts);
      return;
    }
    if (!value.is_object()) {
      malformed(pointer, "a map value is " + article(value));
      return;
    }
    for (const auto& [name, unused] : value.items()) {
      if (name == "key" || name == "rows") continue;
      state_.report("weight-map-json", at(locate_json_key(source_.bytes, pointer, name)),
                    "a map value has the unknown member \"" + name + "\"", format_help);
      return excuse(value);
    }
    if (!value.contains("key") || !value["key"].is_string())
      return malformed(pointer, "a map value has no \"key\" that is a string");
    if (!value.contains("rows"))
      return take(original, value["key"].get<std::string>(), -1, -1, pointer + "/key", parts);
    const Json& rows = value["rows"];
    const auto number = [](const Json& n) { return n.is_number_integer() && n.get<std::int64_t>() >= 0; };
    if (!rows.is_array() || rows.size() != 2 || !number(rows[0]) || !number(rows[1]) ||
        rows[0].get<std::int64_t>() >= rows[1].get<std::int64_t>()) {
      malformed(pointer + "/rows", "\"rows\" is " + wire::clipped(rows.dump(), 60) + ", not [first, one past last]");
      return excuse(value);
    }
    take(original, value["key"].get<std::string>(), rows[0].get<std::int64_t>(), rows[1].get<std::int64_t>(),
         pointer + "/key", parts);
  }

  // One refactored key into `parts` and the map, if everything about it is right.
  void take(std::size_t original, const std::string& key, std::int64_t begin, std::int64_t end,
            const std::string& pointer, std::vector<Part>& parts) {
    const auto where = [&] { return at(locate_json(source_.bytes, pointer)); };
    const auto found = state_.refactored.find(key);
    if (!found) {
      state_.report("weight-unknown-key", where(), "the refactored model has no tensor \"" + key + "\"",
                    did_you_mean(key, state_.refactored.keys()) + "Every value names a key of the refactored model");
      return;
    }
    const TensorEntry& from = state_.original.tensors[original];
    const TensorEntry& to = state_.refactored.tensors[*found];
    if (state_.refactored.taken[*found]) {
      const auto& other = state_.targets[*found];
      state_.report("weight-not-one-to-one", where(),
                    "\"" + key + "\" of the refactored model is mapped twice" +
                        (other ? ": from \"" + other->original + "\" and from \"" + from.key + "\"" : ""),
                    "give each refactored tensor one source");
      return;
    }
    state_.refactored.taken[*found] = 1;
    std::vector<std::int64_t> shape = from.shape;
    std::string part;
    if (begin >= 0) {
      if (shape.empty() || end > shape[0]) {
        state_.report("weight-shape", where(),
                      "rows " + std::to_string(begin) + " to " + std::to_string(end) + " of \"" + from.key +
                          "\" do not exist: it is " + type_text(from),
                      "rows count along the first dimension, from 0");
        return;
      }
      shape[0] = end - begin;
      part = "rows " + std::to_string(begin) + " to " + std::to_string(end) + " of ";
    }
    if (shape != to.shape) {
      state_.report("weight-shape", where(),
                    part + "\"" + from.key + "\" " + wire::shape_text(shape) + " cannot fill \"" + key + "\" " +
                        wire::shape_text(to.shape),
                    "map tensors of equal shape; a map moves values, it reshapes nothing");
      return;
    }
    if (from.dtype != to.dtype) {
      state_.report(
          "weight-dtype", where(),
          "\"" + from.key + "\" is " + dtype_name(from.dtype) + " and \"" + key + "\" is " + dtype_name(to.dtype),
          "build the refactored tensor with the original's dtype");
      return;
    }
    state_.assign(*found, original, "explicit");
    state_.targets[*found]->row_begin = begin;
    state_.targets[*found]->row_end = end;
    parts.push_back({*found, begin, end});
  }

  // Rows of a split tensor: every one goes somewhere, none to two places.
  void check_rows(std::size_t original, const std::string& key, std::vector<Part> parts) {
    std::erase_if(parts, [](const Part& part) { return part.begin < 0; });
    if (parts.empty()) return;
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.begin < b.begin; });
    const std::int64_t rows = state_.original.tensors[original].shape[0];
    std::int64_t covered = 0;
    const auto where = [&] { return at(locate_json_key(source_.bytes, "", key)); };
    const auto missing = [&](std::int64_t begin, std::int64_t end) {
      state_.report("weight-unmapped", where(),
                    "rows " + std::to_string(begin) + " to " + std::to_string(end) + " of \"" + key + "\" go nowhere",
                    "split all " + std::to_string(rows) + " rows among refactored tensors");
    };
    for (const Part& part : parts) {
      if (part.begin > covered) missing(covered, part.begin);
      if (part.begin < covered)
        state_.report("weight-not-one-to-one", where(),
                      "rows " + std::to_string(part.begin) + " to " + std::to_string(std::min(covered, part.end)) +
                          " of \"" + key + "\" go to two refactored tensors",
                      "let the parts follow one another without overlap");
      covered = std::max(covered, part.end);
    }
    if (covered < rows) missing(covered, rows);
  }

  void malformed(const std::string& pointer, const std::string& message) {
    state_.report("weight-map-json", at(locate_json(source_.bytes, pointer)), message, format_help);
  }

  // Refactored keys inside a faulty value already have a finding; they are not reported as unmapped too.
  void excuse(const Json& value) {
    if (value.is_string()) {
      if (const auto found = state_.refactored.find(value.get<std::string>())) state_.refactored.taken[*found] = 1;
    } else if (value.is_structured()) {
      for (const Json& item : value) excuse(item);
    }
  }

  static std::string article(const Json& value) {
    if (value.is_null()) return "null";
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    return std::string("a ") + value.type_name();
  }

  Location at(TextPosition position) const { return {source_.path, position.line, position.column, 0, 0}; }

  MapState& state_;
  const Source& source_;
};

}  // namespace

void map_explicit(MapState& state, const Source& source) { ExplicitMap(state, source).read(); }

}  // namespace decomp
