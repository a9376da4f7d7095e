// --format agent: for programs that mend what is found. One line a finding: its rule, its place, what is wrong and what to do.

#include <map>
#include <set>

#include "report/render.h"
#include "report/render_place.h"

namespace decomp {
namespace {

// A rule that fires everywhere has one cause; the agent's reading time is dear. --format json has them all.
constexpr int shown_per_rule = 12;

class AgentLines {
 public:
  explicit AgentLines(std::ostream& out) : out_(out) {}

  void add(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
      if (finding.severity == Severity::note) continue;
      const int seen = ++count_[finding.rule];
      if (seen > shown_per_rule) continue;
      out_ << (finding.severity == Severity::warning ? "warning " : "") << finding.rule << ' ' << place_text(finding.where) << ' '
           << printable_text(finding.message);
      // The same advice once is enough.
      if (!finding.help.empty() && told_.insert(finding.rule + finding.help).second) out_ << " -> " << printable_text(finding.help);
      out_ << '\n';
    }
  }

  void finish() const {
    for (const auto& [rule, count] : count_)
      if (count > shown_per_rule) out_ << rule << ' ' << count - shown_per_rule << " more like these\n";
  }

 private:
  std::ostream& out_;
  std::map<std::string, int> count_;
  std::set<std::string> told_;
};

template <class Item>
void tell(const std::vector<Item>& items, AgentLines& lines, std::size_t& passed, std::ostream& out) {
  for (const Item& item : items) {
    if (item.status == Status::pass) ++passed;
    bool explained = false;
    for (const Finding& finding : item.findings) explained = explained || finding.severity == Severity::error;
    if (item.status != Status::pass && !explained) out << to_string(item.status) << ' ' << item.path << '\n';
    lines.add(item.findings);
  }
}

}  // namespace

void render_agent(const Report& report, const RenderOptions&, std::ostream& out) {
  AgentLines lines(out);
  std::size_t passed = 0;
  tell(report.steps, lines, passed, out);
  std::size_t others = 0;  // beside steps, shown by the status alone
  tell(report.compositions, lines, others, out);
  tell(report.components, lines, report.steps.empty() ? passed : others, out);
  lines.add(report.findings);
  lines.finish();
  out << to_string(report.status);
  if (const std::size_t all = report.steps.empty() ? report.components.size() : report.steps.size(); all > 0) out << ' ' << passed << '/' << all;
  for (const CoverageReport& coverage : report.coverage) out << ' ' << coverage.status << ' ' << coverage.covered << '/' << coverage.total_original;
  out << '\n';
}

}  // namespace decomp
