#pragma once
// Ctrl-C: long work stops beginning steps, tells what it knows, and ends with 130. A second one ends the process at once.

#include <atomic>
#include <csignal>

namespace decomp {

// From now on SIGINT is noted here first: 1 once it came.
const volatile std::sig_atomic_t* interrupt_flag();

bool was_interrupted();

// The same for the engine: true ends the jobs that run.
const std::atomic<bool>* interrupt_stops_jobs();

// 130 after Ctrl-C, else `code`.
int interrupted_or(int code);

}  // namespace decomp
