#include "host/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace decomp {
namespace {

constexpr int worker_fd = 3;  // where the worker finds its control socket
constexpr double start_seconds = 300;  // for the worker's start and its import of torch, on a slow disk
constexpr std::size_t printed_kept = 64u << 10;
constexpr int poll_ms = 500;           // the wall limit may be raised while a request waits
constexpr int poll_stoppable_ms = 50;  // so often a call that may be stopped looks whether it was

void throw_if(const std::atomic<bool>* stopped) {
  if (stopped != nullptr && *stopped) throw Error(ErrorKind::infrastructure, "stopped on request");
}

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::infrastructure, what + ": " + std::strerror(errno));
}

std::string human(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", seconds);
  return text;
}

Clock::duration as_duration(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

// The worker inherits only what it needs; thread pools of OpenBLAS, OpenMP and MKL stay off before the fork. torch.compile makes its
// cache folder when it is imported; it gets one that is there and that nothing can be written to.
std::vector<std::string> worker_environment(const WorkerOptions& options) {
  std::vector<std::string> env = {"OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "MKL_NUM_THREADS=1",
                                  "PYTHONHASHSEED=0",       "LC_ALL=C.UTF-8",    "TORCH_SHOW_CPP_STACKTRACES=0",
                                  "TORCHINDUCTOR_CACHE_DIR=/proc/self",
                                  "GLIBC_TUNABLES=glibc.malloc.hugetlb=1"};  // large pages where the kernel has them: fewer faults for activations
  for (const char* name : {"PATH", "HOME", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "ASAN_OPTIONS", "LSAN_OPTIONS",
                           "UBSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) env.push_back(std::string(name) + "=" + value);
  if (!options.python.empty())
    env.push_back("DECOMP_PYTHON=" + options.python);
  else if (const char* value = std::getenv("DECOMP_PYTHON"))
    env.push_back(std::string("DECOMP_PYTHON=") + value);
  return env;
}

}  // namespace

SpawnedWorker spawn_worker(const WorkerOptions& options) {
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) fail("socketpair");
  UniqueFd ours(sockets[0]);
  UniqueFd theirs(sockets[1]);
  if (theirs.get() == worker_fd) {  // dup2 onto itself would keep close-on-exec
    int moved = ::fcntl(theirs.get(), F_DUPFD_CLOEXEC, 10);
    if (moved < 0) fail("fcntl");
    theirs.reset(moved);
  }
  std::string path = options.executable.string();
  std::string name = "decomp";
  std::string verb = "__worker";
  char* argv[] = {name.data(), verb.data(), nullptr};
  auto env = worker_environment(options);
  std::vector<char*> envp;
  for (auto& e : env) envp.push_back(e.data());
  envp.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, 2, 1);
  if (options.quiet_stderr) posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), worker_fd);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own: Ctrl-C reaches the host, which ends the worker by closing its socket.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t pid = -1;
  int rc = ::posix_spawn(&pid, path.c_str(), &actions, &attributes, argv, envp.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (rc != 0) {
    errno = rc;
    fail("cannot start the worker " + path);
  }
  return {pid, ours.release()};
}

Worker::Worker(SpawnedWorker spawned) : pid_(spawned.pid), control_(UniqueFd(spawned.socket)) {
  listener_ = std::thread([this] { listen(); });
}

Worker::~Worker() {
  ::shutdown(control_.fd(), SHUT_WR);  // the worker ends its jobs and itself when its socket closes
  if (listener_.joinable()) listener_.join();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
}

void Worker::listen() {
  while (true) {
    Message message;
    ChannelState state = control_.receive(message);
    std::lock_guard lock(mutex_);
    if (state != ChannelState::open) {
      gone_ = true;
      changed_.notify_all();
      return;
    }
    const Json& body = message.body;
    std::string op = body.value("op", "");
    if (op == "exit") {
      ended_[body.value("id", 0)] = {body.value("status", 0), body.value("cpu_seconds", 0.0),
                                     body.value("max_rss_bytes", std::uint64_t{0})};
    } else if (op == "ready") {
      versions_ = body;
    } else if (op == "fatal") {
      fatal_ = body.value("message", "the worker failed");
    }
    changed_.notify_all();
  }
}

void Worker::throw_gone() {
  throw Error(ErrorKind::infrastructure,
              fatal_.empty() ? "the worker process ended unexpectedly" : "the worker cannot run: " + fatal_);
}

void Worker::warm() {
  std::lock_guard lock(mutex_);
  control_.send({{"op", "warm"}});
}

Json Worker::versions() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return gone_ || !fatal_.empty() || !versions_.is_null(); });
  if (versions_.is_null()) throw_gone();
  return versions_;
}

std::unique_ptr<Job> Worker::start(const JobSpec& spec) {
  throw_if(spec.stopped);
  int sockets[2];
  int pipes[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) fail("socketpair");
  UniqueFd ours(sockets[0]);
  UniqueFd theirs(sockets[1]);
  if (::pipe2(pipes, O_CLOEXEC) != 0) fail("pipe2");
  UniqueFd output(pipes[0]);
  UniqueFd print_end(pipes[1]);
  ::fcntl(output.get(), F_SETFL, O_NONBLOCK);

  std::lock_guard lock(mutex_);
  if (gone_ || !fatal_.empty()) throw_gone();
  int id = next_id_++;
  Json command = {{"op", "job"},
                  {"id", id},
                  {"kind", spec.kind},
                  {"threads", spec.threads},
                  {"device", spec.device},
                  {"sandbox", spec.sandbox == SandboxMode::off        ? "off"
                              : spec.sandbox == SandboxMode::required ? "required"
                                                                      : "auto"},
                  {"cpu_seconds", spec.limits.cpu_seconds},
                  {"memory_bytes", spec.limits.memory_bytes},
                  {"readable", spec.readable},
                  {"self_contained", spec.self_contained}};
  if (!control_.send(command, {theirs.get(), print_end.get()})) throw_gone();
  return std::unique_ptr<Job>(new Job(*this, id, spec, Channel(std::move(ours), spec.limits.reply_bytes), std::move(output)));
}

void Worker::kill_job(int id) {
  std::lock_guard lock(mutex_);
  control_.send({{"op", "kill"}, {"id", id}});
}

Worker::End Worker::wait_end(int id) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return gone_ || !fatal_.empty() || ended_.count(id) != 0; });
  auto it = ended_.find(id);
  if (it == ended_.end()) throw_gone();
  End end = it->second;
  ended_.erase(it);
  return end;
}

Job::~Job() {
  if (ended_) return;
  channel_.close();
  output_.reset();
  try {
    worker_.kill_job(id_);
    worker_.wait_end(id_);
  } catch (const Error&) {  // the worker is gone, and its jobs with it
  }
}

void Job::drain_output() {
  char bytes[1 << 14];
  if (!output_) return;
  ssize_t n;
  while ((n = ::read(output_.get(), bytes, sizeof bytes)) > 0) {
    printed_bytes_ += static_cast<std::uint64_t>(n);
    if (printed_.size() < printed_kept)
      printed_.append(bytes, std::min<std::size_t>(static_cast<std::size_t>(n), printed_kept - printed_.size()));
    if (printed_bytes_ > limits_.output_bytes) break;
  }
}

// The job closed its socket: it is dead or about to be. Its end tells why.
void Job::fail_ended() {
  channel_.close();
  worker_.kill_job(id_);  // in case it closed the socket and lives on; harmless otherwise
  Worker::End end = worker_.wait_end(id_);
  ended_ = true;
  drain_output();
  if (WIFSIGNALED(end.status)) {
    int signal = WTERMSIG(end.status);
    if (signal == SIGXCPU || (signal == SIGKILL && end.cpu_seconds >= limits_.cpu_seconds))
      throw JobFailure("run-cpu-limit", "used more than " + human(limits_.cpu_seconds) + " s of processor time");
    const char* text = ::strsignal(signal);
    if (signal == SIGKILL)
      throw JobFailure("run-crash", "closed its connection to decomp, or was killed by the system (out of memory?)");
    throw JobFailure("run-crash", "crashed with signal " + std::to_string(signal) + " (" + (text ? text : "?") + ")");
  }
  throw JobFailure("run-exit", "ended the process with exit code " + std::to_string(WEXITSTATUS(end.status)) +
                                   " instead of returning");
}

Message Job::request(const Json& command, const std::vector<int>& fds) {
  if (ended_) throw JobFailure("run-crash", "the process had already ended");
  if (sandbox_level_.empty()) {  // the fork's first word; it waits for the worker's import of torch, which is no job's time
    Message hello = receive(Clock::now() + as_duration(start_seconds));
    auto text = [&](const char* name) {
      auto it = hello.body.find(name);
      return it != hello.body.end() && it->is_string() ? it->get<std::string>() : std::string();
    };
    sandbox_level_ = text("sandbox").empty() ? "unknown" : text("sandbox");
    if (hello.body.contains("sandbox_error"))
      throw Error(ErrorKind::infrastructure, "the sandbox is required but cannot be had: " + text("sandbox_error"));
  }
  auto since = Clock::now();
  if (!channel_.send(command, fds, since + as_duration(wall_seconds_))) fail_ended();
  return receive(since);
}

Message Job::receive(Clock::time_point since) {
  auto overrun = [&](const char* rule, const std::string& message) {
    worker_.kill_job(id_);
    worker_.wait_end(id_);
    ended_ = true;
    throw JobFailure(rule, message);
  };
  while (true) {
    if (stopped_ != nullptr && *stopped_) {  // its answer would come, to a question that nobody asks any more
      worker_.kill_job(id_);
      worker_.wait_end(id_);
      ended_ = true;
      throw_if(stopped_);
    }
    if (auto message = channel_.take()) {
      drain_output();
      if (printed_bytes_ > limits_.output_bytes) break;
      return std::move(*message);
    }
    if (channel_.garbled()) overrun("run-garbled", "wrote something to decomp's socket that is no message");
    if (Clock::now() >= since + as_duration(wall_seconds_))
      overrun("run-timeout", "took longer than " + human(wall_seconds_) + " s");
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(since + as_duration(wall_seconds_) - Clock::now()).count();
    pollfd polls[2] = {{channel_.fd(), POLLIN, 0}, {output_.get(), POLLIN, 0}};
    int ready = ::poll(polls, 2, static_cast<int>(std::clamp<long long>(left + 1, 1, stopped_ != nullptr ? poll_stoppable_ms : poll_ms)));
    if (ready < 0 && errno != EINTR) fail("poll");
    if (ready <= 0) continue;
    if (polls[1].revents != 0) {
      drain_output();
      if (printed_bytes_ > limits_.output_bytes) break;
    }
    if (polls[0].revents != 0) {
      if (channel_.read_some() == ChannelState::closed) {
        if (auto message = channel_.take()) return std::move(*message);
        fail_ended();
      }
    } else if ((polls[1].revents & POLLHUP) != 0) {
      output_.reset();  // its writers are gone: poll ignores a negative descriptor
    }
  }
  overrun("run-output-limit", "printed more than " + std::to_string(limits_.output_bytes) + " bytes");
  throw std::logic_error("unreachable");
}

}  // namespace decomp
