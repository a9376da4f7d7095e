// Mutation of JSON trees: what stays JSON gets past the parser, to the code that reads the values.

#include <algorithm>
#include <cstring>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "core/json.h"
#include "fuzz.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace decomp::fuzz {
namespace {

class Mutation {
 public:
  explicit Mutation(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }

  // All values of the tree, the root first.
  static std::vector<Json*> values_of(Json& root) {
    std::vector<Json*> values = {&root};
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i]->is_structured())
        for (Json& item : *values[i]) values.push_back(&item);
    return values;
  }

  void change(Json& root) {
    std::vector<Json*> values = values_of(root);
    Json& value = *values[below(values.size())];
    switch (below(8)) {
      case 0: value = Json(*values[below(values.size())]); break;  // a copy: the source may lie inside the target
      case 1: std::swap(value, other(root, value)); break;
      case 2: drop_one(value); break;
      case 3: double_one(value); break;
      case 4: rename_one(value); break;
      default: replace(value); break;
    }
  }

 private:
  // A value that is neither around `value` nor inside it, or `value` itself.
  Json& other(Json& root, Json& value) {
    std::vector<Json*> values = values_of(root);
    Json& candidate = *values[below(values.size())];
    const auto holds = [](Json& outer, const Json* inner) {
      const auto inside = values_of(outer);
      return std::find(inside.begin(), inside.end(), inner) != inside.end();
    };
    return holds(candidate, &value) || holds(value, &candidate) ? value : candidate;
  }

  void drop_one(Json& value) {
    if (value.is_structured() && !value.empty()) value.erase(std::next(value.begin(), static_cast<std::ptrdiff_t>(below(value.size()))));
  }

  void double_one(Json& value) {
    if (value.is_array() && !value.empty()) value.push_back(Json(value[below(value.size())]));
  }

  void rename_one(Json& value) {
    if (!value.is_object() || value.empty()) return;
    const auto& members = value.get_ref<const Json::object_t&>();
    const std::string name = std::next(members.begin(), static_cast<std::ptrdiff_t>(below(members.size())))->first;
    const std::size_t chosen = below(members.size());
    Json renamed = Json::object();
    std::size_t i = 0;
    for (const auto& [key, member] : members) renamed[i++ == chosen ? name : key] = member;
    value = std::move(renamed);
  }

  void replace(Json& value) {
    if (value.is_string() && below(2) == 0) {
      std::string text = value.get<std::string>();
      const std::size_t length = text.size();
      text.resize(length + 8);
      text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), length, text.size()));
      value = std::move(text);
    } else if (value.is_number_integer() && below(2) == 0) {
      value = static_cast<std::int64_t>(value.get<std::uint64_t>() + below(5) - 2);
    } else {
      static const Json odd = {0, 1, -1, 2, 64, 255, 65536, 2147483647, 2147483648, -2147483649, 9223372036854775807, 18446744073709551615u,
                               -9223372036854775807, 0.5, 1e300, -1e-300, "", "-", "0x", "nan", "self", "torch", "float32", "a.b", "s:a",
                               true, false, nullptr, Json::array(), Json::object(), Json::array({Json::array()})};
      value = odd[below(odd.size())];
    }
  }

  std::mt19937 random_;
};

std::optional<Json> tree_of(std::string_view text) {
  Json tree = Json::parse(text, nullptr, false);
  if (tree.is_discarded()) return std::nullopt;
  return tree;
}

// 0 when the tree is too long.
std::size_t write(const Json& tree, std::uint8_t* out, std::size_t max_size) {
  const std::string text = tree.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > max_size) return 0;
  std::memcpy(out, text.data(), text.size());
  return text.size();
}

}  // namespace

std::size_t mutate_json(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  Mutation mutation(seed);
  if (mutation.below(8) != 0) {
    if (auto tree = tree_of(text_of(data, size))) {
      for (std::size_t n = 1 + mutation.below(3); n > 0; --n) mutation.change(*tree);
      if (const std::size_t written = write(*tree, data, max_size)) return written;
    }
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

std::size_t cross_json(std::string_view one, std::string_view two, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  Mutation mutation(seed);
  auto target = tree_of(one);
  auto source = tree_of(two);
  if (!target || !source) return 0;
  const auto places = Mutation::values_of(*target);
  const auto values = Mutation::values_of(*source);
  *places[mutation.below(places.size())] = *values[mutation.below(values.size())];
  return write(*target, out, max_size);
}

}  // namespace decomp::fuzz
