#pragma once
// Many decompositions, one table.

#include <string>
#include <vector>

#include "report/render.h"

namespace decomp {

struct BatchEntry {
  std::string path;
  std::string level;  // of the source model: "level3"; "" where nothing says it
  Report report;
};

struct BatchReport {
  std::string folder;
  std::vector<BatchEntry> entries;
  std::vector<std::string> others;  // folders that hold no decomposition
  std::size_t left = 0;             // not begun: interrupted
};

// PASSED: all holds. PARTIAL: not all, but a step or a kernel's test does. FAILED. NOT DECIDED: the machine could not tell.
std::string_view batch_status(const Report& report);
int exit_code(const BatchReport& report);

void render_batch_entry(const BatchEntry& entry, const RenderOptions& options, std::ostream& out);
void render_batch_total(const BatchReport& report, const RenderOptions& options, std::ostream& out);
// schemas/batch_report.schema.json
Json batch_json(const BatchReport& report);

}  // namespace decomp
