#include "tensor/element_text.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "tensor/dtype.h"

namespace decomp {
namespace {

template <typename T>
std::string shortest(T value) {
  char text[64];
  const char* end = std::to_chars(text, text + sizeof text, value).ptr;
  return {static_cast<const char*>(text), end};
}

template <typename T>
std::string component_text(T value) {
  if constexpr (std::is_same_v<T, BoolByte>) {
    return value.value() ? "True" : "False";
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else {
    const double number = to_double(value);
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
    if constexpr (std::is_arithmetic_v<T>) {
      return shortest(value);
    } else {
      if (number == std::trunc(number) && std::fabs(number) < 1e6) return shortest(number);
      // Narrow floats have at most 5 significant digits; 9 always suffice.
      for (int digits = 1;; ++digits) {
        char text[64];
        const char* end = std::to_chars(text, text + sizeof text, number, std::chars_format::general, digits).ptr;
        double back = 0.0;
        std::from_chars(text, end, back);
        if (digits == 9 || to_double(from_double<T>(back)) == number) return shortest(back);
      }
    }
  }
}

}  // namespace

std::string element_text(at::ScalarType type, const void* data) {
  return visit_components(type, [data]<typename T>(std::type_identity<T>, int components) {
    T parts[2] = {};
    std::memcpy(parts, data, sizeof(T) * static_cast<std::size_t>(components));
    std::string text = component_text(parts[0]);
    if (components == 2) {
      const std::string imaginary = component_text(parts[1]);
      text += (imaginary[0] == '-' ? "" : "+") + imaginary + "j";
    }
    return text;
  });
}

}  // namespace decomp
