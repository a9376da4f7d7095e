#pragma once
// What one side of a step answered, command by command, so that another step with the same model on that side need not run it again:
// the source model is the original of a decomposition's first step and of its composition. A job that gets the same commands, weights
// and inputs answers the same; what does not is nondeterministic, which is judged where it runs.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/memfd.h"
#include "tensor/value.h"

namespace decomp {

// A value tree from a job with the tensor file that its tensors lie in.
struct Shipment {
  Json tree;                         // wire form; trees inside share `file`
  std::shared_ptr<MappedFile> file;  // may be null: no tensors
  int fd() const { return memfd ? memfd->get() : -1; }
  std::shared_ptr<UniqueFd> memfd;
};

// What a command was given beside its text: which weights (WeightArena::origin()), or which inputs.
struct Given {
  std::string weights;
  Shipment inputs = {};
};

// The commands went another way than those that were written down: the step has to be judged without them.
struct TranscriptEnded {};

class Transcript {
 public:
  void add(const Json& command, const Given& given, const Json& body, const Shipment& shipment);
  // The answer to the command at `place`, and a step on. Throws TranscriptEnded when another one was written down there.
  std::pair<Json, Shipment> answer(std::size_t& place, const Json& command, const Given& given) const;

  std::uint64_t entropy = 0;  // the draw under which it was written

 private:
  struct Entry {
    Json command;
    Given given;
    Json body;
    Shipment shipment;
  };
  std::vector<Entry> entries_;
  std::uint64_t bytes_ = 0;
  bool too_large_ = false;
};

// The transcripts of one call, by decomposition.
class Transcripts {
 public:
  // The original of this code (checks/custody.h: identity) is to be written down: a composition will ask for it.
  void want(const std::string& decomposition, const std::string& code);
  bool wanted(const std::string& decomposition, const std::string& code);
  void keep(const std::string& decomposition, std::shared_ptr<const Transcript> transcript);
  // Null where no step has ended that wrote one. It is handed out once.
  std::shared_ptr<const Transcript> take(const std::string& decomposition, const std::string& code);
  // Those that nobody asked for.
  void forget();

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> wanted_;
  std::map<std::string, std::shared_ptr<const Transcript>> kept_;
};

}  // namespace decomp
