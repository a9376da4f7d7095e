#include "checks/numbers.h"

#include <cmath>
#include <cstdlib>
#include <vector>

namespace decomp {
namespace {

void add_numbers(const TapeEntry& entry, std::set<std::string>& numbers) {
  for (const std::string& argument : entry.args) {
    const char* text = argument.c_str() + argument.find('=') + 1;
    char* end = nullptr;
    const double value = std::strtod(text, &end);
    if (end == text || *end != 0 || value == std::floor(value)) continue;
    char shortest[40];
    std::snprintf(shortest, sizeof shortest, "%.7g", value);
    numbers.insert(shortest);
  }
}

}  // namespace

std::set<std::string> foreign_numbers(const Tape& original, const Tape& refactored, const std::set<std::size_t>& composed) {
  std::set<std::string> known, foreign;
  for (const TapeEntry& entry : original.entries) add_numbers(entry, known);
  const std::vector<bool> live = live_entries(refactored);
  for (std::size_t i = 0; i < refactored.entries.size(); ++i)
    if (live[i] && op_class(refactored.entries[i]) == OpClass::arithmetic && composed.count(i) == 0) add_numbers(refactored.entries[i], foreign);
  for (const std::string& number : known) foreign.erase(number);
  return foreign;
}

}  // namespace decomp
