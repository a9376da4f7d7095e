#pragma once
// Random numbers for weights: fast, the same on every machine, a stream of its own per tensor.

#include <cstdint>
#include <string_view>

namespace decomp {

// SplitMix64 (Steele, Lea, Flood 2014): the n-th number is a function of seed and n only.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed) : state_(seed) {}
  // Independent streams for different seeds, names or parts.
  RandomStream(std::uint64_t seed, std::string_view name, std::uint64_t part = 0);

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // In [0, bound), bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
  }
  // In [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

// Standard normal numbers from 32 random bits each, by linear interpolation in a table of 4096 quantiles: four times as
// fast as Box-Muller, and bounded: |x| <= largest_normal.
inline constexpr double largest_normal = 3.9;
const float* normal_quantiles();  // 4097 of them
inline float normal_from_bits(const float* quantiles, std::uint32_t bits) {
  const std::uint32_t cell = bits >> 20;
  const float fraction = static_cast<float>(bits & 0xFFFFFu) * 0x1p-20f;
  return quantiles[cell] + fraction * (quantiles[cell + 1] - quantiles[cell]);
}

}  // namespace decomp
