#pragma once
// What the fuzzers share. A fuzzer is one function, LLVMFuzzerTestOneInput, that ends the process on what must not be.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace decomp::fuzz {

// Must hold for every input; libFuzzer keeps the input that breaks it.
inline void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what.c_str());
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Inputs are changed as JSON trees, besides bytes: values are exchanged, dropped, doubled, replaced. Named in a fuzzer's
// LLVMFuzzerCustomMutator and LLVMFuzzerCustomCrossOver (DECOMP_FUZZ_JSON).
std::size_t mutate_json(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed);
std::size_t cross_json(std::string_view one, std::string_view two, std::uint8_t* out, std::size_t max_size, unsigned seed);

}  // namespace decomp::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// For fuzzers whose inputs are JSON.
#define DECOMP_FUZZ_JSON                                                                                                       \
  extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {   \
    return decomp::fuzz::mutate_json(data, size, max_size, seed);                                                              \
  }                                                                                                                            \
  extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size, const std::uint8_t* two,      \
                                                   std::size_t two_size, std::uint8_t* out, std::size_t max_size,              \
                                                   unsigned seed) {                                                            \
    return decomp::fuzz::cross_json(decomp::fuzz::text_of(one, one_size), decomp::fuzz::text_of(two, two_size), out, max_size,  \
                                    seed);                                                                                     \
  }
