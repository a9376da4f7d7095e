#pragma once
// Deliberate changes that the comparison must notice (RULES §4): a child's output zeroed, two weights of equal shape exchanged,
// one weight perturbed.

#include "pipeline/step_context.h"

namespace decomp {

// Makes at least one mutant of each kind on the last trial, and more while its budget of time lasts; fills report.mutants. A
// mutant that moves the original but not the refactored model is an error (mutant-survived), one that moves neither a note.
// Returns whether a change of a weight was caught.
bool run_mutants(StepContext& step);

// Is `b` further from `a` than the step's tolerance? A value that is NaN throughout has not moved.
bool moved(const StepContext& step, const Value& a, const Value& b);

}  // namespace decomp
