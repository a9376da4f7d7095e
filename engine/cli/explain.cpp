// decomp explain RULE...: the rule book, compiled into the binary.

#include <algorithm>

#include "cli/command.h"
#include "core/rules.h"

namespace decomp {
namespace {

constexpr const char* help =
    "usage: decomp explain            every rule, one line each\n"
    "       decomp explain RULE...    what a rule is for, a bad and a good example, what to do\n"
    "       decomp explain --all [--format text|markdown]   the whole rule book\n";

}  // namespace

int cmd_explain(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  std::vector<std::string> wanted;
  bool all = false;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--help" || args[i] == "-h") {
      out << help;
      return 0;
    }
    if (args[i] == "--all") {
      all = true;
    } else if (args[i] == "--format") {  // the texts are markdown, which reads as text
      std::string format = i + 1 < args.size() ? args[++i] : "";
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
