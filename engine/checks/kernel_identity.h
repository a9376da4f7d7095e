#pragma once
// What a kernel is, whatever its file is called (RULES §6): its workload, read off the tape of one instance.

#include <string>
#include <vector>

#include "checks/component_run.h"
#include "checks/custody.h"

namespace decomp {

// Two kernels with equal identities do the same work on the same parameter shapes, attributes and dtypes; a kernel without
// parameters that contracts (a matrix product) also on the same input shapes. In-place and out-of-place are two workloads.
struct Workload {
  std::string identity;
  // Values that the tape does not tell (buffers, literals, the order of like inputs) take part: then two files hold one
  // workload only if their code is the same, too (code_without_names()).
  bool code_counts = false;
};

Workload workload_of(const ComponentRun& run);

// The same with the dimensions left out by which data are only moved: they count from the front on the tape, whatever the code says.
Workload workload_of_any_rank(const ComponentRun& run);

// What makes two workloads different, as "it owns parameter float32 [8, 4] in one, parameter float32 [4, 8] in the other".
std::string workload_difference(const Workload& a, const Workload& b);

// The code of a component with the names that an author is free to choose left out: locals, parameters of functions and
// attributes of `self`. get_inputs() and get_input_kwargs() do not count. "" for a file without a tree.
std::string code_without_names(const CodeForm& form);

// Does it work on values whose shapes belong to the workload: no parameters, and an operation that contracts?
bool is_shape_dependent(const ComponentRun& run);

// "[2, 3]"
std::string shape_words(const std::vector<std::int64_t>& shape);

}  // namespace decomp
