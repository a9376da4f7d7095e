#include "checks/dropouts.h"

#include <map>

namespace decomp {
namespace {

// "dropout p=0.1": what is dropped, and how much of it.
std::map<std::string, int> dropouts(const Tape& tape) {
  std::map<std::string, int> found;
  for (const TapeEntry& e : tape.entries) {
    if (e.op.find("dropout") == std::string::npos) continue;
    std::string name = e.op.substr(e.op.rfind(':') + 1);
    if (name.back() == '_') name.pop_back();
    for (const std::string& argument : e.args)
      if (argument.rfind("p=", 0) == 0) ++found[name + " " + argument];
  }
  return found;
}

}  // namespace

std::vector<Finding> check_dropouts(const Tape& original, const Tape& refactored) {
  const std::map<std::string, int> a = dropouts(original);
  std::vector<Finding> findings;
  for (const auto& [dropout, times] : dropouts(refactored))
    if (a.count(dropout) == 0 && dropout.find(" p=0") + 4 != dropout.size())
      findings.push_back({"conservation-extra", Severity::error, {},
                          "has a " + dropout + ", and the original none such: in training they part ways",
                          "Keep the original's dropouts with their probabilities, or leave them out."});
  return findings;
}

}  // namespace decomp
