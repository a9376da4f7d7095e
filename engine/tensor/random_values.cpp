#include "tensor/random_values.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace decomp {
namespace {

constexpr std::size_t cells = 4096;

std::array<float, cells + 1> make_quantiles() {
  const auto cdf = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  const auto pdf = [](double x) { return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::acos(-1.0)); };
  std::array<float, cells + 1> table{};
  // From the middle outwards, Newton's method from the neighbour; the outermost cells end at a finite quantile.
  double x = 0.0;
  for (std::size_t i = cells / 2; i <= cells; ++i) {
    const double p = i == cells ? 1.0 - 0.25 / cells : static_cast<double>(i) / cells;
    for (int step = 0; step < 8; ++step) x -= (cdf(x) - p) / pdf(x);
    table[i] = static_cast<float>(x);
    table[cells - i] = static_cast<float>(-x);
  }
  return table;
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name, std::uint64_t part) : state_(0) {
  // FNV-1a of the name, then mixed with seed and part by the generator itself.
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  state_ = RandomStream(seed).next() ^ hash;
  state_ = next() + part;
  state_ = next();
}

const float* normal_quantiles() {
  static const std::array<float, cells + 1> table = make_quantiles();
  return table.data();
}

}  // namespace decomp
