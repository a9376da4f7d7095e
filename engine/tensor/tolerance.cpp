#include <algorithm>
#include <stdexcept>

#include "core/error.h"
#include "core/rules.h"
#include "tensor/compare.h"
#include "tensor/dtype.h"

namespace decomp {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorKind::infrastructure, "rules/tolerances.json is broken: " + why);
}

double number(const Json& row, const char* name) {
  const auto found = row.find(name);
  if (found == row.end() || !found->is_number() || found->get<double>() < 0)
    refuse(std::string("a row has no \"") + name + "\" that is a number, zero or more");
  return found->get<double>();
}

bool lists(const Json& row, const std::string& dtype) {
  const auto found = row.find("dtypes");
  return found != row.end() && std::find(found->begin(), found->end(), dtype) != found->end();
}

Tolerance row_of(const std::string& dtype) {
  const Json& table = rule_data("tolerances");
  if (!table.contains("rows") || !table["rows"].is_array()) refuse("it has no list \"rows\"");
  for (const Json& row : table["rows"])
    if (lists(row, dtype)) return {number(row, "rtol"), number(row, "atol")};
  refuse("no row has dtype " + dtype);
}

Tolerance looser(Tolerance a, Tolerance b) { return {std::max(a.rtol, b.rtol), std::max(a.atol, b.atol)}; }

}  // namespace

Tolerance TolerancePolicy::of(at::ScalarType output) const {
  const DtypeInfo& own = dtype_info(output);
  if (!is_floating(own.kind)) return {0.0, 0.0};
  Tolerance result = row_of(own.name);
  if (compute && is_floating(dtype_info(*compute).kind)) result = looser(result, row_of(dtype_name(*compute)));
  if (composition) {
    const Json& table = rule_data("tolerances");
    if (!table.contains("composition")) refuse("it has no row \"composition\"");
    const Json& row = table["composition"];
    if (lists(row, own.name)) result = looser(result, {number(row, "rtol"), number(row, "atol")});
  }
  if (rtol) result.rtol = *rtol;
  if (atol) result.atol = *atol;
  return result;
}

}  // namespace decomp
