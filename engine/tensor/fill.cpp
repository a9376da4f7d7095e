#include "tensor/fill.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "core/error.h"
#include "tensor/dtype.h"
#include "tensor/random_values.h"

namespace decomp {
namespace {

// Up to this many elements of a tensor are drawn one by one; what is longer repeats them, at the speed of memcpy.
// Prime, so that rows of any length but a multiple of it start at different places of the block: the first `block` rows
// all differ.
constexpr std::int64_t block = 1'048'573;
constexpr std::int64_t other_block = 1'048'571;  // prime too, for rows that are a multiple of `block` long

struct Distribution {
  enum class Shape { normal, uniform } shape = Shape::normal;
  double center = 0.0;
  double spread = 1.0;  // standard deviation; half width when uniform
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string last_part(const std::string& text) {
  const std::size_t dot = text.rfind('.');
  return dot == std::string::npos ? text : text.substr(dot + 1);
}

bool is_bias(const std::string& role) { return role.find("bias") != std::string::npos || role.rfind("b_", 0) == 0; }

// How many products one output sums. Linear [out, in], Conv [out, in/groups, k...]. ConvTranspose [in, out/groups,
// k...] and Embedding [rows, width] get the number of their own layout: the right order of magnitude, and an embedding
// is often tied to an output projection of exactly that layout.
double fan_in(const TensorEntry& entry, const std::string& owner) {
  if (entry.shape.size() < 2) return 25.0;  // a vector that is no bias, such as a gate: like one
  // Three dimensions outside a convolution are positions [1, n, width] or stacked matrices [n, in, out].
  if (entry.shape.size() == 3 && owner.find("Conv") == std::string::npos)
    return static_cast<double>(std::max({entry.shape[1], entry.shape[2], std::int64_t{1}}));
  double product = 1.0;
  for (std::size_t i = 1; i < entry.shape.size(); ++i)
    product *= static_cast<double>(std::max<std::int64_t>(entry.shape[i], 1));
  return product;
}

Distribution parameter_distribution(const TensorEntry& entry) {
  const std::string role = last_part(entry.key);
  const std::string owner = last_part(entry.owner);
  const bool norm = owner.find("Norm") != std::string::npos && entry.shape.size() <= 1;
  Distribution d;
  if (entry.constant && *entry.constant != 0.0) {
    // A scale: around where its author put it and of the same sign (largest_normal * 0.2 < 1), so a temperature stays
    // positive. At least 0.1, or a layer scale of 1e-6 would hide its whole branch below the tolerance.
    d.center = std::copysign(std::max(std::fabs(*entry.constant), 0.1), *entry.constant);
    d.spread = 0.2 * std::fabs(d.center);
  } else if (is_bias(role) || (norm && entry.constant)) {
    d.spread = 0.2;
  } else if (norm) {
    d.center = 1.0;
    d.spread = 0.2;
  } else {
    d.spread = 1.0 / std::sqrt(fan_in(entry, owner));
  }
  return d;
}

template <typename T>
void draw(T* to, std::int64_t count, Distribution d, RandomStream stream) {
  const float* quantiles = normal_quantiles();
  const auto store = [&](std::int64_t i, std::uint32_t bits) {
    if (d.shape == Distribution::Shape::uniform)
      to[i] = from_double<T>(d.center + d.spread * (static_cast<double>(bits) * 0x1p-31 - 1.0));
    else if constexpr (std::is_same_v<T, double>)
      to[i] = d.center + d.spread * static_cast<double>(normal_from_bits(quantiles, bits));
    else
      to[i] = T(static_cast<float>(d.center) + static_cast<float>(d.spread) * normal_from_bits(quantiles, bits));
  };
  std::int64_t i = 0;
  for (; i + 2 <= count; i += 2) {
    const std::uint64_t bits = stream.next();
    store(i, static_cast<std::uint32_t>(bits));
    store(i + 1, static_cast<std::uint32_t>(bits >> 32));
  }
  if (i < count) store(i, static_cast<std::uint32_t>(stream.next()));
}

// Draws `elements` values of a floating dtype, the first block by chance and the rest as its repetition.
void add_random(const TensorEntry& entry, std::uint64_t offset, std::int64_t elements, Distribution d,
                std::uint64_t seed, std::vector<FillTask>& tasks) {
  const DtypeInfo& dtype = dtype_info(entry.dtype);
  if (dtype.kind == DtypeClass::complex) d.spread /= std::sqrt(2.0);  // of each part
  // More rows than the block is long would repeat them: every so many rows there is a new block.
  const std::int64_t rows = entry.shape.empty() || entry.shape[0] == 0 ? 1 : entry.shape[0];
  const std::int64_t row = std::max<std::int64_t>(elements / rows, 1);
  const std::int64_t length = row % block == 0 ? other_block : block;
  const std::int64_t section = rows > length ? row * length : elements;
  std::uint64_t part = 0;
  for (std::int64_t begin = 0; begin < elements; begin += section, ++part) {
    const std::int64_t count = std::min(section, elements - begin);
    const std::int64_t drawn = std::min(count, length);
    const RandomStream stream(seed, entry.key, part);
    // A task draws the block again rather than wait for another one: 16 repetitions cost far more than one draw.
    const std::int64_t task_length = 16 * drawn;
    for (std::int64_t first = 0; first < count; first += task_length) {
      const std::int64_t here = std::min(task_length, count - first);
      const std::uint64_t start = offset + static_cast<std::uint64_t>(begin + first) * dtype.bytes;
      tasks.push_back({static_cast<std::uint64_t>(here) * dtype.bytes,
                       [type = entry.dtype, start, here, drawn, d, stream](const FillTarget& to) {
                         visit_components(type, [&]<typename T>(std::type_identity<T>, int components) {
                           if constexpr (is_float_component<T>) {
                             std::vector<T> values(static_cast<std::size_t>(drawn * components));
                             draw(values.data(), drawn * components, d, stream);
                             const std::uint64_t period = values.size() * sizeof(T);
                             const std::uint64_t bytes = static_cast<std::uint64_t>(here * components) * sizeof(T);
                             for (std::uint64_t done = 0; done < bytes; done += period)
                               to.write(start + done, values.data(), std::min(period, bytes - done));
                           }
                         });
                       }});
    }
  }
}

// Elements of `Size` bytes in another order than in `before`, which they equal now, unless all elements are equal.
template <std::size_t Size>
void shuffle(std::byte* data, const std::byte* before, std::int64_t count, RandomStream stream) {
  struct Element {
    std::byte bytes[Size];
  };
  auto* elements = reinterpret_cast<Element*>(data);
  for (std::int64_t i = count - 1; i > 0; --i)
    std::swap(elements[i], elements[stream.below(static_cast<std::uint64_t>(i) + 1)]);
  if (std::memcmp(before, data, static_cast<std::size_t>(count) * Size) == 0)
    std::rotate(elements, elements + 1, elements + count);
}

void permute(std::byte* data, const std::byte* before, std::int64_t count, std::size_t element_bytes,
             RandomStream stream) {
  if (count < 2) return;
  switch (element_bytes) {
    case 1:
      return shuffle<1>(data, before, count, stream);
    case 2:
      return shuffle<2>(data, before, count, stream);
    case 4:
      return shuffle<4>(data, before, count, stream);
    case 8:
      return shuffle<8>(data, before, count, stream);
    default:
      return shuffle<16>(data, before, count, stream);
  }
}

// Writes contiguous `from` where strided elements lie. Elements that share memory were constructed equal.
void scatter(const std::byte* from, std::byte* to, const TensorEntry& entry, std::size_t element_bytes) {
  std::vector<std::int64_t> index(entry.shape.size(), 0);
  std::int64_t at = 0;
  for (const std::byte* end = from + entry.value.nbytes(); from != end; from += element_bytes) {
    std::memcpy(to + at * static_cast<std::int64_t>(element_bytes), from, element_bytes);
    for (std::size_t d = index.size(); d-- > 0;) {
      at += entry.strides[d];
      if (++index[d] < entry.shape[d]) break;
      at -= entry.strides[d] * entry.shape[d];
      index[d] = 0;
    }
  }
}

// True if no two elements share memory, by the usual sufficient test: sorted by stride, each steps over the one before.
bool elements_are_apart(const TensorEntry& entry) {
  std::vector<std::pair<std::int64_t, std::int64_t>> dimensions;  // stride, size
  for (std::size_t d = 0; d < entry.strides.size(); ++d)
    if (entry.shape[d] > 1) dimensions.emplace_back(entry.strides[d], entry.shape[d]);
  std::sort(dimensions.begin(), dimensions.end());
  std::int64_t reach = 0;
  for (const auto& [stride, size] : dimensions) {
    if (stride <= reach) return false;
    reach += stride * (size - 1);
  }
  return true;
}

void add_constructed(const TensorEntry& entry, std::uint64_t offset, std::int64_t elements, bool permuted,
                     std::uint64_t seed, std::vector<FillTask>& tasks) {
  const std::size_t element_bytes = dtype_info(entry.dtype).bytes;
  const auto bytes = static_cast<std::uint64_t>(entry.value.nbytes());
  const std::uint64_t reach = static_cast<std::uint64_t>(elements) * element_bytes;
  tasks.push_back({reach, [&entry, offset, permuted, seed, element_bytes, bytes, reach](const FillTarget& to) {
                     const auto* from = static_cast<const std::byte*>(entry.value.const_data_ptr());
                     if (entry.strides.empty() && !permuted) return to.write(offset, from, bytes);
                     std::vector<std::byte> values(from, from + bytes);
                     if (permuted && (entry.strides.empty() || elements_are_apart(entry)))
                       permute(values.data(), from, entry.value.numel(), element_bytes, RandomStream(seed, entry.key));
                     if (entry.strides.empty()) return to.write(offset, values.data(), bytes);
                     // What lies between the elements may be another tensor's.
                     std::vector<std::byte> image(reach);
                     to.read(offset, image.data(), reach);
                     scatter(values.data(), image.data(), entry, element_bytes);
                     to.write(offset, image.data(), reach);
                   }});
}

template <typename T>
std::vector<T> constant_elements(std::int64_t count, double constant) {
  T value{};
  if constexpr (std::is_same_v<T, BoolByte>)
    value.byte = constant != 0.0;
  else if constexpr (std::is_integral_v<T>)
    value = static_cast<T>(static_cast<std::int64_t>(constant));
  return std::vector<T>(static_cast<std::size_t>(count), value);
}

}  // namespace

void FillTarget::write(std::uint64_t offset, const void* data, std::uint64_t bytes) const {
  const auto* from = static_cast<const std::byte*>(data);
  while (bytes > 0) {
    const ssize_t done = ::pwrite(fd_, from, bytes, static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0)
      throw Error(ErrorKind::infrastructure, std::string("cannot write the weights: ") + std::strerror(errno));
    from += done;
    offset += static_cast<std::uint64_t>(done);
    bytes -= static_cast<std::uint64_t>(done);
  }
}

void FillTarget::read(std::uint64_t offset, void* data, std::uint64_t bytes) const {
  auto* to = static_cast<std::byte*>(data);
  while (bytes > 0) {
    const ssize_t done = ::pread(fd_, to, bytes, static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0)
      throw Error(ErrorKind::infrastructure, std::string("cannot read the weights back: ") + std::strerror(errno));
    to += done;
    offset += static_cast<std::uint64_t>(done);
    bytes -= static_cast<std::uint64_t>(done);
  }
}

void add_fill_tasks(const TensorEntry& entry, std::uint64_t offset, std::int64_t elements, std::uint64_t seed,
                    bool as_constructed, std::vector<FillTask>& tasks) {
  if (elements == 0) return;
  const DtypeInfo& dtype = dtype_info(entry.dtype);
  const bool floating = is_floating(dtype.kind);
  if (entry.kind == TensorEntry::Kind::parameter && floating)
    return add_random(entry, offset, elements, parameter_distribution(entry), seed, tasks);
  if (!entry.value.defined()) {  // an integer parameter that holds one value throughout
    tasks.push_back(
        {static_cast<std::uint64_t>(elements) * dtype.bytes, [&entry, offset, elements](const FillTarget& to) {
           visit_components(entry.dtype, [&]<typename T>(std::type_identity<T>, int) {
             const std::vector<T> values = constant_elements<T>(elements, *entry.constant);
             to.write(offset, values.data(), values.size() * sizeof(T));
           });
         }});
    return;
  }
  if (floating && !as_constructed) {
    const std::string role = last_part(entry.key);
    if (ends_with(role, "running_var"))
      return add_random(entry, offset, elements, {Distribution::Shape::uniform, 1.0, 0.5}, seed, tasks);
    if (ends_with(role, "running_mean"))
      return add_random(entry, offset, elements, {Distribution::Shape::normal, 0.0, 0.2}, seed, tasks);
  }
  add_constructed(entry, offset, elements, floating && !as_constructed, seed, tasks);
}

}  // namespace decomp
