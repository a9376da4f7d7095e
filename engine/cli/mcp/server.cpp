#include "cli/mcp/server.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace decomp::mcp {
namespace {

constexpr std::size_t longest_line = 16u << 20;
constexpr auto progress_every = std::chrono::milliseconds(2000);  // the protocol's users want a sign of life every 5 s

bool has_ended(int pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

}  // namespace

int Server::run() {
  std::thread worker([this] { work(); });
  std::thread ticker([this] { tick(); });
  std::string buffer;
  std::vector<char> bytes(1 << 16);
  bool skipping = false;  // the rest of a line that was too long
  while (true) {
    const ssize_t n = ::read(input_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    buffer.append(bytes.data(), static_cast<std::size_t>(n));
    std::size_t begin = 0;
    for (std::size_t end; (end = buffer.find('\n', begin)) != std::string::npos; begin = end + 1) {
      if (!skipping) take(std::string_view(buffer).substr(begin, end - begin));
      skipping = false;
    }
    buffer.erase(0, begin);
    if (buffer.size() > longest_line) {
      buffer.clear();
      if (!skipping) {
        std::lock_guard lock(mutex_);
        send(error_message(std::nullopt, invalid_request, "a message may be 16 MiB long"));
      }
      skipping = true;
    }
  }
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    stopped_ = true;
    for (Call& call : calls_) call.cancelled = true;
  }
  changed_.notify_all();
  worker.join();
  ticker.join();
  return broken_ ? 3 : 0;
}

void Server::take(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.find_first_not_of(" \t") == std::string_view::npos) return;
  Action action = protocol_.take(line);
  if (auto* call = std::get_if<ToolCall>(&action)) return begin(std::move(*call));
  if (auto* end = std::get_if<Cancel>(&action)) return cancel(end->id);
  if (auto* answer = std::get_if<Json>(&action)) {
    std::lock_guard lock(mutex_);
    send(*answer);
  }
}

void Server::begin(ToolCall request) {
  std::unique_lock lock(mutex_);
  for (const Call& call : calls_)
    if (call.request.id == request.id) return send(error_message(std::nullopt, invalid_request, "the id " + request.id.dump() + " is that of a request without its answer"));
  if (!request.tool->runs_models) {
    const ToolResult result = call_tool(*request.tool, request.arguments);
    return send(tool_message(request.id, result, request.modern));
  }
  calls_.push_back({std::move(request)});
  changed_.notify_all();
}

void Server::cancel(const Json& id) {
  std::lock_guard lock(mutex_);
  const auto call = std::find_if(calls_.begin(), calls_.end(), [&](const Call& c) { return c.request.id == id; });
  if (call == calls_.end()) return;  // its answer is on its way
  if (!call->running) {
    calls_.erase(call);
    return;
  }
  call->cancelled = true;
  stopped_ = true;
}

// The thread that starts the worker: the worker ends with it.
void Server::work() {
  share_engine(&engine_);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return ending_ || !calls_.empty(); });
    if (ending_) return;
    run_call(calls_.begin(), lock);
  }
}

void Server::run_call(Calls::iterator call, std::unique_lock<std::mutex>& lock) {
  call->running = true;
  stopped_ = false;
  engine_.on_step = [this, call](std::size_t done, std::size_t total) {
    std::lock_guard guard(mutex_);
    call->done = done;
    call->total = total;
  };
  lock.unlock();
  ToolResult result;
  try {
    if (engine_.worker.pid < 0 || has_ended(engine_.worker.pid)) {
      engine_.worker = spawn_worker({self_path(), "", false});
      engine_.worker.kept = true;
      engine_.worker.stopped = &stopped_;
    }
    result = call_tool(*call->request.tool, call->request.arguments);
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  lock.lock();
  if (!call->cancelled) send(tool_message(call->request.id, result, call->request.modern));
  calls_.erase(call);
}

void Server::tick() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, progress_every, [&] { return ending_; }))
    for (Call& call : calls_)
      if (!call.cancelled && call.request.progress_token) tell_progress(call);
}

void Server::tell_progress(Call& call) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - call.since).count();
  call.told = std::max(call.told + 0.001, seconds);  // it must grow
  const std::string what = !call.running ? "waiting for another call" : call.total == 0 ? "running" : fmt::format("{} of {} steps", call.done, call.total);
  send(progress_message(*call.request.progress_token, call.told, fmt::format("{}, {:.0f} s", what, seconds)));
}

void Server::send(const Json& message) {
  if (broken_) return;
  const std::string line = message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t n = ::write(output_, line.data() + sent, line.size() - sent);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      broken_ = true;
      return;
    }
    sent += static_cast<std::size_t>(n);
  }
}

}  // namespace decomp::mcp
