#pragma once
// The built worker, and small models for it to run.

#include <catch2/catch.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "host/worker.h"

namespace decomp::test {

// One worker for all tests of the executable: torch is imported once.
Worker& worker();

JobSpec model_spec();

// A file whose Model's __init__ and forward have these bodies; get_inputs() returns one tensor [0, 1, 2, 3].
std::string model_source(const std::string& forward, const std::string& init = "pass");

// A "model" job that has loaded `source` and, with `built`, has built it.
struct ModelJob {
  std::unique_ptr<Job> job;
  Json description;  // null unless built

  explicit ModelJob(const std::string& source, bool built = true, const JobSpec& spec = model_spec());
  Json ask(const Json& command, const std::vector<int>& fds = {});
  // The bytes of the tensor file of `reply`, which says "need".
  std::string fetch(const Json& reply);
  // Runs forward on get_inputs(): the reply. `tensors` receives its tensor file.
  Json run(std::string* tensors = nullptr);
};

// The float32 values of tensor node `node` in `tensors`.
std::vector<float> floats(const Json& node, const std::string& tensors);

// The rule of the JobFailure that `action` throws, "" when it throws none. `message` receives its text.
template <class Action>
std::string failure_of(Action action, std::string* message = nullptr) {
  try {
    action();
  } catch (const JobFailure& failure) {
    if (message != nullptr) *message = failure.what();
    return failure.rule();
  }
  return "";
}

}  // namespace decomp::test
