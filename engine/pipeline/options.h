#pragma once
// What the caller's options mean. Needs no torch: the thin binary refuses nonsense before it loads the engine.

#include "core/limits.h"
#include "decomp/decomp.h"

namespace decomp {

// Throws Error(usage) for an option that makes no sense, naming its flag.
void validate(const CheckOptions& options);

// The defaults of core/limits.h with the options' own limits over them. Throws as validate() does.
Limits limits_of(const CheckOptions& options);

}  // namespace decomp
