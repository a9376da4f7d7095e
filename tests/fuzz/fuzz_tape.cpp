// A job's tape and module list: what decodes is judged by every check that reads tapes, without a crash.
// Input: {"original": tape, "refactored": tape, "modules": [module...], "files": [import name of a child file...]}

#include <stdexcept>

#include "checks/children.h"
#include "checks/comparisons.h"
#include "checks/conservation.h"
#include "checks/faces.h"
#include "checks/kernels.h"
#include "checks/numbers.h"
#include "checks/reads.h"
#include "core/tape.h"
#include "fuzz.h"

using namespace decomp;
using decomp::fuzz::require;

namespace {

void check_findings(const std::vector<Finding>& findings) {
  for (const Finding& f : findings) require(!f.rule.empty() && !f.message.empty(), "a finding without rule or message");
}

}  // namespace

DECOMP_FUZZ_JSON

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = parse_json(fuzz::text_of(data, size), 1000);
  const Json* input = std::get_if<Json>(&parsed);
  if (input == nullptr || !input->is_object()) return 0;
  Tape original, refactored;
  std::vector<ModuleInstance> modules;
  std::set<std::string> files;
  std::map<std::string, std::string> levels;
  ReadNames names;
  try {
    original = decode_tape(input->value("original", Json()));
    refactored = decode_tape(input->value("refactored", Json()));
    for (const Json& file : input->value("files", Json::array())) files.insert(file.get<std::string>());
    modules = module_instances(input->value("modules", Json()), files);
  } catch (const std::invalid_argument& refused) {
    require(refused.what()[0] != '\0', "a tape is refused without a reason");
    return 0;
  } catch (const Json::exception&) {
    return 0;
  }
  require(module_instances(Json::array(), files).empty(), "modules out of nothing");
  for (const Tape* tape : {&original, &refactored}) {
    require(live_entries(*tape).size() == tape->entries.size(), "liveness of other entries");
    for (const TapeEntry& e : tape->entries)
      for (const TapeRef& ref : e.out) require(ref.numel() >= 0, "a tensor of fewer than no elements");
  }
  for (const std::string& file : files) levels[file] = "kernel";
  for (int i = 0; i < 8; ++i) {
    names.original.push_back("w" + std::to_string(i));
    names.refactored.push_back("child.w" + std::to_string(i));
    names.mapped.emplace_back(names.original.back(), names.refactored.back());
  }
  names.nulled = {"w7"};

  const ConservationResult conservation = check_conservation(original, refactored, modules, modules);
  check_findings(conservation.findings);
  check_findings(check_comparisons(original, refactored, conservation, modules, modules));
  replaced_number(original, refactored, conservation.composed_refactored);
  lost_epsilon(original, refactored, true);
  require(!lost_epsilon(original, original, true), "a tape has other epsilons than itself");
  check_findings(check_faces(refactored, modules));
  check_findings(check_conservation(original, refactored, modules, modules, true).findings);
  first_divergence(original, refactored, modules);
  check_findings(check_children(original, refactored, modules, files));
  check_findings(check_kernels(refactored, modules, levels));
  check_findings(check_reads(original, refactored, names));
  for (const ModuleInstance& m : modules) {
    replay_departs(original, refactored, modules, m.path);
    require(replay_departs(Tape{}, Tape{}, modules, m.path).empty(), "two empty runs differ");
  }
  // What a run computes is what that run computes.
  for (const Finding& f : check_conservation(original, original, modules, modules).findings)
    require(f.rule != "conservation-argument" && f.rule != "conservation-unused", "a tape departs from itself: " + f.rule + " " + f.message);
  return 0;
}
