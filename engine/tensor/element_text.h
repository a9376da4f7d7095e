#pragma once

#include <c10/core/ScalarType.h>

#include <string>

namespace decomp {

// One element at `data` as Python would print it: the shortest decimal text that reads back as the same value of that
// dtype
// ("0.1" for float16 0.0999756), "nan", "inf", "-inf", "True", "1+2j".
std::string element_text(at::ScalarType type, const void* data);

}  // namespace decomp
