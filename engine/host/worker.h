#pragma once
// The worker process and its jobs (DESIGN §4). The host talks to a job over the job's own socket; what a job prints, how it
// ends and how long it takes are seen here, and every bad end becomes one typed JobFailure.

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/json.h"
#include "core/limits.h"
#include "host/channel.h"
#include "host/sandbox.h"

namespace decomp {

// Why a job did not answer. `rule` is the id of the finding it becomes (run-timeout, run-crash, ...).
class JobFailure : public std::runtime_error {
 public:
  JobFailure(std::string rule, const std::string& message) : std::runtime_error(message), rule_(std::move(rule)) {}
  const std::string& rule() const { return rule_; }

 private:
  std::string rule_;
};

struct WorkerOptions {
  std::filesystem::path executable;  // the decomp binary that serves `__worker`
  std::string python;                // "" = the one decomp was built with
  bool quiet_stderr = false;         // the worker's own stderr to /dev/null
};

// A worker that was started before the engine was loaded: pid and the host's end of its control socket.
struct SpawnedWorker {
  int pid = -1;
  int socket = -1;
  bool kept = false;  // serves more calls of this process after the one it is given to
  const std::atomic<bool>* stopped = nullptr;  // becomes true: every job of the call ends, and the call throws Error(infrastructure)
};

// Starts `executable __worker` with posix_spawn. Throws Error(infrastructure). Needs no torch. The worker does not outlive
// the thread that called this.
SpawnedWorker spawn_worker(const WorkerOptions& options);

struct JobSpec {
  std::string kind;  // "parse", "model"
  Limits limits;
  SandboxMode sandbox = SandboxMode::automatic;
  int threads = 1;
  std::string device = "cpu";
  const std::atomic<bool>* stopped = nullptr;  // SpawnedWorker::stopped
  std::vector<std::string> readable = {};  // folders that this job may read beside Python and its packages
  bool self_contained = false;             // of Python's packages it may read torch and what torch itself imports, no other
};

class Worker;

// One fork. Destroying it kills it.
class Job {
 public:
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // Sends a command and waits for its reply; the wall clock of `limits` covers each request.
  // Throws JobFailure. A reply {"error": ...} is returned, not thrown: it is the judged code's own exception.
  Message request(const Json& command, const std::vector<int>& fds = {});

  // Also while a request is waiting, from another thread.
  void set_wall_seconds(double seconds) { wall_seconds_ = seconds; }
  const std::string& printed() const { return printed_; }              // first 64 KiB of what the job printed
  const std::string& sandbox_level() const { return sandbox_level_; }  // known after the first request
  bool alive() const { return !ended_; }

 private:
  friend class Worker;
  Job(Worker& worker, int id, const JobSpec& spec, Channel channel, UniqueFd output)
      : worker_(worker), id_(id), limits_(spec.limits), stopped_(spec.stopped), wall_seconds_(spec.limits.wall_seconds), channel_(std::move(channel)), output_(std::move(output)) {}
  void drain_output();
  Message receive(Clock::time_point since);
  [[noreturn]] void fail_ended();

  Worker& worker_;
  int id_;
  Limits limits_;
  const std::atomic<bool>* stopped_;
  std::atomic<double> wall_seconds_;
  Channel channel_;
  UniqueFd output_;
  std::string printed_;
  std::uint64_t printed_bytes_ = 0;
  std::string sandbox_level_;
  bool ended_ = false;
};

class Worker {
 public:
  explicit Worker(SpawnedWorker spawned);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Asks the worker to import torch now, so that the first model job need not wait. Returns at once.
  void warm();
  // Throws Error(infrastructure) when the worker is gone.
  std::unique_ptr<Job> start(const JobSpec& spec);
  // Versions that the worker reported: {"python": "3.11.7", "torch": "2.13.0+cpu"}; waits for the import of torch.
  Json versions();

 private:
  friend class Job;
  struct End {
    int status = 0;  // waitpid status
    double cpu_seconds = 0;
    std::uint64_t max_rss_bytes = 0;
  };
  void listen();
  void kill_job(int id);
  End wait_end(int id);
  [[noreturn]] void throw_gone();

  int pid_;
  Channel control_;
  std::mutex mutex_;  // guards control_ sends and the members below
  std::condition_variable changed_;
  std::map<int, End> ended_;
  Json versions_;
  std::string fatal_;
  bool gone_ = false;
  int next_id_ = 1;
  std::thread listener_;
};

}  // namespace decomp
