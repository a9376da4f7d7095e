#pragma once
// A kernel's name against what the kernel is (RULES §6): a dimension or an attribute that its run contradicts, no dimension
// or no dtype at all, a number behind a name that is taken. The operation and the dtypes: checks/kernels.h.

#include <string>
#include <vector>

#include "checks/component_run.h"
#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

struct NameVerdict {
  std::vector<Finding> findings;  // Finding::where.file is the name
  std::string better;             // the name that decomp gives; what is there and true stays where decomp knows no better
};

// `literals`: integers that the file's code mentions; a name may say those, too. Rules name-untrue, name-generic, name-suffix.
NameVerdict check_kernel_name(const std::string& file, const ComponentRun& run, const std::vector<std::int64_t>& literals);

// Every integer that the file writes out.
std::vector<std::int64_t> integer_literals(const Facts& facts);

// "Call it `x`": the help of a finding about a name.
std::string name_help(const std::string& file, const std::string& better);

}  // namespace decomp
