// Preloaded into a program that embeds decomp: says so when that program itself forks. posix_spawn calls no fork
// handler.

#include <pthread.h>
#include <unistd.h>

#include <cstring>

namespace {

void on_fork() {
  constexpr char text[] = "FORKED\n";
  if (write(2, text, sizeof text - 1) < 0) _exit(99);
}

// The worker inherits the environment, and forks rightly: it is another program.
__attribute__((constructor)) void watch() {
  char path[4096] = {};
  if (readlink("/proc/self/exe", path, sizeof path - 1) < 0) return;
  const char* name = std::strrchr(path, '/');
  if (name != nullptr && std::strcmp(name, "/embed") == 0) pthread_atfork(on_fork, nullptr, nullptr);
}

}  // namespace
