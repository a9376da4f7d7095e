#pragma once
// The dtypes of the wire form: one table, and the switch from a run-time dtype to its C++ element type.

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace decomp {

enum class DtypeClass { boolean, integer, real, complex };

struct DtypeInfo {
  at::ScalarType type;
  const char* name;  // as Python prints it, without "torch."
  DtypeClass kind;
  std::size_t bytes;  // of one element
};

// Every dtype that a tensor may have on the wire.
const std::vector<DtypeInfo>& wire_dtypes();

// Throws std::invalid_argument for a dtype that is not on the wire (quantized, packed, bits).
const DtypeInfo& dtype_info(at::ScalarType type);

inline bool is_floating(DtypeClass kind) { return kind == DtypeClass::real || kind == DtypeClass::complex; }

// A bool as it lies in memory: a view of bytes as torch.bool can hold any value, and reading that as C++ bool is
// undefined.
struct BoolByte {
  std::uint8_t byte;
  bool value() const { return byte != 0; }
};

// Calls f(std::type_identity<Component>{}, components): the C++ type of one real component and how many make an element
// (2 for complex). Bool comes as BoolByte.
template <typename F>
decltype(auto) visit_components(at::ScalarType type, F&& f) {
  using at::ScalarType;
  switch (type) {
    case ScalarType::Bool:
      return f(std::type_identity<BoolByte>{}, 1);
    case ScalarType::Byte:
      return f(std::type_identity<std::uint8_t>{}, 1);
    case ScalarType::Char:
      return f(std::type_identity<std::int8_t>{}, 1);
    case ScalarType::Short:
      return f(std::type_identity<std::int16_t>{}, 1);
    case ScalarType::UInt16:
      return f(std::type_identity<std::uint16_t>{}, 1);
    case ScalarType::Int:
      return f(std::type_identity<std::int32_t>{}, 1);
    case ScalarType::UInt32:
      return f(std::type_identity<std::uint32_t>{}, 1);
    case ScalarType::Long:
      return f(std::type_identity<std::int64_t>{}, 1);
    case ScalarType::UInt64:
      return f(std::type_identity<std::uint64_t>{}, 1);
    case ScalarType::Half:
      return f(std::type_identity<c10::Half>{}, 1);
    case ScalarType::BFloat16:
      return f(std::type_identity<c10::BFloat16>{}, 1);
    case ScalarType::Float:
      return f(std::type_identity<float>{}, 1);
    case ScalarType::Double:
      return f(std::type_identity<double>{}, 1);
    case ScalarType::Float8_e4m3fn:
      return f(std::type_identity<c10::Float8_e4m3fn>{}, 1);
    case ScalarType::Float8_e4m3fnuz:
      return f(std::type_identity<c10::Float8_e4m3fnuz>{}, 1);
    case ScalarType::Float8_e5m2:
      return f(std::type_identity<c10::Float8_e5m2>{}, 1);
    case ScalarType::Float8_e5m2fnuz:
      return f(std::type_identity<c10::Float8_e5m2fnuz>{}, 1);
    case ScalarType::Float8_e8m0fnu:
      return f(std::type_identity<c10::Float8_e8m0fnu>{}, 1);
    case ScalarType::ComplexHalf:
      return f(std::type_identity<c10::Half>{}, 2);
    case ScalarType::ComplexFloat:
      return f(std::type_identity<float>{}, 2);
    case ScalarType::ComplexDouble:
      return f(std::type_identity<double>{}, 2);
    default:
      throw std::invalid_argument(std::string("dtype ") + c10::toString(type) + " has no element type here");
  }
}

template <typename T>
inline constexpr bool is_float_component = !std::is_integral_v<T> && !std::is_same_v<T, BoolByte>;

// A component as float64; exact for every floating component type.
template <typename T>
double to_double(T value) {
  if constexpr (std::is_same_v<T, BoolByte>)
    return value.value() ? 1.0 : 0.0;
  else if constexpr (std::is_arithmetic_v<T>)
    return static_cast<double>(value);
  else
    return static_cast<double>(static_cast<float>(value));
}

// Rounds to a floating component type.
template <typename T>
T from_double(double value) {
  if constexpr (std::is_arithmetic_v<T>)
    return static_cast<T>(value);
  else
    return T(static_cast<float>(value));
}

}  // namespace decomp
