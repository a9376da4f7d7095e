#include "checks/numbers.h"

#include <cmath>
#include <cstdlib>
#include <vector>

namespace decomp {
namespace {

void add_numbers(const TapeEntry& entry, std::set<std::string>& numbers) {
  for (const std::string& argument : entry.args) {
    const char* text = argument.c_str() + (argument.find('=') + 1);  // without "=": from its beginning
    char* end = nullptr;
    const double value = std::strtod(text, &end);
    if (end == text || *end != 0 || value == std::floor(value)) continue;
    char shortest[40];
    std::snprintf(shortest, sizeof shortest, "%.7g", value);
    numbers.insert(shortest);
  }
}

}  // namespace

std::optional<ReplacedNumber> replaced_number(const Tape& original, const Tape& refactored, const std::set<std::size_t>& composed) {
  std::set<std::string> all_original, all_refactored, from, to;
  const auto collect = [](const Tape& tape, std::set<std::string>& all, std::set<std::string>& of_arithmetic, const std::set<std::size_t>& left_out) {
    const std::vector<bool> live = live_entries(tape);
    for (std::size_t i = 0; i < tape.entries.size(); ++i) {
      add_numbers(tape.entries[i], all);
      if (live[i] && op_class(tape.entries[i]) == OpClass::arithmetic && left_out.count(i) == 0) add_numbers(tape.entries[i], of_arithmetic);
    }
  };
  collect(original, all_original, from, {});
  collect(refactored, all_refactored, to, composed);
  for (const std::string& y : to)
    for (const std::string& x : from) {
      if (all_original.count(y) != 0 || all_refactored.count(x) != 0) continue;
      const double ratio = std::strtod(y.c_str(), nullptr) / std::strtod(x.c_str(), nullptr);
      const double product = std::strtod(y.c_str(), nullptr) * std::strtod(x.c_str(), nullptr);
      if (ratio > 0.1 && ratio < 10 && std::fabs(product - 1) > 1e-5) return ReplacedNumber{x, y};
    }
  return std::nullopt;
}

}  // namespace decomp
