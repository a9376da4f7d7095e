#include "cli/agent/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "cli/engine_loader.h"
#include "core/error.h"
#include "core/memfd.h"
#include "host/landlock.h"

namespace decomp::agent {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int status_fd = 3;  // where become_agent() says "ok", or why not

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorKind::infrastructure, what + ": " + std::strerror(errno)); }

struct Pipe {
  UniqueFd read, write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<int> children() {
  std::vector<int> found;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(task.path() / "children");
    for (int pid; list >> pid;) found.push_back(pid);
  }
  return found;
}

// What an agent left running has become this process's child: it is a subreaper.
void end_all_but(int spared) {
  for (int round = 0; round < 200; ++round) {
    bool any = false;
    for (int pid : children()) {
      if (pid == spared) continue;
      any = true;
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    if (!any) return;
  }
}

std::vector<std::string> environment_of(const Process& process) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.rfind("TMPDIR=", 0) != 0 && text.rfind("TMP=", 0) != 0 && text.rfind("TEMP=", 0) != 0) environment.emplace_back(text);
  }
  for (const char* name : {"TMPDIR=", "TMP=", "TEMP="}) environment.push_back(name + process.temporary.string());
  environment.push_back("AGENT=1");
  return environment;
}

int start(const Process& process, int in, int out, int status) {
  std::vector<std::string> words = {"decomp", "__confined", process.workspace.string(), process.temporary.string(), process.command, process.confined ? "confined" : "free"};
  for (const auto& path : process.writable) words.push_back(path.string());
  std::vector<std::string> environment = environment_of(process);
  std::vector<char*> argv, envp;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& entry : environment) envp.push_back(entry.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, out, 2);
  posix_spawn_file_actions_adddup2(&actions, status, status_fd);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  pid_t pid = -1;
  const int rc = ::posix_spawn(&pid, self_path().c_str(), &actions, &attributes, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (rc != 0) {
    errno = rc;
    fail("cannot start the agent");
  }
  return pid;
}

// Feeds and drains until both are over or time is up. True: in time, and `pid` has ended.
bool attend(const Process& process, int pid, UniqueFd input, UniqueFd output, siginfo_t& end) {
  std::ofstream file(process.output, std::ios::binary | std::ios::trunc);
  ::fcntl(input.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(output.get(), F_SETFL, O_NONBLOCK);
  std::size_t fed = 0, kept = 0;
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(process.seconds));
  while (true) {
    if (::waitid(P_PID, static_cast<id_t>(pid), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == pid) return true;
    if (Clock::now() >= deadline) return false;
    pollfd polls[2] = {{output.get(), POLLIN, 0}, {input.get(), POLLOUT, 0}};
    ::poll(polls, 2, 50);
    char bytes[1 << 14];
    for (ssize_t n; output && (n = ::read(output.get(), bytes, sizeof bytes)) != -1;) {
      if (n == 0) {
        output.reset();
        break;
      }
      if (kept < most_output) file.write(bytes, n);
      kept += static_cast<std::size_t>(n);
    }
    if (!input) continue;
    const ssize_t n = ::write(input.get(), process.input.data() + fed, process.input.size() - fed);
    if (n > 0) fed += static_cast<std::size_t>(n);
    if (fed == process.input.size() || (n < 0 && errno != EAGAIN && errno != EINTR)) input.reset();
  }
}

}  // namespace

Ended run(const Process& process) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  Pipe input = make_pipe(), output = make_pipe(), status = make_pipe();
  const auto since = Clock::now();
  const int pid = start(process, input.read.get(), output.write.get(), status.write.get());
  input.read.reset();
  output.write.reset();
  status.write.reset();
  std::string said;
  char bytes[512];
  for (ssize_t n; (n = ::read(status.read.get(), bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR);)
    if (n > 0) said.append(bytes, static_cast<std::size_t>(n));
  Ended ended;
  siginfo_t end{};
  const bool in_time = said == "ok" && attend(process, pid, std::move(input.write), std::move(output.read), end);
  ::kill(-pid, SIGKILL);
  end_all_but(process.spared);
  if (said != "ok") throw Error(ErrorKind::infrastructure, "the agent cannot be confined: " + (said.empty() ? "its process ended at once" : said) + "; --sandbox off runs it without");
  ended.seconds = std::chrono::duration<double>(Clock::now() - since).count();
  ended.how = !in_time ? "timed out" : end.si_code == CLD_EXITED ? "exit " + std::to_string(end.si_status) : "signal " + std::to_string(end.si_status);
  return ended;
}

namespace {

// Between decomp and the agent: when either ends, it ends all that the agent started, also what left its process group.
[[noreturn]] void watch(int agent, const sigset_t& watched) {
  while (true) {
    siginfo_t end{};
    if (::waitid(P_PID, static_cast<id_t>(agent), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == agent) {
      end_all_but(-1);
      if (end.si_code == CLD_EXITED) ::_exit(end.si_status);
      ::signal(end.si_status, SIG_DFL);
      ::raise(end.si_status);
      ::_exit(128 + end.si_status);
    }
    const timespec patience{0, 200'000'000};
    if (::sigtimedwait(&watched, nullptr, &patience) == SIGTERM) {  // decomp is gone
      end_all_but(-1);
      ::_exit(128 + SIGTERM);
    }
  }
}

}  // namespace

int become_agent(const std::vector<std::string>& args) {
  const auto say = [](const std::string& text) { return ::write(status_fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()); };
  if (args.size() < 4) return 2;
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGTERM);
  sigaddset(&watched, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &watched, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  const int agent = ::fork();
  if (agent < 0) {
    say(std::string("cannot fork: ") + std::strerror(errno));
    return 1;
  }
  if (agent > 0) {
    for (int fd = 0; fd <= status_fd; ++fd) ::close(fd);  // the agent's alone
    watch(agent, watched);
  }
  ::sigprocmask(SIG_UNBLOCK, &watched, nullptr);
  if (::chdir(args[0].c_str()) != 0) {
    say("cannot enter " + args[0] + ": " + std::strerror(errno));
    return 1;
  }
  if (args[3] == "confined") {
    std::vector<std::string> writable = {args[0], args[1], "/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx", "/dev/pts"};
    writable.insert(writable.end(), args.begin() + 4, args.end());
    std::string error = "PR_SET_NO_NEW_PRIVS is refused";
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || restrict_writes(writable, error) == 0) {
      say(error);
      return 1;
    }
  }
  if (!say("ok")) return 1;
  ::close(status_fd);
  ::execl("/bin/sh", "sh", "-c", args[2].c_str(), nullptr);
  return 127;
}

}  // namespace decomp::agent
