#pragma once
// Reports as bytes that read back exactly: what a cache keeps. No format for others; --format json is.

#include <string>

#include "decomp/report.h"

namespace decomp {

std::string archived(const Report& report);
std::string archived(const StepReport& step);

// Throw std::exception for bytes of anything else.
Report report_from(const std::string& bytes);
StepReport step_report_from(const std::string& bytes);

// Now, in UTC, as StepReport::cached has it.
std::string time_of_judging();

}  // namespace decomp
