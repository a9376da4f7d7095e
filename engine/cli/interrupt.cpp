#include "cli/interrupt.h"

#include <unistd.h>

namespace decomp {
namespace {

volatile std::sig_atomic_t noted = 0;
std::atomic<bool> stopped{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // a signal handler may set it

void note(int) {
  noted = 1;
  stopped = true;
  constexpr char text[] = "\ndecomp: interrupted; what is known so far follows (Ctrl-C again ends at once)\n";
  if (::write(2, text, sizeof text - 1) < 0) return;
}

}  // namespace

const volatile std::sig_atomic_t* interrupt_flag() {
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  return &noted;
}

const std::atomic<bool>* interrupt_stops_jobs() { return &stopped; }

bool was_interrupted() { return noted != 0; }

int interrupted_or(int code) { return noted != 0 ? 130 : code; }

}  // namespace decomp
