#include "pipeline/step_memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "host/worker.h"

namespace decomp {
namespace {

std::uint64_t physical_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string megabytes(std::uint64_t bytes) {
  return bytes >= 10ull << 30 ? fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1ull << 30)) : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1ull << 20));
}

// What the integers of a file may multiply to where they stand together: in one call, tuple or list.
class Sizes {
 public:
  explicit Sizes(const Facts& facts) {
    for (const Node& statement : facts.module().list("body"))
      if (statement.is("Assign"))
        for (const Node& target : statement.list("targets"))
          if (target.is("Name")) constants_[target.text("id")] = value_of(statement.child("value"));
    std::vector<Node> open = facts.module().list("body");
    while (!open.empty()) {
      const Node node = open.back();
      open.pop_back();
      if (node.is("Call")) together(node.list("args"), node.list("keywords"));
      if (node.is("Tuple") || node.is("List")) together(node.list("elts"), {});
      for (const Node& child : node.children()) open.push_back(child);
    }
  }
  double largest() const { return largest_; }

 private:
  // 1 for what is no number, or not known.
  double value_of(const Node& node) const {
    if (node.is("Constant")) {
      const Json* value = node.raw("value");
      return value != nullptr && value->at("kind") == "int" ? std::strtod(value->at("value").get_ref<const std::string&>().c_str(), nullptr) : 1;
    }
    if (node.is("Name")) {
      const auto known = constants_.find(node.text("id"));
      return known == constants_.end() ? 1 : known->second;
    }
    if (node.is("keyword")) return value_of(node.child("value"));
    if (!node.is("BinOp")) return 1;
    const double left = value_of(node.child("left")), right = value_of(node.child("right"));
    const std::string op = node.text("op");
    return op == "Mult" ? left * right : op == "Pow" ? std::pow(left, right) : op == "LShift" ? left * std::pow(2, right) : op == "Add" ? left + right : op == "FloorDiv" ? left / right : left;
  }

  // A size that is given once may be used twice, as a square weight's; four of those make a layer.
  void together(const std::vector<Node>& nodes, const std::vector<Node>& more) {
    double product = 1, most = 1;
    for (const auto* list : {&nodes, &more})
      for (const Node& node : *list) {
        const double value = std::max(1.0, value_of(node));
        product *= value;
        most = std::max(most, value);
      }
    largest_ = std::max({largest_, product, 4 * most * most});
  }

  std::map<std::string, double> constants_;
  double largest_ = 1;
};

// An estimate costs a fork, and imports. Sizes that are far from the limit show that none is needed; what slips through is stopped by the
// limit itself.
bool may_be_large(const Facts& facts, std::uint64_t limit) { return 4 * Sizes(facts).largest() >= static_cast<double>(limit) / 4; }

constexpr std::uint64_t room = 2ull << 30;  // for what torch imports when it is asked for shapes; no tensor is made

std::optional<MemoryEstimate> estimate(Session& session, JobSpec spec, const SideFile& root, const std::vector<SideFile>& others, const std::string& class_name) {
  try {
    spec.kind = "estimate";
    spec.limits.memory_bytes = std::max(spec.limits.memory_bytes, room);
    const auto job = session.worker().start(spec);
    Json answer = job->request({{"cmd", "load"}, {"files", files_json(root, others)}}).body;
    if (!answer.contains("error")) answer = job->request({{"cmd", "estimate"}, {"class", class_name}}).body;
    if (answer.contains("error")) return std::nullopt;
    const auto bytes = [&](const char* name) { return static_cast<std::uint64_t>(std::max<std::int64_t>(0, answer.at(name).get<std::int64_t>())); };
    return MemoryEstimate{bytes("weights"), bytes("inputs"), bytes("activations")};
  } catch (const JobFailure&) {
    return std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::optional<MemoryEstimate> known_or_estimated(Session& session, const JobSpec& spec, const SideFile& root, const std::vector<SideFile>& others, const std::string& class_name) {
  std::string code = spec.device + " " + class_name + " " + root.source->sha256;
  for (const SideFile& other : others) code += " " + other.source->module + " " + other.source->sha256;
  Estimates& made = session.estimates();
  {
    std::lock_guard lock(made.mutex);
    if (const auto found = made.known.find(code); found != made.known.end()) return found->second;
  }
  const auto found = estimate(session, spec, root, others, class_name);
  std::lock_guard lock(made.mutex);
  return made.known.emplace(code, found).first->second;
}

}  // namespace

void judge_memory_of(Session& session, const JobSpec& job, const Facts& facts, const SideFile& root, const std::vector<SideFile>& others,
                     const std::string& class_name) {
  const std::uint64_t given = session.limits().memory_bytes, machine = physical_memory();
  const std::uint64_t limit = std::min(given, machine);
  if (!may_be_large(facts, limit)) return;
  const auto found = known_or_estimated(session, job, root, others, class_name);
  if (!found || found->total() <= limit) return;
  throw StepUndecided{{"run-memory-estimate",
                       Severity::error,
                       {root.source->path},
                       "one run needs at least " + megabytes(found->total()) + " of memory (weights " + megabytes(found->weights) + ", inputs " + megabytes(found->inputs) +
                           ", activations " + megabytes(found->activations) + ", estimated from shapes); a job may have " + megabytes(limit) +
                           (session.options().memory_bytes && given <= machine ? " (--max-memory)" : ", and the machine has " + megabytes(machine)),
                       "Raise --max-memory, or check it on a machine with more memory."}};
}

void judge_memory(StepContext& step) {
  Stopwatch watch(step.report.seconds["memory"]);
  judge_memory_of(step.session, step.model_job(), *step.original_facts, {&*step.original, step.original_grammar.dropped}, {}, step.original_grammar.model_class);
}

}  // namespace decomp
