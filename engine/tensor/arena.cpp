#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "core/error.h"
#include "core/wire.h"
#include "tensor/dtype.h"
#include "tensor/fill.h"
#include "tensor/parallel.h"
#include "tensor/weights.h"

namespace decomp {
namespace {

constexpr std::uint64_t alignment = 64;

std::uint64_t aligned(std::uint64_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

[[noreturn]] void broken(const std::string& what) {
  throw Error(ErrorKind::infrastructure, what + ": " + std::strerror(errno));
}

// Where an entry's elements lie in its own storage, in bytes.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

Range storage_range(const TensorEntry& entry) {
  const std::uint64_t bytes = dtype_info(entry.dtype).bytes;
  const std::int64_t extent =
      entry.strides.empty() ? wire::contiguous_bytes(entry.shape, 1) : wire::strided_extent(entry.shape, entry.strides);
  const std::uint64_t begin = static_cast<std::uint64_t>(entry.storage_offset) * bytes;
  return {begin, begin + static_cast<std::uint64_t>(extent) * bytes};
}

// One storage of the original: the part of it that its tensors reach, and where that begins in the arena.
struct Block {
  std::vector<std::size_t> entries;
  Range range;
  std::uint64_t offset = 0;
};

struct Layout {
  std::vector<Block> blocks;
  std::uint64_t bytes = 0;
};

Layout lay_out(const std::vector<TensorEntry>& tensors) {
  Layout layout;
  std::unordered_map<std::int64_t, std::size_t> by_storage;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Range range = storage_range(tensors[i]);
    const bool empty = range.begin == range.end;
    range.begin = range.begin / alignment * alignment;  // so that each tensor's own alignment is kept
    // Empty tensors share no memory, whatever their storage is called.
    const auto [found, inserted] =
        empty ? std::pair(by_storage.end(), true) : by_storage.emplace(tensors[i].storage, layout.blocks.size());
    if (inserted) layout.blocks.push_back({{}, range, 0});
    Block& block = inserted ? layout.blocks.back() : layout.blocks[found->second];
    block.entries.push_back(i);
    block.range.begin = std::min(block.range.begin, range.begin);
    block.range.end = std::max(block.range.end, range.end);
  }
  for (Block& block : layout.blocks) {
    block.offset = layout.bytes;
    // Each range was checked; their sum may still not be addressable.
    if (__builtin_add_overflow(layout.bytes, aligned(block.range.end - block.range.begin), &layout.bytes))
      throw std::invalid_argument("the weights have more bytes than can be addressed");
  }
  layout.bytes = std::max(layout.bytes, alignment);
  return layout;
}

void check_memory(std::uint64_t bytes) {
  const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
  const std::uint64_t machine = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (bytes > machine / 4 * 3)
    throw Error(ErrorKind::infrastructure, "the weights need " + std::to_string(bytes >> 20) +
                                               " MiB, more than three quarters of this " + "machine's " +
                                               std::to_string(machine >> 20) + " MiB: use a machine with more memory");
}

// A memory file of fixed size.
class SizedFile {
 public:
  explicit SizedFile(std::uint64_t bytes) : fd_(::memfd_create("decomp-weights", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
    if (fd_ < 0) broken("cannot create a memory file for weights");
    if (::ftruncate(fd_, static_cast<off_t>(bytes)) == 0 && ::fcntl(fd_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0)
      return;
    const int error = errno;
    ::close(fd_);
    errno = error;
    broken("cannot size a memory file for weights to " + std::to_string(bytes) + " bytes");
  }
  SizedFile(const SizedFile&) = delete;
  SizedFile& operator=(const SizedFile&) = delete;
  ~SizedFile() {
    if (fd_ >= 0) ::close(fd_);
  }

  int fd() const { return fd_; }

  // Forbids every further write and hands over the descriptor.
  int finish() {
    if (::fcntl(fd_, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL) != 0) broken("cannot seal the weights");
    return std::exchange(fd_, -1);
  }

 private:
  int fd_;
};

// Tasks for one storage. Parameters come first, larger tensors before the views inside them, and what lies inside a
// tensor that is filled already is left alone: tied names and views get the values of what they are part of. Tensors
// that overlap without that are written one after the other, in that order.
void add_block_tasks(const std::vector<TensorEntry>& tensors, const Block& block, std::uint64_t seed,
                     bool as_constructed, std::vector<FillTask>& tasks) {
  std::vector<std::size_t> order = block.entries;
  const auto rank = [&](std::size_t i) {
    const Range range = storage_range(tensors[i]);
    return std::pair(tensors[i].kind != TensorEntry::Kind::parameter, ~(range.end - range.begin));
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  std::vector<Range> filled;
  std::vector<FillTask> own;
  bool overlap = false;
  for (const std::size_t i : order) {
    const Range range = storage_range(tensors[i]);
    const bool inside = std::any_of(filled.begin(), filled.end(),
                                    [&](const Range& f) { return f.begin <= range.begin && range.end <= f.end; });
    if (inside) continue;
    overlap = overlap || std::any_of(filled.begin(), filled.end(),
                                     [&](const Range& f) { return f.begin < range.end && range.begin < f.end; });
    filled.push_back(range);
    const auto elements = static_cast<std::int64_t>((range.end - range.begin) / dtype_info(tensors[i].dtype).bytes);
    add_fill_tasks(tensors[i], block.offset + (range.begin - block.range.begin), elements, seed, as_constructed, own);
  }
  if (overlap) {
    own = {{block.range.end - block.range.begin, [inner = std::move(own)](const FillTarget& to) {
              for (const FillTask& task : inner) task.run(to);
            }}};
  }
  tasks.insert(tasks.end(), own.begin(), own.end());
}

void run(std::vector<FillTask>& tasks, const FillTarget& target, std::uint64_t bytes) {
  // Large ones first, so that no thread is left alone with one at the end.
  std::stable_sort(tasks.begin(), tasks.end(), [](const FillTask& a, const FillTask& b) { return a.bytes > b.bytes; });
  parallel_tasks(tasks.size(), thread_count(bytes), [&](std::size_t i) { tasks[i].run(target); });
}

Json entry_json(const TensorEntry& entry, std::uint64_t offset, const std::vector<std::int64_t>& strides) {
  Json node = {{"key", entry.key}, {"offset", offset}, {"dtype", dtype_name(entry.dtype)}, {"shape", entry.shape}};
  if (!strides.empty()) node["strides"] = strides;
  return node;
}

}  // namespace

WeightArena WeightArena::fill(const ModelDescription& original, std::uint64_t seed, bool as_constructed) {
  const Layout layout = lay_out(original.tensors);
  check_memory(layout.bytes);
  SizedFile file(layout.bytes);
  std::vector<FillTask> tasks;
  WeightArena arena;
  for (const Block& block : layout.blocks) {
    for (const std::size_t i : block.entries) {
      const TensorEntry& entry = original.tensors[i];
      arena.places_[entry.key] = {block.offset + (storage_range(entry).begin - block.range.begin), entry.strides};
    }
    add_block_tasks(original.tensors, block, seed, as_constructed, tasks);
  }
  run(tasks, FillTarget(file.fd()), layout.bytes);
  arena.bytes_ = layout.bytes;
  arena.fd_ = file.finish();
  arena.origin_ = std::to_string(seed) + (as_constructed ? " as constructed" : "");
  return arena;
}

WeightArena WeightArena::hollow(const WeightArena& like) {
  SizedFile file(like.bytes_);
  WeightArena arena;
  arena.bytes_ = like.bytes_;
  arena.origin_ = "hollow";
  arena.places_ = like.places_;
  arena.fd_ = file.finish();
  return arena;
}

WeightArena::WeightArena(WeightArena&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), bytes_(std::exchange(other.bytes_, 0)), origin_(std::move(other.origin_)), places_(std::move(other.places_)) {}

WeightArena& WeightArena::operator=(WeightArena&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(bytes_, other.bytes_);
  std::swap(origin_, other.origin_);
  std::swap(places_, other.places_);
  return *this;
}

WeightArena::~WeightArena() {
  if (fd_ >= 0) ::close(fd_);
}

std::uint64_t WeightArena::offset(const std::string& original_key) const { return places_.at(original_key).offset; }

Json WeightArena::entries_for_original(const ModelDescription& original) const {
  Json entries = Json::array();
  for (const TensorEntry& entry : original.tensors) {
    const Place& place = places_.at(entry.key);
    entries.push_back(entry_json(entry, place.offset, place.strides));
  }
  return entries;
}

Json WeightArena::entries_for_refactored(const ModelDescription& refactored, const WeightMap& map) const {
  Json entries = Json::array();
  for (const TensorEntry& entry : refactored.tensors) {
    const auto found = map.by_refactored.find(entry.key);
    if (found == map.by_refactored.end()) continue;
    const MapTarget& target = found->second;
    const Place& place = places_.at(target.original);
    std::uint64_t offset = place.offset;
    if (target.row_begin > 0) {
      std::int64_t row = 1;  // elements from one row to the next
      for (std::size_t d = 1; d < entry.shape.size(); ++d) row *= entry.shape[d];
      if (!place.strides.empty()) row = place.strides[0];
      offset += static_cast<std::uint64_t>(target.row_begin * row) * dtype_info(entry.dtype).bytes;
    }
    entries.push_back(entry_json(entry, offset, place.strides));
  }
  return entries;
}

}  // namespace decomp
