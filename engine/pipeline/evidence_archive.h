#pragma once
// What a step's runs showed, as bytes that read back exactly.

#include <string>

#include "pipeline/evidence.h"

namespace decomp {

std::string archived(const StepEvidence& evidence);

// Throws std::exception for bytes of anything else.
StepEvidence evidence_from(const std::string& bytes);

}  // namespace decomp
