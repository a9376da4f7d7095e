#pragma once
// Rules as data: rules/*.json and one text per rule, rules/texts/<id>.md, all compiled into the binary.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/embedded.h"
#include "core/json.h"

namespace decomp {

// One rule's text, from rules/texts/<id>.md:
//   # <id>            first line
//   severity: error   second line (the severity that the rule has by default)
//   <summary>         one sentence
//   ## Why / ## Bad / ## Good / ## Fix   sections; Bad and Good hold a fenced block (python, json or text)
struct RuleText {
  std::string id;
  std::string severity;
  std::string summary;
  std::string why;
  std::string bad;
  std::string good;
  std::string fix;
  std::string_view markdown;  // the whole file
};

// A set of rule files. The product knows one, embedded(); tests make others to try a rule out.
class RuleBook {
 public:
  // `files`: names relative to rules/ ("grammar.json", "texts/grammar-import.md"). The texts must outlive the book.
  // Throws Error(infrastructure) for JSON that does not parse and for a text without its first two lines.
  explicit RuleBook(const std::vector<EmbeddedFile>& files);
  static const RuleBook& embedded();

  std::vector<std::string> ids() const;  // sorted
  std::optional<RuleText> text(std::string_view id) const;
  const Json& data(std::string_view name) const;  // "grammar" for grammar.json. Throws Error(infrastructure)

 private:
  std::map<std::string, RuleText, std::less<>> texts_;
  std::map<std::string, Json, std::less<>> data_;
};

// Of the embedded book.
std::vector<std::string> rule_ids();  // sorted
std::optional<RuleText> rule_text(std::string_view id);

// A data file of rules/, e.g. rule_data("grammar"): parsed once, lives for ever. Throws Error(infrastructure).
const Json& rule_data(std::string_view name);

// The nearest names by edit distance among `candidates` (at most 3), for "did you mean".
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace decomp
