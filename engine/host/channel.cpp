#include "host/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace decomp {
namespace {

constexpr std::size_t max_fds = 8;
// Facts nest deepest: 200 levels of nodes (python_bridge/facts.py), each an object in a list.
constexpr int max_depth = 1000;

int milliseconds_left(std::optional<Clock::time_point> deadline) {
  if (!deadline) return -1;
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - Clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(std::min<long long>(left + 1, 1'000'000'000));
}

}  // namespace

bool Channel::send(const Json& body, const std::vector<int>& fds, std::optional<Clock::time_point> deadline) {
  Json framed = body;
  if (!fds.empty()) framed["fds"] = fds.size();
  return send_line(framed.dump(-1, ' ', false, Json::error_handler_t::replace), fds, deadline);
}

bool Channel::send_text(std::string body, std::optional<Clock::time_point> deadline) {
  return send_line(std::move(body), {}, deadline);
}

bool Channel::send_line(std::string line, const std::vector<int>& fds, std::optional<Clock::time_point> deadline) {
  line += '\n';
  std::size_t sent = 0;
  bool fds_sent = fds.empty();
  while (sent < line.size()) {
    iovec part{line.data() + sent, line.size() - sent};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * max_fds)] = {};
    if (!fds_sent) {
      header.msg_control = control;
      header.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
      cmsghdr* c = CMSG_FIRSTHDR(&header);
      c->cmsg_level = SOL_SOCKET;
      c->cmsg_type = SCM_RIGHTS;
      c->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
      std::memcpy(CMSG_DATA(c), fds.data(), sizeof(int) * fds.size());
    }
    ssize_t n = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL | (deadline ? MSG_DONTWAIT : 0));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      pollfd p{socket_.get(), POLLOUT, 0};
      if (::poll(&p, 1, milliseconds_left(deadline)) <= 0 && Clock::now() >= *deadline) return false;
      continue;
    }
    if (n <= 0) return false;
    fds_sent = true;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

ChannelState Channel::read_some() {
  if (garbled_) return ChannelState::garbled;
  if (!socket_) return ChannelState::closed;
  char bytes[1 << 16];
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 64)];
  iovec part{bytes, sizeof bytes};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ssize_t n;
  do n = ::recvmsg(socket_.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  if (n < 0) return (errno == EAGAIN || errno == EWOULDBLOCK) ? ChannelState::open : ChannelState::closed;
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
      fds_.emplace_back(fd);
    }
  }
  if ((header.msg_flags & MSG_CTRUNC) != 0 || fds_.size() > max_fds * 8) garbled_ = true;
  if (n == 0) return ChannelState::closed;
  buffer_.append(bytes, static_cast<std::size_t>(n));
  if (buffer_.size() > max_line_ && buffer_.find('\n', scanned_) == std::string::npos) garbled_ = true;
  return garbled_ ? ChannelState::garbled : ChannelState::open;
}

std::optional<Message> Channel::take() {
  std::size_t end = buffer_.find('\n', scanned_);
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    return std::nullopt;
  }
  auto parsed = parse_json(std::string_view(buffer_).substr(0, end), max_depth);
  buffer_.erase(0, end + 1);
  scanned_ = 0;
  Message message;
  if (auto* body = std::get_if<Json>(&parsed); body != nullptr && body->is_object()) {
    message.body = std::move(*body);
  } else {
    garbled_ = true;
    return std::nullopt;
  }
  std::size_t expected = 0;
  if (auto it = message.body.find("fds"); it != message.body.end() && it->is_number_unsigned()) expected = *it;
  if (expected > fds_.size()) {
    garbled_ = true;
    return std::nullopt;
  }
  for (std::size_t i = 0; i < expected; ++i) message.fds.push_back(std::move(fds_[i]));
  fds_.erase(fds_.begin(), fds_.begin() + static_cast<std::ptrdiff_t>(expected));
  return message;
}

ChannelState Channel::receive(Message& out, std::optional<Clock::time_point> deadline) {
  while (true) {
    if (auto message = take()) {
      out = std::move(*message);
      return ChannelState::open;
    }
    if (garbled_) return ChannelState::garbled;
    if (!socket_) return ChannelState::closed;
    pollfd p{socket_.get(), POLLIN, 0};
    int ready = ::poll(&p, 1, milliseconds_left(deadline));
    if (ready < 0 && errno != EINTR) return ChannelState::closed;
    if (ready == 0) return ChannelState::timeout;
    ChannelState state = read_some();
    if (state == ChannelState::closed && buffer_.find('\n') == std::string::npos) return state;
    if (state == ChannelState::garbled) return state;
  }
}

}  // namespace decomp
