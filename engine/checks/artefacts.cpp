#include "checks/artefacts.h"

#include <cctype>
#include <map>

namespace decomp {
namespace {

// Words of a text that are paths of files in a decomposition: "level_0_kernel/silu_fp32.py".
std::vector<std::string> paths_in(const std::string& text) {
  std::vector<std::string> paths;
  const auto part_of_path = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '/' || c == '.' || c == '-'; };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && part_of_path(text[end])) ++end;
    std::string word = text.substr(at, end - at);
    at = end + 1;
    while (!word.empty() && (word.back() == '.' || word.back() == '/')) word.pop_back();
    for (const char* folder : {"level_0_kernel/", "level_1_fusion/", "level_2_layer/", "level_3_model/", "steps/", "verification/"})
      if (word.rfind(folder, 0) == 0 && word.find('.') != std::string::npos && word.find("..") == std::string::npos) paths.push_back(word);
  }
  return paths;
}

}  // namespace

const std::vector<RequiredArtefact>& required_artefacts() {
  static const std::vector<RequiredArtefact> all = {
      {"decomposition_tree.json", Severity::error, "Write the hierarchy of the components; `decomp explain tree-json` shows the form."},
      {"level_0_kernel", Severity::error, "Put every kernel into level_0_kernel/, one file per workload."},
      {"verification/coverage_summary.json", Severity::error, "Run: decomp extract-ops --model MODEL.py --decomp-dir DIR --output DIR/verification/coverage_summary.json"},
      {"verification/step_verification_summary.json", Severity::warning, "Run: decomp run-steps DIR"},
      {"verification/test_results.json", Severity::warning, "Run: decomp run-tests DIR"},
      {"decomposition_analysis.md", Severity::warning, "Describe the model, its levels and what was decided."},
      {"decomposition_log.json", Severity::warning, "Log decisions, difficulties and deviations: {\"entries\": [...]}."},
  };
  return all;
}

std::optional<std::string> schema_of_report(const std::string& file_name) {
  static const std::map<std::string, std::string> schemas = {
      {"test_results.json", "test_results"},
      {"step_verification_summary.json", "step_verification_summary"},
      {"coverage_summary.json", "coverage_report"},
      {"coverage_report.json", "coverage_report"},
      {"verification_result.json", "verification_result"},
  };
  const auto found = schemas.find(file_name);
  return found == schemas.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Finding> check_log(const Document& log, const std::function<bool(const std::string&)>& exists) {
  std::vector<Finding> findings;
  const Json& entries = log.value.at("entries");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string pointer = "/entries/" + std::to_string(i);
    const std::string step = entries[i].at("step").get<std::string>();
    if (step.rfind("step_", 0) == 0 && !exists("steps/" + step))
      findings.push_back(finding_in(log, "log-untrue", Severity::error, pointer + "/step", "the entry is about " + step + ", and there is no such folder in steps/",
                                    "Name the step that the entry is about, or the phase."));
    for (const char* member : {"title", "description", "resolution"}) {
      if (!entries[i].contains(member)) continue;
      for (const std::string& path : paths_in(entries[i].at(member).get<std::string>()))
        if (!exists(path))
          findings.push_back(finding_in(log, "log-untrue", Severity::warning, pointer + "/" + member, "the entry speaks of " + path + ", and there is no such file",
                                        "Name the file as it is called now."));
    }
  }
  return findings;
}

}  // namespace decomp
