// The protocol of workers and jobs: JSON lines with descriptors beside them, and the memory files that travel so.

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>

#include "core/memfd.h"
#include "host/channel.h"

using namespace decomp;
using namespace std::chrono_literals;

namespace {

struct Pair {
  UniqueFd raw;  // what the other side writes, byte by byte
  Channel channel;

  explicit Pair(std::uint64_t max_line = 64u << 20) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    raw = UniqueFd(ends[0]);
    channel = Channel(UniqueFd(ends[1]), max_line);
  }
  void write(std::string_view text) const {
    REQUIRE(::send(raw.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
  }
};

Clock::time_point soon(std::chrono::milliseconds wait = 5000ms) { return Clock::now() + wait; }

Json receive(Channel& channel) {
  Message message;
  REQUIRE(channel.receive(message, soon()) == ChannelState::open);
  return message.body;
}

std::string content(int fd) {
  char bytes[64] = {};
  const ssize_t n = ::pread(fd, bytes, sizeof bytes, 0);
  return std::string(bytes, n > 0 ? static_cast<std::size_t>(n) : 0);
}

UniqueFd file_with(const std::string& text) {
  UniqueFd fd = create_memfd("test", text.size());
  REQUIRE(::pwrite(fd.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  return fd;
}

// Lists in lists: {"a": [[[...]]]}
std::string nested(int depth) { return "{\"a\": " + std::string(depth, '[') + std::string(depth, ']') + "}\n"; }

}  // namespace

TEST_CASE("a line that comes byte by byte is one message") {
  Pair p;
  const std::string line = "{\"op\": \"exit\", \"text\": \"a\\nb\"}\n";
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    p.write(line.substr(i, 1));
    CHECK(p.channel.read_some() == ChannelState::open);
    REQUIRE_FALSE(p.channel.take());
  }
  p.write("\n");
  CHECK(receive(p.channel)["text"] == "a\nb");
}

TEST_CASE("several lines in one read are several messages") {
  Pair p;
  p.write("{\"n\": 1}\n{\"n\": 2}\n{\"n\"");
  REQUIRE(p.channel.read_some() == ChannelState::open);
  CHECK(p.channel.take()->body["n"] == 1);
  CHECK(p.channel.take()->body["n"] == 2);
  CHECK_FALSE(p.channel.take());
  p.write(": 3}\n");
  CHECK(receive(p.channel)["n"] == 3);
}

TEST_CASE("a message of megabytes arrives whole while the reader reads") {
  Pair p;
  Channel sender{UniqueFd(p.raw.release())};
  const std::string text(5u << 20, 'x');
  std::thread writer([&] { CHECK(sender.send({{"text", text}}, {}, soon(20000ms))); });
  Message message;
  CHECK(p.channel.receive(message, soon(20000ms)) == ChannelState::open);
  writer.join();
  CHECK(message.body["text"].get_ref<const std::string&>() == text);
}

TEST_CASE("descriptors arrive with the message that they were sent with") {
  Pair p;
  Channel sender{UniqueFd(p.raw.release())};
  const UniqueFd a = file_with("first"), b = file_with("second"), c = file_with("third");
  REQUIRE(sender.send({{"n", 1}}, {a.get(), b.get()}));
  REQUIRE(sender.send({{"n", 2}}));
  REQUIRE(sender.send({{"n", 3}}, {c.get()}));
  Message message;
  REQUIRE(p.channel.receive(message, soon()) == ChannelState::open);
  REQUIRE(message.fds.size() == 2);
  CHECK(content(message.fds[0].get()) == "first");
  CHECK(content(message.fds[1].get()) == "second");
  CHECK((::fcntl(message.fds[0].get(), F_GETFD) & FD_CLOEXEC) != 0);
  REQUIRE(p.channel.receive(message, soon()) == ChannelState::open);
  CHECK(message.fds.empty());
  REQUIRE(p.channel.receive(message, soon()) == ChannelState::open);
  REQUIRE(message.fds.size() == 1);
  CHECK(content(message.fds[0].get()) == "third");
}

TEST_CASE("descriptors that were announced and not sent make the channel garbled") {
  Pair p;
  p.write("{\"fds\": 1}\n");
  Message message;
  CHECK(p.channel.receive(message, soon()) == ChannelState::garbled);
  CHECK(p.channel.garbled());
}

TEST_CASE("more descriptors than anybody takes make the channel garbled") {
  Pair p;
  Channel sender{UniqueFd(p.raw.release())};
  const UniqueFd file = file_with("x");
  const std::vector<int> eight(8, file.get());
  ChannelState state = ChannelState::open;
  for (int i = 0; i < 20 && state == ChannelState::open; ++i) {
    REQUIRE(sender.send({{"n", i}}, eight));
    state = p.channel.read_some();
  }
  CHECK(state == ChannelState::garbled);
}

TEST_CASE("what is no message makes the channel garbled, for good") {
  const std::string text = GENERATE(as<std::string>{}, "hello\n", "\n", "[1]\n", "7\n", "null\n", "{\"a\": 1,}\n", "{\"a\": 1} x\n",
                                    "{\"a\": \"\xff\"}\n", "{\"a\": 1, \"a\": 2}\n", std::string("\0\n", 2), nested(2000));
  INFO(text.substr(0, 40));
  Pair p;
  p.write(text);
  Message message;
  CHECK(p.channel.receive(message, soon()) == ChannelState::garbled);
  p.write("{\"n\": 1}\n");
  CHECK(p.channel.receive(message, soon(100ms)) == ChannelState::garbled);
  CHECK(p.channel.read_some() == ChannelState::garbled);
}

TEST_CASE("as deep as facts and results go is a message") {
  Pair p;
  p.write(nested(600));
  CHECK(receive(p.channel).contains("a"));
}

TEST_CASE("a line longer than agreed makes the channel garbled before it ends") {
  Pair p(1000);
  p.write("{\"a\": \"" + std::string(900, 'x') + "\"}\n");
  CHECK(receive(p.channel).contains("a"));
  p.write("{\"a\": \"" + std::string(2000, 'x'));
  Message message;
  CHECK(p.channel.receive(message, soon()) == ChannelState::garbled);
}

TEST_CASE("what was sent before the end still arrives") {
  Pair p;
  p.write("{\"n\": 1}\n{\"n\": 2}\n{\"half\":");
  p.raw.reset();
  CHECK(receive(p.channel)["n"] == 1);
  CHECK(receive(p.channel)["n"] == 2);
  Message message;
  CHECK(p.channel.receive(message, soon()) == ChannelState::closed);
  CHECK_FALSE(p.channel.garbled());
}

TEST_CASE("a channel without a socket is closed") {
  Pair p;
  p.channel.close();
  Message message;
  CHECK(p.channel.receive(message) == ChannelState::closed);
  CHECK(p.channel.read_some() == ChannelState::closed);
  CHECK_FALSE(p.channel.send({{"n", 1}}));
}

TEST_CASE("waiting ends at the deadline") {
  Pair p;
  p.write("{\"half\":");
  Message message;
  const auto start = Clock::now();
  CHECK(p.channel.receive(message, soon(60ms)) == ChannelState::timeout);
  CHECK(Clock::now() - start >= 50ms);
  p.write(" 1}\n");
  CHECK(receive(p.channel)["half"] == 1);
}

TEST_CASE("sending to one who does not read ends at the deadline, and to one who is gone at once") {
  Pair p;
  CHECK_FALSE(p.channel.send({{"text", std::string(8u << 20, 'x')}}, {}, soon(60ms)));
  Pair gone;
  gone.raw.reset();
  CHECK_FALSE(gone.channel.send({{"n", 1}}));
}

TEST_CASE("text that is no UTF-8 is sent with replacement characters, not as an exception") {
  Pair p;
  Channel sender{UniqueFd(p.raw.release())};
  REQUIRE(sender.send({{"text", "a\xff"}}));
  CHECK(receive(p.channel)["text"] == "a\xef\xbf\xbd");
}

TEST_CASE("a memory file has its size for ever, and its bytes from the seal on") {
  const UniqueFd fd = create_memfd("sealed", 4096);
  CHECK(::lseek(fd.get(), 0, SEEK_END) == 4096);
  CHECK((::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(::ftruncate(fd.get(), 4095) != 0);
  CHECK(::ftruncate(fd.get(), 4097) != 0);
  CHECK(::pwrite(fd.get(), "x", 1, 4096) != 1);
  CHECK(::pwrite(fd.get(), "x", 1, 0) == 1);

  void* writable = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  REQUIRE(writable != MAP_FAILED);
  CHECK_FALSE(seal_against_writing(fd.get()));
  ::munmap(writable, 4096);
  CHECK(seal_against_writing(fd.get()));
  CHECK(::pwrite(fd.get(), "y", 1, 0) != 1);
  CHECK(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0) == MAP_FAILED);
  CHECK(content(fd.get()).front() == 'x');
  // Copy-on-write is how judged code gets it.
  auto* own = static_cast<char*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd.get(), 0));
  REQUIRE(own != MAP_FAILED);
  own[0] = 'z';
  CHECK(content(fd.get()).front() == 'x');
  ::munmap(own, 4096);
}

TEST_CASE("a descriptor has one owner") {
  UniqueFd a = create_memfd("owned", 1);
  const int number = a.get();
  UniqueFd b = std::move(a);
  CHECK_FALSE(a);
  CHECK(b.get() == number);
  b = create_memfd("other", 1);
  CHECK(::fcntl(number, F_GETFD) == -1);
  const int released = b.release();
  CHECK(::fcntl(released, F_GETFD) >= 0);
  ::close(released);
}
