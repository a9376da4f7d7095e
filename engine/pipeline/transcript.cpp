#include "pipeline/transcript.h"

#include <cstring>

namespace decomp {
namespace {

// Of all tensors that a transcript may hold on to.
constexpr std::uint64_t most_bytes = 256u << 20;

bool same_bytes(const Shipment& a, const Shipment& b) {
  if (a.memfd == b.memfd) return true;
  if (!a.file || !b.file || a.file->size() != b.file->size()) return false;
  return std::memcmp(a.file->data(), b.file->data(), a.file->size()) == 0;
}

}  // namespace

void Transcript::add(const Json& command, const Given& given, const Json& body, const Shipment& shipment) {
  for (const Shipment* s : {&given.inputs, &shipment})
    if (s->file) bytes_ += s->file->size();
  too_large_ = too_large_ || bytes_ > most_bytes;
  if (too_large_)
    entries_.clear();
  else
    entries_.push_back({command, given, body, shipment});
}

std::pair<Json, Shipment> Transcript::answer(std::size_t& place, const Json& command, const Given& given) const {
  if (place >= entries_.size()) throw TranscriptEnded{};
  const Entry& entry = entries_[place];
  if (entry.command != command || entry.given.weights != given.weights || !same_bytes(entry.given.inputs, given.inputs)) throw TranscriptEnded{};
  ++place;
  return {entry.body, entry.shipment};
}

void Transcripts::want(const std::string& decomposition, const std::string& code) {
  std::lock_guard lock(mutex_);
  if (!code.empty()) wanted_[decomposition] = code;
}

bool Transcripts::wanted(const std::string& decomposition, const std::string& code) {
  std::lock_guard lock(mutex_);
  const auto found = wanted_.find(decomposition);
  return found != wanted_.end() && found->second == code;
}

void Transcripts::keep(const std::string& decomposition, std::shared_ptr<const Transcript> transcript) {
  std::lock_guard lock(mutex_);
  kept_[decomposition] = std::move(transcript);
}

void Transcripts::forget() {
  std::lock_guard lock(mutex_);
  wanted_.clear();
  kept_.clear();
}

std::shared_ptr<const Transcript> Transcripts::take(const std::string& decomposition, const std::string& code) {
  std::lock_guard lock(mutex_);
  const auto found = wanted_.find(decomposition);
  if (found == wanted_.end() || found->second != code) return nullptr;
  const auto node = kept_.extract(decomposition);
  return node.empty() ? nullptr : node.mapped();
}

}  // namespace decomp
