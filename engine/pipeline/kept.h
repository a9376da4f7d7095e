#pragma once
// What two calls must have in common for the one to take over what the other found.

#include <string>

#include "core/json.h"
#include "decomp/decomp.h"

namespace decomp {

// Every option that bears on a verdict, and how trials are drawn: the public seeds, and one draw of the host's that is fresh in each
// judgement. Whoever writes a workspace cannot choose the draw, nor have it drawn again for the same bytes.
Json kept_options(const CheckOptions& options);

// Whether anything is kept under these options: not without a sandbox, whose jobs could write to the cache, and on the processor only,
// which can be told apart from others.
bool can_keep(const CheckOptions& options);

// Whether another call would find the same: no where a run timed out, crashed, was undecided, or ran in less than a whole sandbox.
bool can_be_kept(const StepReport& report);
bool can_be_kept(const ComponentReport& report);
bool finding_of_the_machine(const Finding& finding);

// Processor and number of cores.
std::string processor();

}  // namespace decomp
