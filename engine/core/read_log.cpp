#include "core/read_log.h"

#include <mutex>
#include <set>

namespace fs = std::filesystem;

namespace decomp {
namespace {

struct Notes {
  std::map<std::string, std::string> reads;
  bool consistent = true;
};

std::mutex mutex;  // guards what follows
std::map<const ReadLog*, Notes>& logs() {
  static auto& all = *new std::map<const ReadLog*, Notes>;  // threads may still read when the process ends
  return all;
}

}  // namespace

ReadLog::ReadLog() {
  std::lock_guard lock(mutex);
  logs()[this];
}

ReadLog::~ReadLog() {
  std::lock_guard lock(mutex);
  logs().erase(this);
}

std::map<std::string, std::string> ReadLog::reads(bool& consistent) const {
  std::lock_guard lock(mutex);
  const Notes& notes = logs()[this];
  consistent = notes.consistent;
  return notes.reads;
}

void ReadLog::note(const fs::path& file, const std::string& sha256) {
  std::lock_guard lock(mutex);
  if (logs().empty()) return;
  std::error_code ignored;
  const std::string path = fs::weakly_canonical(file, ignored).string();
  for (auto& [log, notes] : logs()) {
    const auto [at, fresh] = notes.reads.emplace(path, sha256);
    if (!fresh && at->second != sha256) notes.consistent = false;
  }
}

}  // namespace decomp
