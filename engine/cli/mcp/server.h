#pragma once
// Standard input and output of `decomp mcp`: lines in, lines out, calls in order, progress, cancellation.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "cli/engine_loader.h"
#include "cli/mcp/protocol.h"

namespace decomp::mcp {

// Reads until its input ends. Tools that run models take turns on one thread, with one worker that is kept warm between them;
// everything else is answered at once.
class Server {
 public:
  // File descriptors; nothing else may write to `output`.
  Server(int input, int output) : input_(input), output_(output) {}
  // Ends what is running when the input ends, and returns the exit code.
  int run();

 private:
  struct Call {
    ToolCall request;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
    double told = 0;  // progress said so far, in seconds
    std::size_t done = 0, total = 0;  // steps
    bool running = false;
    bool cancelled = false;
  };
  using Calls = std::list<Call>;

  void take(std::string_view line);
  void begin(ToolCall call);
  void cancel(const Json& id);
  void work();
  void run_call(Calls::iterator call, std::unique_lock<std::mutex>& lock);
  void tick();
  void tell_progress(Call& call);
  void send(const Json& message);  // needs mutex_

  int input_;
  int output_;
  Protocol protocol_;
  std::mutex mutex_;  // guards all below, and the output
  std::condition_variable changed_;
  Calls calls_;  // in order of arrival; the first may be running
  bool ending_ = false;
  bool broken_ = false;             // nobody reads what is written
  std::atomic<bool> stopped_{false};  // of the call that is running
  SharedEngine engine_;             // of the thread of work()
};

}  // namespace decomp::mcp
