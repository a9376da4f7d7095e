#include "core/rules.h"

#include "core/error.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace decomp {

extern const EmbeddedFile* const rule_files_begin;
extern const EmbeddedFile* const rule_files_end;

namespace {

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \n");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \n") + 1 - first));
}

[[noreturn]] void refuse(std::string_view file, const std::string& why) {
  throw Error(ErrorKind::infrastructure, "the rule file " + std::string(file) + " is broken: " + why);
}

RuleText read_text(const EmbeddedFile& file, const std::string& id) {
  RuleText rule;
  rule.id = id;
  rule.markdown = file.text;
  if (file.text.substr(0, id.size() + 3) != "# " + id + "\n") refuse(file.name, "its first line is not \"# " + id + "\"");

  std::string* section = &rule.summary;
  std::string buffer;
  bool fenced = false;
  const auto finish = [&] { *section = trimmed(std::exchange(buffer, {})); };
  const std::vector<std::pair<std::string_view, std::string*>> headings = {
      {"## Why", &rule.why}, {"## Bad", &rule.bad}, {"## Good", &rule.good}, {"## Fix", &rule.fix}};

  std::string_view rest = file.text.substr(id.size() + 3);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.substr(0, 3) == "```") fenced = !fenced;
    const auto heading = std::find_if(headings.begin(), headings.end(), [&](const auto& h) { return h.first == line; });
    if (!fenced && heading != headings.end()) {
      finish();
      section = heading->second;
    } else if (rule.severity.empty() && line.substr(0, 10) == "severity: ") {
      rule.severity = line.substr(10);
    } else {
      buffer.append(line).push_back('\n');
    }
  }
  finish();
  if (rule.severity.empty()) refuse(file.name, "it has no line \"severity: error\"");
  return rule;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

}  // namespace

RuleBook::RuleBook(const std::vector<EmbeddedFile>& files) {
  for (const EmbeddedFile& file : files) {
    std::string_view name = file.name;
    if (name.substr(0, 6) == "texts/" && name.size() > 9 && name.substr(name.size() - 3) == ".md") {
      const std::string id(name.substr(6, name.size() - 9));
      texts_.emplace(id, read_text(file, id));
    } else if (name.size() > 5 && name.substr(name.size() - 5) == ".json") {
      auto parsed = parse_json(file.text);
      if (const auto* error = std::get_if<JsonError>(&parsed))
        refuse(name, "line " + std::to_string(error->line) + ": " + error->message);
      data_.emplace(name.substr(0, name.size() - 5), std::get<Json>(std::move(parsed)));
    }
  }
}

const RuleBook& RuleBook::embedded() {
  static const RuleBook book(std::vector<EmbeddedFile>(rule_files_begin, rule_files_end));
  return book;
}

std::vector<std::string> RuleBook::ids() const {
  std::vector<std::string> names;
  for (const auto& [id, unused] : texts_) names.push_back(id);
  return names;
}

std::optional<RuleText> RuleBook::text(std::string_view id) const {
  const auto found = texts_.find(id);
  if (found == texts_.end()) return std::nullopt;
  return found->second;
}

const Json& RuleBook::data(std::string_view name) const {
  const auto found = data_.find(name);
  if (found == data_.end()) throw Error(ErrorKind::infrastructure, "there is no rule file " + std::string(name) + ".json");
  return found->second;
}

std::vector<std::string> rule_ids() { return RuleBook::embedded().ids(); }
std::optional<RuleText> rule_text(std::string_view id) { return RuleBook::embedded().text(id); }
const Json& rule_data(std::string_view name) { return RuleBook::embedded().data(name); }

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::vector<std::pair<std::size_t, const std::string*>> ranked;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    // A name that shares less than half its letters is no help.
    if (2 * distance <= std::max(word.size(), candidate.size())) ranked.emplace_back(distance, &candidate);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, ranked.size()); ++i) names.push_back(*ranked[i].second);
  return names;
}

}  // namespace decomp
