#pragma once
// JSON lines over a stream socket, descriptors beside them. Both ends of every worker and job socket use it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/memfd.h"

namespace decomp {

using Clock = std::chrono::steady_clock;

struct Message {
  Json body;
  std::vector<UniqueFd> fds;
};

// What came instead of a message.
enum class ChannelState { open, closed, timeout, garbled };

class Channel {
 public:
  Channel() = default;
  // `max_line`: longest accepted line in bytes; a longer one makes the channel garbled.
  explicit Channel(UniqueFd socket, std::uint64_t max_line = 64u << 20) : socket_(std::move(socket)), max_line_(max_line) {}

  int fd() const { return socket_.get(); }
  void close() { socket_.reset(); }

  // False when the other end is gone, or does not read within `deadline`.
  bool send(const Json& body, const std::vector<int>& fds = {},
            std::optional<Clock::time_point> deadline = std::nullopt);

  // Same, for a body that is JSON text already, without descriptors.
  bool send_text(std::string body, std::optional<Clock::time_point> deadline = std::nullopt);

  // Reads what is there without waiting. After it, take() may return messages.
  ChannelState read_some();
  std::optional<Message> take();
  bool garbled() const { return garbled_; }

  // Waits for one message. With a deadline, timeout is possible.
  ChannelState receive(Message& out, std::optional<Clock::time_point> deadline = std::nullopt);

 private:
  bool send_line(std::string line, const std::vector<int>& fds, std::optional<Clock::time_point> deadline);

  UniqueFd socket_;
  std::uint64_t max_line_ = 64u << 20;
  std::string buffer_;
  std::size_t scanned_ = 0;
  std::vector<UniqueFd> fds_;
  bool garbled_ = false;
};

}  // namespace decomp
