// `decomp __worker`: imports torch once, forks per job, reports how each job ended. Runs no operation itself.

#include <Python.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>

#include "embed.h"
#include "host/channel.h"
#include "host/sandbox.h"
#include "job.h"

namespace decomp::bridge {
namespace {

constexpr JobKind job_kinds[] = {
    {"parse", parse_job, false},
    {"model", model_job, true},
    {"decompose", decompose_job, true},
    {"wrap", wrap_job, true},
    {"graphs", graphs_job, true},
    {"estimate", estimate_job, true},
};

// What a fork may read: the interpreter, its packages, and the few files of the system that torch opens late.
std::vector<std::string> readable_paths() {
  std::vector<std::string> paths = {"/usr/lib", "/usr/lib64", "/lib", "/lib64", "/proc/self", "/proc/cpuinfo",
                                    "/proc/meminfo", "/sys/devices/system/cpu", "/sys/devices/system/node",
                                    "/dev/urandom", "/dev/null", "/etc/localtime"};
  PyObject* sys_path = PySys_GetObject("path");  // borrowed
  for (Py_ssize_t i = 0; sys_path != nullptr && i < PyList_GET_SIZE(sys_path); ++i)
    if (const char* entry = PyUnicode_AsUTF8(PyList_GET_ITEM(sys_path, i))) {
      paths.emplace_back(entry);
      std::error_code ignored;
      auto real = std::filesystem::canonical(entry, ignored);
      if (!ignored) paths.push_back(real.string());
    }
  PyErr_Clear();
  return paths;
}

// As readable_paths(), but of the folders of packages only what is imported already: torch, and what it needs.
std::vector<std::string> paths_without_packages() {
  std::vector<std::string> paths;
  for (const std::string& path : readable_paths())
    if (path.find("site-packages") == std::string::npos && path.find("dist-packages") == std::string::npos) paths.push_back(path);
  PyObject* modules = PyImport_GetModuleDict();  // borrowed
  PyObject *name = nullptr, *module = nullptr;
  Py_ssize_t at = 0;
  while (PyDict_Next(modules, &at, &name, &module)) {
    const char* text = PyUnicode_AsUTF8(name);
    if (text == nullptr || std::strchr(text, '.') != nullptr) continue;
    PyObject* file = PyObject_GetAttrString(module, "__file__");
    if (const char* place = file != nullptr && PyUnicode_Check(file) ? PyUnicode_AsUTF8(file) : nullptr) {
      const std::filesystem::path itself(place);
      paths.push_back((itself.filename().string().rfind("__init__.", 0) == 0 ? itself.parent_path() : itself).string());
    }
    Py_XDECREF(file);
    PyErr_Clear();
  }
  return paths;
}

// Where a module lies that is imported already; "" where that is not to be told.
std::string folder_of(const char* module) {
  PyObject* found = PyImport_ImportModule(module);
  PyObject* file = found != nullptr ? PyObject_GetAttrString(found, "__file__") : nullptr;
  const char* path = file != nullptr ? PyUnicode_AsUTF8(file) : nullptr;
  const std::string folder = path != nullptr ? std::filesystem::path(path).parent_path().string() : "";
  PyErr_Clear();
  Py_XDECREF(file);
  Py_XDECREF(found);
  return folder;
}

// What CUDA's driver opens: its device files, and where it reads which devices there are.
void allow_cuda(SandboxPolicy& policy) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/dev", ignored))
    if (entry.path().filename().string().rfind("nvidia", 0) == 0) policy.devices.push_back(entry.path().string());
  for (const char* path : {"/proc/driver/nvidia", "/proc/devices", "/proc/modules", "/sys/bus/pci/devices", "/sys/devices", "/sys/module"})
    policy.readable.emplace_back(path);
  policy.memory_bytes = 0;  // the driver reserves more addresses than any machine has memory
}

class WorkerLoop {
 public:
  WorkerLoop(int control_fd, std::string python) : control_(UniqueFd(control_fd)), python_(std::move(python)) {}

  int run() {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, nullptr);
    signal_fd_ = UniqueFd(::signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
    while (true) {
      while (auto message = control_.take()) handle(*message);
      pollfd polls[2] = {{control_.fd(), POLLIN, 0}, {signal_fd_.get(), POLLIN, 0}};
      if (::poll(polls, 2, -1) < 0) continue;
      if (polls[1].revents != 0) reap();
      if (polls[0].revents != 0 && control_.read_some() != ChannelState::open) break;
    }
    for (auto& [id, pid] : running_) ::kill(pid, SIGKILL);
    return 0;
  }

 private:
  void handle(Message& message) {
    std::string op = message.body.value("op", "");
    if (op == "job") {
      start(message);
    } else if (op == "kill") {
      auto it = running_.find(message.body.value("id", 0));
      if (it != running_.end()) ::kill(it->second, SIGKILL);
    } else if (op == "warm") {
      load_torch();
    }
  }

  bool load_torch() {
    if (torch_loaded_) return true;
    try {
      std::string version = import_torch();
      torch_loaded_ = true;
      control_.send({{"op", "ready"}, {"torch", version}, {"torch_folder", folder_of("torch")}, {"library_folder", folder_of("os")}, {"python", std::string(Py_GetVersion()).substr(0, std::string(Py_GetVersion()).find(' '))}});
      return true;
    } catch (const std::exception& e) {
      control_.send({{"op", "fatal"}, {"message", std::string(e.what()) + " (Python is " + python_ + ")"}});
      return false;
    }
  }

  void start(Message& message) {
    int id = message.body.value("id", 0);
    std::string kind = message.body.value("kind", "");
    const JobKind* found = nullptr;
    for (const JobKind& k : job_kinds)
      if (kind == k.name) found = &k;
    if (found == nullptr || message.fds.size() != 2) {
      control_.send({{"op", "fatal"}, {"message", "no job kind " + kind}});
      return;
    }
    if (found->needs_torch && !load_torch()) return;
    // A fork copies one thread only: a second one could hold a lock that the child then waits for.
    if (task_count() != 1) {
      control_.send({{"op", "fatal"}, {"message", "the worker has more than one thread and cannot fork safely"}});
      return;
    }
    std::fflush(nullptr);
    PyOS_BeforeFork();
    pid_t pid = ::fork();
    if (pid == 0) {
      PyOS_AfterFork_Child();
      serve(*found, message);
      ::_exit(0);
    }
    PyOS_AfterFork_Parent();
    if (pid < 0) {
      control_.send({{"op", "exit"}, {"id", id}, {"status", SIGKILL}});
      return;
    }
    running_[id] = pid;
  }

  // In the fork: descriptors, sandbox, then the job.
  void serve(const JobKind& kind, Message& message) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    UniqueFd socket = std::move(message.fds[0]);
    UniqueFd output = std::move(message.fds[1]);
    ::dup2(output.get(), 1);
    ::dup2(output.get(), 2);
    output.reset();
    control_.close();
    signal_fd_.reset();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);

    const Json& spec = message.body;
    SandboxPolicy policy;
    std::string mode = spec.value("sandbox", "auto");
    policy.mode = mode == "off" ? SandboxMode::off : mode == "required" ? SandboxMode::required : SandboxMode::automatic;
    policy.readable = spec.value("self_contained", false) ? paths_without_packages() : readable_paths();
    for (const Json& folder : spec.value("readable", Json::array())) policy.readable.push_back(folder.get<std::string>());
    policy.keep_fds = {socket.get()};
    policy.cpu_seconds = spec.value("cpu_seconds", 600.0);
    policy.memory_bytes = spec.value("memory_bytes", std::uint64_t{0});
    if (spec.value("device", "cpu") != "cpu") allow_cuda(policy);
    SandboxResult sandbox = enter_sandbox(policy);
    Channel channel(std::move(socket));
    Json hello = {{"sandbox", sandbox.level.text()}};
    if (!sandbox.error.empty()) hello["sandbox_error"] = sandbox.error;
    channel.send(hello);
    if (!sandbox.error.empty() && policy.mode == SandboxMode::required) return;
    kind.run(channel, spec);
    std::fflush(nullptr);
  }

  void reap() {
    signalfd_siginfo info;
    while (::read(signal_fd_.get(), &info, sizeof info) > 0) {
    }
    int status = 0;
    rusage usage{};
    pid_t pid;
    while ((pid = ::wait4(-1, &status, WNOHANG, &usage)) > 0) {
      for (auto it = running_.begin(); it != running_.end(); ++it) {
        if (it->second != pid) continue;
        double cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
        control_.send({{"op", "exit"},
                       {"id", it->first},
                       {"status", status},
                       {"cpu_seconds", cpu},
                       {"max_rss_bytes", static_cast<std::uint64_t>(usage.ru_maxrss) * 1024}});
        running_.erase(it);
        break;
      }
    }
  }

  Channel control_;
  std::string python_;
  UniqueFd signal_fd_;
  std::map<int, pid_t> running_;
  bool torch_loaded_ = false;
};

}  // namespace
}  // namespace decomp::bridge

extern "C" __attribute__((visibility("default"))) int decomp_worker_main(int control_fd) {
  using namespace decomp::bridge;
  ::signal(SIGPIPE, SIG_IGN);
  // Nobody reads the control socket while torch is imported: a host that is killed then takes the worker along at once.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const char* named = std::getenv("DECOMP_PYTHON");
  const std::string python = named != nullptr && *named != '\0' ? named : DECOMP_DEFAULT_PYTHON;
  decomp::Channel early{decomp::UniqueFd(::fcntl(control_fd, F_DUPFD_CLOEXEC, 3))};
  try {
    if (::access(python.c_str(), X_OK) != 0)
      throw std::runtime_error(python + " is no program; set DECOMP_PYTHON to a Python that has torch");
    start_python(python);
    bridge_module("facts");
  } catch (const std::exception& e) {
    early.send({{"op", "fatal"}, {"message", e.what()}});
    return 1;
  }
  early.close();
  ::fcntl(control_fd, F_SETFD, FD_CLOEXEC);
  ::_exit(WorkerLoop(control_fd, python).run());  // no destructors of Python and torch: nothing is left to save
}
