#include "tensor/dtype.h"

#include <algorithm>

#include "core/wire.h"
#include "tensor/value.h"

namespace decomp {

const std::vector<DtypeInfo>& wire_dtypes() {
  using at::ScalarType;
  static const std::vector<DtypeInfo> table = {
      {ScalarType::Bool, "bool", DtypeClass::boolean, 1},
      {ScalarType::Byte, "uint8", DtypeClass::integer, 1},
      {ScalarType::UInt16, "uint16", DtypeClass::integer, 2},
      {ScalarType::UInt32, "uint32", DtypeClass::integer, 4},
      {ScalarType::UInt64, "uint64", DtypeClass::integer, 8},
      {ScalarType::Char, "int8", DtypeClass::integer, 1},
      {ScalarType::Short, "int16", DtypeClass::integer, 2},
      {ScalarType::Int, "int32", DtypeClass::integer, 4},
      {ScalarType::Long, "int64", DtypeClass::integer, 8},
      {ScalarType::Half, "float16", DtypeClass::real, 2},
      {ScalarType::BFloat16, "bfloat16", DtypeClass::real, 2},
      {ScalarType::Float, "float32", DtypeClass::real, 4},
      {ScalarType::Double, "float64", DtypeClass::real, 8},
      {ScalarType::Float8_e4m3fn, "float8_e4m3fn", DtypeClass::real, 1},
      {ScalarType::Float8_e4m3fnuz, "float8_e4m3fnuz", DtypeClass::real, 1},
      {ScalarType::Float8_e5m2, "float8_e5m2", DtypeClass::real, 1},
      {ScalarType::Float8_e5m2fnuz, "float8_e5m2fnuz", DtypeClass::real, 1},
      {ScalarType::Float8_e8m0fnu, "float8_e8m0fnu", DtypeClass::real, 1},
      {ScalarType::ComplexHalf, "complex32", DtypeClass::complex, 4},
      {ScalarType::ComplexFloat, "complex64", DtypeClass::complex, 8},
      {ScalarType::ComplexDouble, "complex128", DtypeClass::complex, 16},
  };
  return table;
}

namespace {

[[noreturn]] void refuse_quantized(const std::string& name) {
  throw std::invalid_argument("dtype " + name +
                              " is quantized: its bytes mean nothing without scale and zero point; "
                              "dequantize before returning it");
}

[[noreturn]] void refuse_packed(const std::string& name) {
  throw std::invalid_argument("dtype " + name +
                              " packs several values into a byte, or has no arithmetic; "
                              "view it as uint8 before returning it");
}

bool is_packed_name(const std::string& name) {
  static const std::vector<std::string> names = {"bits8",   "bits16",  "bits1x8",
                                                 "bits2x4", "bits4x2", "float4_e2m1fn_x2"};
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  // int1 ... int7, uint1 ... uint7
  const std::string digits = name.rfind("uint", 0) == 0  ? name.substr(4)
                             : name.rfind("int", 0) == 0 ? name.substr(3)
                                                         : "";
  return digits.size() == 1 && digits[0] >= '1' && digits[0] <= '7';
}

bool is_quantized_name(const std::string& name) { return name.rfind("qint", 0) == 0 || name.rfind("quint", 0) == 0; }

}  // namespace

const DtypeInfo& dtype_info(at::ScalarType type) {
  for (const DtypeInfo& info : wire_dtypes())
    if (info.type == type) return info;
  if (c10::isQIntType(type)) refuse_quantized(c10::toString(type));
  refuse_packed(c10::toString(type));
}

at::ScalarType dtype_from_name(const std::string& name) {
  for (const DtypeInfo& info : wire_dtypes())
    if (name == info.name) return info.type;
  if (is_quantized_name(name)) refuse_quantized(name);
  if (is_packed_name(name)) refuse_packed(name);
  throw std::invalid_argument("\"" + wire::clipped(name) + "\" is no dtype");
}

std::string dtype_name(at::ScalarType type) { return dtype_info(type).name; }

}  // namespace decomp
