#include "checks/conservation.h"

namespace decomp {
namespace {

std::vector<const TapeEntry*> compute_entries(const Tape& tape) {
  std::vector<const TapeEntry*> found;
  for (const TapeEntry& e : tape.entries)
    if (op_class(e) == OpClass::compute) found.push_back(&e);
  return found;
}

std::string child_name(const TapeEntry& entry, const std::vector<ModuleInstance>& modules) {
  if (entry.instance < 0 || entry.instance >= static_cast<int>(modules.size())) return "the refactored model itself";
  const ModuleInstance& m = modules[static_cast<std::size_t>(entry.instance)];
  return m.component.empty() ? "the refactored model itself" : "child `" + m.component + "` (" + m.child + ")";
}

std::string shape_text(const TapeRef& ref) {
  std::string text = "[";
  for (std::size_t i = 0; i < ref.shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(ref.shape[i]);
  return text + "]";
}

}  // namespace

std::string first_divergence(const Tape& original, const Tape& refactored, const std::vector<ModuleInstance>& modules) {
  auto a = compute_entries(original);
  auto b = compute_entries(refactored);
  constexpr double tolerance = 1e-5;  // of a sum's own size: rounding, not a difference, in float32
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const TapeEntry& x = *a[i];
    const TapeEntry& y = *b[i];
    std::string operation = op_base_name(y.op);
    if (op_base_name(x.op) != operation)
      return "compute operation " + std::to_string(i + 1) + " is " + op_base_name(x.op) + " in the original and " + operation +
             " in the refactored model (" + child_name(y, modules) + "); what departs before it cannot be told";
    for (std::size_t k = 0; k < std::min(x.out.size(), y.out.size()); ++k) {
      if (!x.out[k].has_print || !y.out[k].has_print) continue;
      if (x.out[k].numel() != y.out[k].numel())
        return child_name(y, modules) + ": " + operation + " (compute operation " + std::to_string(i + 1) + ") returns " +
               shape_text(y.out[k]) + ", the original's " + shape_text(x.out[k]);
      if (!same_print(x.out[k], y.out[k], tolerance))
        return child_name(y, modules) + ": " + operation + " (compute operation " + std::to_string(i + 1) +
               ") is the first whose result departs from the original's";
    }
  }
  if (a.size() != b.size())
    return "all common compute operations agree; the original makes " + std::to_string(a.size()) + ", the refactored model " +
           std::to_string(b.size());
  return "no compute operation departs: the difference is in the arithmetic, indexing or assembly around the children";
}

}  // namespace decomp
