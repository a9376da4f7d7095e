#pragma once
// What all steps of one call share: the worker, the options, and the parsed files.

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/facts.h"
#include "core/source.h"
#include "decomp/decomp.h"
#include "host/cache.h"
#include "host/worker.h"
#include "pipeline/transcript.h"

namespace decomp {

// The worker, and the fork of it that parses. Outlives its session where the worker is kept (SpawnedWorker::kept).
struct Workshop {
  explicit Workshop(SpawnedWorker spawned) : worker(spawned) {}
  Worker worker;
  std::unique_ptr<Job> parser;
  int sessions = 0;     // that this parser served
  std::string sandbox;  // of the parser
};

// Bytes that one run of a model needs, from shapes (pipeline/step_memory.h).
struct MemoryEstimate {
  std::uint64_t weights = 0, inputs = 0, activations = 0;
  std::uint64_t total() const { return weights + inputs + activations; }
};

// Those that were made, by the model's code; nothing for what cannot be estimated.
struct Estimates {
  std::mutex mutex;
  std::map<std::string, std::optional<MemoryEstimate>> known;
};

class Session {
 public:
  // `options` must have passed validate(). Throws Error(infrastructure) when the worker cannot start.
  Session(const CheckOptions& options, SpawnedWorker spawned);

  Worker& worker() { return workshop_->worker; }
  const CheckOptions& options() const { return options_; }
  const Limits& limits() const { return limits_; }
  int steps_at_once() const { return steps_at_once_; }
  JobSpec model_job() const;
  Transcripts& transcripts() { return transcripts_; }
  Estimates& estimates() { return estimates_; }
  // Of decomp, torch and Python; the last two are absent when the worker is gone.
  std::map<std::string, std::string> versions();

  // What earlier calls found; null where nothing is kept.
  const ContentCache* cache() const { return cache_ ? &*cache_ : nullptr; }
  // Digest of decomp, torch, Python and processor: what else a verdict rests on. Waits for the import of torch.
  const std::string& machine();
  // Of torch and of Python's library; "" when the worker is gone.
  std::pair<std::string, std::string> python_folders();

  // The facts of a file; the same bytes are parsed once. A parser that dies or overruns is a finding of that file:
  // throws JobFailure.
  std::shared_ptr<const Facts> parse(const Source& source);
  // What parse() returned for these bytes; null when it never saw them.
  std::shared_ptr<const Facts> parsed(const std::string& sha256);

  // The source model of the decomposition in `root`: as the user named it, or the wrapper that phase 0 was shown to have made of it
  // (preparation.h); "" where neither is known.
  std::filesystem::path named_source(const std::filesystem::path& root) const {
    const auto prepared = prepared_.find(root);
    return options_.source.empty() && prepared != prepared_.end() ? prepared->second : std::filesystem::path(options_.source);
  }
  void prepare_source(const std::filesystem::path& root, const std::filesystem::path& wrapper) { prepared_[root] = wrapper; }

  // Code that was shown to be one component in two ways of writing (equal_inputs.h): what stands for an identity, itself for most.
  void equate(const std::string& identity, const std::string& stands_for_it) { same_component_[identity] = stands_for_it; }
  std::string component_identity(const std::string& identity) const {
    const auto found = same_component_.find(identity);
    return found == same_component_.end() ? identity : found->second;
  }

 private:
  JobSpec job(const std::string& kind) const;

  CheckOptions options_;
  Limits limits_;
  int cores_;
  int steps_at_once_;
  const std::atomic<bool>* stopped_;
  std::shared_ptr<Workshop> workshop_;
  std::optional<ContentCache> cache_;
  std::once_flag machine_known_;
  Transcripts transcripts_;
  Estimates estimates_;
  std::string machine_;
  std::map<std::string, std::string> same_component_;
  std::map<std::filesystem::path, std::filesystem::path> prepared_;
  std::mutex parse_mutex_;  // guards the parser too: a kept worker serves one session at a time
  std::map<std::string, std::shared_ptr<const Facts>> parsed_;  // by digest
};

}  // namespace decomp
