// decomp explain RULE...: the rule book, compiled into the binary.

#include <algorithm>
#include <sstream>

#include "cli/command.h"
#include "core/rules.h"

namespace decomp {
namespace {

constexpr const char* help =
    "usage: decomp explain            every rule, one line each\n"
    "       decomp explain RULE...    what a rule is for, a bad and a good example, what to do\n"
    "       decomp explain --all [--format text|markdown]   the whole rule book\n";

// The texts as one page: a table of what there is, then each rule one heading deeper than in its own file.
void rule_book(const std::vector<std::string>& ids, std::ostream& out) {
  out << "# The rules\n\nPrinted by `decomp explain --all --format markdown`; `rules/texts/` holds each rule's own text.\n\n"
         "| rule | severity | fires when |\n|---|---|---|\n";
  for (const std::string& id : ids) {
    const auto text = rule_text(id);
    std::string summary;
    for (char c : text->summary) summary += c == '\n' ? ' ' : c;
    out << "| [" << id << "](#" << id << ") | " << text->severity << " | " << summary << " |\n";
  }
  for (const std::string& id : ids) {
    out << '\n';
    std::istringstream lines{std::string(rule_text(id)->markdown)};
    bool fenced = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("```", 0) == 0) fenced = !fenced;
      out << (!fenced && line.rfind("#", 0) == 0 ? "#" : "") << line << '\n';
      // A line of its own: markdown would join it with the sentence below.
      if (line.rfind("severity: ", 0) == 0 || line == "# " + id) out << '\n';
    }
  }
}

}  // namespace

int cmd_explain(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  std::vector<std::string> wanted;
  bool all = false;
  std::string format = "text";
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--help" || args[i] == "-h") {
      out << help;
      return 0;
    }
    if (args[i] == "--all") {
      all = true;
    } else if (args[i] == "--format") {
      format = i + 1 < args.size() ? args[++i] : "";
      if (format != "text" && format != "markdown") {
        err << "decomp explain: --format must be text or markdown\n" << help;
        return 2;
      }
    } else if (!args[i].empty() && args[i][0] == '-') {
      err << "decomp explain: there is no option " << args[i] << '\n' << help;
      return 2;
    } else {
      wanted.push_back(args[i]);
    }
  }
  std::vector<std::string> ids = rule_ids();
  if (all && format == "markdown") {
    rule_book(ids, out);
    return 0;
  }
  if (all) wanted = ids;
  if (wanted.empty()) {
    std::size_t width = 0;
    for (const std::string& id : ids) width = std::max(width, id.size());
    for (const std::string& id : ids)
      out << id << std::string(width + 2 - id.size(), ' ') << rule_text(id)->summary << '\n';
    return 0;
  }
  int code = 0;
  bool first = true;
  for (const std::string& id : wanted) {
    auto text = rule_text(id);
    if (!text) {
      err << "decomp explain: there is no rule `" << id << "`";
      auto near = nearest(id, ids);
      for (std::size_t i = 0; i < near.size(); ++i) err << (i == 0 ? "; did you mean `" : "`, `") << near[i];
      err << (near.empty() ? "" : "`?") << "\n`decomp explain` lists all rules.\n";
      code = 2;
      continue;
    }
    if (!first) out << '\n';
    first = false;
    out << text->markdown;
  }
  return code;
}

}  // namespace decomp
