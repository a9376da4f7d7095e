#include "pipeline/session.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "core/error.h"

namespace decomp {
namespace {

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

Limits limits_from(const CheckOptions& options) {
  Limits limits;
  auto positive = [](double v, const char* flag) {
    if (!(v > 0) || !std::isfinite(v)) throw Error(ErrorKind::usage, std::string(flag) + " must be greater than 0");
    return v;
  };
  if (options.wall_seconds) limits.wall_seconds = positive(*options.wall_seconds, "--timeout");
  if (options.cpu_seconds) limits.cpu_seconds = positive(*options.cpu_seconds, "--cpu-time");
  if (options.output_bytes) limits.output_bytes = *options.output_bytes;
  limits.memory_bytes = options.memory_bytes.value_or(machine_memory() / 4 * 3);
  return limits;
}

}  // namespace

Session::Session(const CheckOptions& options, SpawnedWorker spawned)
    : options_(options),
      limits_(limits_from(options)),
      cores_(std::max(1u, std::thread::hardware_concurrency())),
      steps_at_once_(options.jobs > 0 ? options.jobs : cores_),
      worker_(spawned) {
  if (options.num_trials < 1) throw Error(ErrorKind::usage, "--num-trials must be at least 1");
  if ((options.rtol && !(*options.rtol >= 0)) || (options.atol && !(*options.atol >= 0)))
    throw Error(ErrorKind::usage, "--rtol and --atol must be at least 0");
  if (options.sandbox != "auto" && options.sandbox != "required" && options.sandbox != "off")
    throw Error(ErrorKind::usage, "--sandbox must be auto, required or off, not " + options.sandbox);
  JobSpec spec;
  spec.kind = "parse";
  spec.limits = limits_;
  parser_ = worker_.start(spec);  // forked before torch is there: quick and small
  worker_.warm();
}

JobSpec Session::model_job() const {
  JobSpec spec;
  spec.kind = "model";
  spec.limits = limits_;
  spec.sandbox = options_.sandbox == "off"        ? SandboxMode::off
                 : options_.sandbox == "required" ? SandboxMode::required
                                                  : SandboxMode::automatic;
  spec.threads = std::max(1, cores_ / (2 * steps_at_once_));
  spec.device = options_.device;
  return spec;
}

std::shared_ptr<const Facts> Session::parse(const Source& source) {
  std::lock_guard lock(parse_mutex_);
  auto it = parsed_.find(source.sha256);
  if (it != parsed_.end()) return it->second;
  if (!parser_ || !parser_->alive()) {
    JobSpec spec;
    spec.kind = "parse";
    spec.limits = limits_;
    parser_ = worker_.start(spec);
  }
  Message message = parser_->request({{"cmd", "parse"}, {"path", source.path}, {"source", source.bytes}});
  auto facts = std::make_shared<Facts>();
  facts->path = source.path;
  if (auto found = message.body.find("facts"); found != message.body.end())
    facts->tree = std::move(*found);
  else
    throw JobFailure("syntax-error", "cannot be parsed: " + message.body.dump());
  return parsed_[source.sha256] = facts;
}

}  // namespace decomp
