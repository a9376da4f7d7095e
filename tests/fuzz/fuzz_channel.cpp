// The protocol's socket: bytes in any pieces, with descriptors beside them. Whatever comes, a message is an object, a garbled
// channel stays garbled, and no descriptor is lost.
// Input: per piece one byte for its length, one for the number of descriptors sent along, then the bytes.

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "fuzz.h"
#include "host/channel.h"

using namespace decomp;
using decomp::fuzz::require;

namespace {

constexpr std::uint64_t max_line = 512;
constexpr int max_descriptors = 4;  // in one piece

// Also true where the kernel takes nothing: the reader is gone.
bool send_piece(int socket, std::string_view bytes, int descriptors, int descriptor) {
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * max_descriptors)] = {};
  if (descriptors > 0) {
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(sizeof(int) * static_cast<std::size_t>(descriptors));
    cmsghdr* c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * static_cast<std::size_t>(descriptors));
    for (int i = 0; i < descriptors; ++i) std::memcpy(CMSG_DATA(c) + i * static_cast<int>(sizeof(int)), &descriptor, sizeof(int));
  }
  return ::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(bytes.size());
}

int lowest_free_descriptor() {
  const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
  return fd;
}

struct Taken {
  std::size_t messages = 0;
  std::size_t descriptors = 0;
};

void take_all(Channel& channel, Taken& taken) {
  while (auto message = channel.take()) {
    require(message->body.is_object(), "a message that is no object");
    require(message->fds.size() <= 64, "more descriptors than a channel holds");
    for (const UniqueFd& fd : message->fds) require(::fcntl(fd.get(), F_GETFD) == FD_CLOEXEC, "a descriptor that programs would inherit");
    ++taken.messages;
    taken.descriptors += message->fds.size();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const UniqueFd something(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int free_before = lowest_free_descriptor();
  {
    int ends[2];
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "no socket pair");
    UniqueFd writer(ends[0]);
    Channel channel(UniqueFd(ends[1]), max_line);
    Taken taken;
    std::size_t sent = 0;
    bool garbled = false;
    for (std::string_view rest = fuzz::text_of(data, size); rest.size() > 2;) {
      const std::size_t length = std::min<std::size_t>(1 + static_cast<unsigned char>(rest[0]), rest.size() - 2);
      const int descriptors = static_cast<unsigned char>(rest[1]) % (max_descriptors + 1);
      if (!send_piece(writer.get(), rest.substr(2, length), descriptors, something.get())) break;
      sent += static_cast<std::size_t>(descriptors);
      rest.remove_prefix(2 + length);
      const ChannelState state = channel.read_some();
      if (state != ChannelState::garbled) take_all(channel, taken);
      garbled = garbled || channel.garbled();
      require(channel.garbled() == garbled, "a garbled channel recovered");
      if (garbled) require(channel.read_some() == ChannelState::garbled, "a garbled channel reads on");
    }
    writer.reset();
    Message last;
    const auto soon = Clock::now() + std::chrono::seconds(5);
    ChannelState state = ChannelState::open;
    while ((state = channel.receive(last, soon)) == ChannelState::open) taken.descriptors += last.fds.size();
    require(state != ChannelState::timeout, "a closed socket keeps its reader waiting");
    require(taken.descriptors <= sent, "descriptors out of nothing");
  }
  require(lowest_free_descriptor() == free_before, "a descriptor was left open");

  // What one end sends, the other receives.
  const auto parsed = parse_json(fuzz::text_of(data, size), 100);
  if (const Json* body = std::get_if<Json>(&parsed); body != nullptr && body->is_object() && !body->contains("fds")) {
    int ends[2];
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "no socket pair");
    Channel from{UniqueFd(ends[0])}, to{UniqueFd(ends[1])};
    Message received;
    require(from.send(*body, {something.get()}), "a message cannot be sent");
    require(to.receive(received, Clock::now() + std::chrono::seconds(5)) == ChannelState::open, "a message does not arrive");
    received.body.erase("fds");
    require(received.body == *body && received.fds.size() == 1, "another message arrives");
  }
  return 0;
}
