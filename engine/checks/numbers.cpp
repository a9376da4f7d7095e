#include "checks/numbers.h"

#include <cmath>
#include <cstdlib>
#include <map>
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

// By text: how often arithmetic adds this tiny number to floating data. What a dtype's own precision is may be asked of the dtype.
std::map<std::string, int> epsilons(const Tape& tape) {
  std::map<std::string, int> found;
  const std::vector<bool> live = live_entries(tape);
  for (std::size_t i = 0; i < tape.entries.size(); ++i) {
    const TapeEntry& e = tape.entries[i];
    const std::string name = op_base_name(e.op);
    if (!live[i] || (name != "add" && name != "sub" && name != "rsub") || e.out.empty() || e.out[0].dtype.find("float") == std::string::npos) continue;
    for (const std::string& argument : e.args) {
      if (argument.rfind("other=", 0) != 0) continue;
      const double value = std::fabs(std::strtod(argument.c_str() + 6, nullptr));
      const bool of_a_dtype = value == 0x1p-23 || value == 0x1p-52 || value == 0x1p-10 || value == 0x1p-7;
      if (value == 0 || value > 1e-3 || of_a_dtype) continue;
      char text[40];
      std::snprintf(text, sizeof text, "%.7g", value);
      ++found[text];
    }
  }
  return found;
}

// The epsilons that operations take as an argument: another form of the operation needs them as well.
std::set<std::string> epsilon_arguments(const Tape& tape) {
  std::set<std::string> found;
  for (const TapeEntry& e : tape.entries)
    for (const std::string& argument : e.args) {
      // The Poisson loss takes one that its usual form leaves unused.
      if (argument.rfind("eps=", 0) != 0 || op_base_name(e.op) == "poisson_nll_loss") continue;
      const double value = std::strtod(argument.c_str() + 4, nullptr);
      char text[40];
      std::snprintf(text, sizeof text, "%.7g", value);
      if (value > 0 && value <= 1e-3) found.insert(text);
    }
  return found;
}

std::set<std::string> all_numbers(const Tape& tape) {
  std::set<std::string> numbers;
  for (const TapeEntry& e : tape.entries) add_numbers(e, numbers);
  return numbers;
}

}  // namespace

std::optional<LostEpsilon> lost_epsilon(const Tape& original, const Tape& refactored, bool count) {
  const std::map<std::string, int> a = epsilons(original), b = epsilons(refactored);
  const std::set<std::string> all_a = all_numbers(original), all_b = all_numbers(refactored);
  for (const auto& [text, times] : a) {
    const auto other = b.find(text);
    if (other == b.end() ? all_b.count(text) == 0 : count && other->second < times) return LostEpsilon{text, true};
  }
  for (const std::string& text : epsilon_arguments(original))
    if (all_b.count(text) == 0) return LostEpsilon{text, true};
  for (const auto& [text, times] : b) {
    const auto other = a.find(text);
    if (other == a.end() ? all_a.count(text) == 0 : count && other->second < times) return LostEpsilon{text, false};
  }
  return std::nullopt;
}

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
