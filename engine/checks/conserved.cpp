#include "checks/conserved.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <vector>

#include "core/rules.h"

namespace decomp {
namespace {

const Json& rules() { return rule_data("equivalences"); }

// Arithmetic that stands for operations: powers with a tensor or a fractional exponent, remainders (RULES §4).
bool is_strong_arithmetic(const TapeEntry& entry) {
  std::string name = op_base_name(entry.op);
  if (name == "remainder" || name == "fmod" || name == "floor_divide") return entry.in.size() > 0 && entry.in[0].dtype.rfind("float", 0) == 0;
  if (name == "div" && entry.in.size() > 0 && entry.in[0].dtype.rfind("float", 0) == 0)
    return std::any_of(entry.args.begin(), entry.args.end(), [](const std::string& a) { return a.rfind("rounding_mode=", 0) == 0 && a != "rounding_mode=None"; });
  if (name != "pow" && name != "__rpow__" && name != "float_power") return false;
  for (const std::string& argument : entry.args)
    if (argument.rfind("exponent=", 0) == 0) {
      double exponent = std::strtod(argument.c_str() + 9, nullptr);
      return exponent != std::floor(exponent);
    }
  return true;
}

}  // namespace

bool is_conserved(const TapeEntry& entry) { return op_class(entry) == OpClass::compute || is_strong_arithmetic(entry); }

namespace {

// A dimension argument counts from the front: dim=-1 of a 3-d tensor is dim=2 counted from the back as well; both are written
// from the back, so that merged leading dimensions do not matter.
std::string normal_argument(const std::string& name, const std::string& value, const TapeEntry& entry) {
  if (name != "dim" && name != "dims" && name != "axis") return name + "=" + value;
  std::int64_t rank = entry.in.empty() ? 0 : static_cast<std::int64_t>(entry.in[0].shape.size());
  std::string out;
  std::string digits;
  auto flush = [&] {
    if (digits.empty()) return;
    std::int64_t d = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), d);
    const bool number = error == std::errc() && rest == digits.data() + digits.size();
    out += number ? std::to_string(d >= 0 ? d - rank : d) : digits;
    digits.clear();
  };
  for (char c : value) {
    if (c == '-' || (c >= '0' && c <= '9')) {
      digits += c;
    } else {
      flush();
      if (c != '[' && c != ']') out += c;
    }
  }
  flush();
  return name + "=" + out;
}

// relu, relu6, hardtanh and the clamps are one operation with two bounds.
std::optional<std::string> clamp_bounds(const std::string& name, const TapeEntry& entry) {
  std::string low = "-inf", high = "inf";
  auto argument = [&](const char* key) -> std::string {
    for (const std::string& text : entry.args)
      if (text.rfind(std::string(key) + "=", 0) == 0) {
        char shortest[40];
        std::snprintf(shortest, sizeof shortest, "%g", std::strtod(text.c_str() + std::string(key).size() + 1, nullptr));
        return shortest;
      }
    return "";
  };
  if (entry.in.size() > 1) return std::nullopt;  // bounds that are tensors
  if (name == "relu") {
    low = "0";
  } else if (name == "relu6") {
    low = "0", high = "6";
  } else if (name == "hardtanh") {
    low = argument("min_val"), high = argument("max_val");
  } else if (name == "clamp" || name == "clamp_min" || name == "clamp_max") {
    if (auto v = argument("min"); !v.empty()) low = v;
    if (auto v = argument("max"); !v.empty()) high = v;
  } else if (name == "threshold" && argument("threshold") == argument("value")) {
    low = argument("value");
  } else {
    return std::nullopt;
  }
  return "clamp min=" + low + " max=" + high;
}

}  // namespace

namespace {

// An einsum's letters mean nothing by themselves, but for their order where it says no result: named in order of their first use.
std::string with_plain_letters(const std::string& equation) {
  if (equation.find("->") == std::string::npos) return equation;
  std::map<char, char> letters;
  std::string out;
  for (char c : equation) {
    if (c == ' ') continue;
    const auto n = static_cast<char>(letters.size());
    out += std::isalpha(static_cast<unsigned char>(c)) == 0 ? c : letters.try_emplace(c, static_cast<char>(n < 26 ? 'a' + n : 'A' + n - 26)).first->second;
  }
  return out;
}

}  // namespace

std::string conserved_signature(const TapeEntry& entry) {
  static const auto ignored = rules().at("ignored_arguments").get<std::set<std::string>>();
  static const auto kept = rules().at("kept_arguments").get<std::map<std::string, std::set<std::string>>>();
  std::string name = canonical_operation(entry.op);
  std::vector<std::string> arguments;
  for (const std::string& text : entry.args) {
    auto equals = text.find('=');
    std::string argument = text.substr(0, equals);
    auto keep = kept.find(name);
    if (ignored.count(argument) != 0 && (keep == kept.end() || keep->second.count(argument) == 0)) continue;
    // A list that repeats one number is that number: kernel_size=[3, 3] and kernel_size=3.
    arguments.push_back(argument == "equation" ? argument + "=" + with_plain_letters(text.substr(equals + 1)) : normal_argument(argument, text.substr(equals + 1), entry));
  }
  if (name == "matmul") arguments.clear();
  if (auto bounds = clamp_bounds(name, entry)) return *bounds;
  std::sort(arguments.begin(), arguments.end());
  for (const std::string& a : arguments) name += " " + a;
  return name;
}

std::map<std::string, int> conserved_counts(const Tape& tape) {
  std::map<std::string, int> counts;
  for (const TapeEntry& entry : tape.entries) {
    if (!is_conserved(entry)) continue;
    std::string text = conserved_signature(entry);
    for (const TapeRef& out : entry.out) text += " " + out.dtype + "[" + std::to_string(out.numel()) + "]";
    ++counts[text];
  }
  return counts;
}

}  // namespace decomp
