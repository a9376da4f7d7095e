#include "pipeline/session.h"

#include <algorithm>
#include <thread>

#include "core/digest.h"
#include "core/error.h"
#include "host/manifest.h"
#include "pipeline/engine.h"
#include "pipeline/kept.h"
#include "pipeline/options.h"

namespace decomp {
namespace {

// A parser's processor time is limited as a job's; it must not run out in the middle of somebody's file.
constexpr int sessions_per_parser = 50;

// The workshop of a kept worker is found again by its process; it stays until this process ends.
std::shared_ptr<Workshop> workshop_of(SpawnedWorker spawned) {
  if (!spawned.kept) return std::make_shared<Workshop>(spawned);
  static std::mutex mutex;
  static auto& kept = *new std::map<int, std::shared_ptr<Workshop>>;  // its threads run till the end: never destroyed
  std::lock_guard lock(mutex);
  std::shared_ptr<Workshop>& workshop = kept[spawned.pid];
  if (!workshop) workshop = std::make_shared<Workshop>(spawned);
  return workshop;
}

}  // namespace

Session::Session(const CheckOptions& options, SpawnedWorker spawned)
    : options_(options),
      limits_(limits_of(options)),
      cores_(std::max(1u, std::thread::hardware_concurrency())),
      steps_at_once_(options.jobs > 0 ? options.jobs : cores_),
      stopped_(spawned.stopped),
      workshop_(workshop_of(spawned)) {
  Workshop& shop = *workshop_;
  if (shop.parser && (!shop.parser->alive() || shop.sandbox != options_.sandbox || ++shop.sessions > sessions_per_parser)) shop.parser.reset();
  if (!shop.parser) {
    shop.parser = worker().start(job("parse"));  // of a new worker forked before torch is there: quick and small
    shop.sandbox = options_.sandbox;
    shop.sessions = 1;
  }
  worker().warm();
  if (can_keep(options_)) cache_ = ContentCache::open(options_.cache);
}

std::pair<std::string, std::string> Session::python_folders() {
  try {
    const Json theirs = worker().versions();
    return {theirs.value("torch_folder", ""), theirs.value("library_folder", "")};
  } catch (const Error&) {  // what was judged says why
    return {};
  }
}

const std::string& Session::machine() {
  std::call_once(machine_known_, [&] {
    const auto [torch, library] = python_folders();
    const std::string python = python_digest(torch, library);
    // A machine that cannot be told from others shares nothing with them.
    machine_ = sha256(program_digest(find_worker(options_)) + python + (python.empty() ? random_bytes(32) : "") + processor());
  });
  return machine_;
}

JobSpec Session::job(const std::string& kind) const {
  JobSpec spec;
  spec.kind = kind;
  spec.limits = limits_;
  spec.stopped = stopped_;
  spec.sandbox = options_.sandbox == "off"        ? SandboxMode::off
                 : options_.sandbox == "required" ? SandboxMode::required
                                                  : SandboxMode::automatic;
  return spec;
}

JobSpec Session::model_job() const {
  JobSpec spec = job("model");
  spec.threads = std::max(1, cores_ / (2 * steps_at_once_));
  spec.device = options_.device;
  return spec;
}

std::map<std::string, std::string> Session::versions() {
  std::map<std::string, std::string> versions = {{"decomp", DECOMP_VERSION}};
  try {
    const Json theirs = worker().versions();
    for (const char* name : {"torch", "python"}) versions[name] = theirs.value(name, "?");
  } catch (const Error&) {  // what was judged says why
  }
  return versions;
}

std::shared_ptr<const Facts> Session::parsed(const std::string& sha256) {
  std::lock_guard lock(parse_mutex_);
  auto it = parsed_.find(sha256);
  return it == parsed_.end() ? nullptr : it->second;
}

std::shared_ptr<const Facts> Session::parse(const Source& source) {
  std::lock_guard lock(parse_mutex_);
  auto it = parsed_.find(source.sha256);
  if (it != parsed_.end()) return it->second;
  std::unique_ptr<Job>& parser = workshop_->parser;
  if (!parser || !parser->alive()) parser = worker().start(job("parse"));
  Message message = parser->request({{"cmd", "parse"}, {"path", source.path}, {"source", source.bytes}});
  if (auto error = message.body.find("error"); error != message.body.end() && error->is_object())
    throw JobFailure("syntax-error", "failed with " + error->value("message", "an unknown error"));
  auto found = message.body.find("facts");
  Json tree = found != message.body.end() ? std::move(*found) : Json();
  if (auto why = validate_facts(tree)) {
    parser.reset();
    throw JobFailure("run-garbled", "answered with something that is no syntax tree (" + *why + ")");
  }
  return parsed_[source.sha256] = std::make_shared<const Facts>(Facts{source.path, std::move(tree)});
}

}  // namespace decomp
