#include "pipeline/options.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.h"

namespace decomp {
namespace {

[[noreturn]] void refuse(const std::string& flag, const std::string& why) { throw Error(ErrorKind::usage, flag + " must be " + why); }

double positive(double value, const char* flag) {
  if (!(value > 0) || !std::isfinite(value)) refuse(flag, "greater than 0");
  return value;
}

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// cpu, cuda, cuda:N
bool is_device(const std::string& name) {
  if (name == "cpu" || name == "cuda") return true;
  return name.rfind("cuda:", 0) == 0 && name.size() > 5 && name.size() < 9 &&
         std::all_of(name.begin() + 5, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void validate(const CheckOptions& options) {
  if (options.num_trials < 1 || options.num_trials > 1000) refuse("--num-trials", "from 1 to 1000");
  if (options.jobs < 0 || options.jobs > 1024) refuse("--jobs", "from 1 to 1024, or 0 for one per core");
  for (const auto& [flag, value] : {std::pair{"--rtol", options.rtol}, {"--atol", options.atol}})
    if (value && !(*value >= 0 && std::isfinite(*value))) refuse(flag, "a number that is at least 0");
  if (options.sandbox != "auto" && options.sandbox != "required" && options.sandbox != "off")
    refuse("--sandbox", "auto, required or off, not \"" + options.sandbox + "\"");
  if (!is_device(options.device)) refuse("--device", "cpu, cuda or cuda:N, not \"" + options.device + "\"");
  limits_of(options);
}

Limits limits_of(const CheckOptions& options) {
  Limits limits;
  if (options.wall_seconds) limits.wall_seconds = positive(*options.wall_seconds, "--timeout");
  if (options.cpu_seconds) limits.cpu_seconds = positive(*options.cpu_seconds, "--cpu-time");
  if (options.memory_bytes && *options.memory_bytes == 0) refuse("--max-memory", "greater than 0");
  if (options.output_bytes) limits.output_bytes = *options.output_bytes;
  limits.memory_bytes = options.memory_bytes.value_or(machine_memory() / 4 * 3);
  return limits;
}

}  // namespace decomp
