// What decompose and batch-decompose say about the ways that modules were taken apart by.

#include <fmt/format.h>

#include "cli/decompose_options.h"

namespace decomp {

Json summary_of(const DecomposeOutcome& outcome) {
  const auto parsed = parse_json(outcome.summary);
  const Json* summary = std::get_if<Json>(&parsed);
  return summary != nullptr && summary->is_object() ? *summary : Json::object();
}

std::string ways_text(const Json& summary) {
  std::string text;
  const auto say = [&](const char* list, const char* how) {
    for (const Json& entry : summary.value(list, Json::array()))
      if (entry.is_object())
        text += fmt::format("  {} ({}): {}; {}\n", entry.value("module", "") == "" ? "the model itself" : entry.value("module", ""), entry.value("class", ""), how,
                            entry.value("reason", ""));
  };
  say("recorded", "straight-line code of the recorded run");
  say("gaps", "not taken apart");
  return text;
}

}  // namespace decomp
