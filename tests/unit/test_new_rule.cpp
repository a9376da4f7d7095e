// Adding a rule the way CONTRIBUTING says: one row in rules/grammar.json, one text, and it is judged and explained.

#include <catch2/catch.hpp>

#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "checks/grammar.h"
#include "checks/grammar_lists.h"
#include "core/error.h"
#include "python_facts.h"

namespace fs = std::filesystem;
using namespace decomp;

namespace {

// The files of rules/, which a test may change in memory.
class RuleFiles {
 public:
  RuleFiles() {
    const fs::path folder = fs::path(DECOMP_SOURCE_DIR) / "rules";
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.is_regular_file()) read(entry.path(), entry.path().filename().string());
    for (const auto& entry : fs::directory_iterator(folder / "texts")) read(entry.path(), "texts/" + entry.path().filename().string());
  }

  void add(const std::string& name, std::string text) {
    names_.push_back(name);
    texts_.push_back(std::move(text));
  }

  Json& grammar() { return grammar_; }

  RuleBook book() {
    std::vector<EmbeddedFile> files;
    grammar_text_ = grammar_.dump();
    for (std::size_t i = 0; i < names_.size(); ++i) files.push_back({names_[i], texts_[i]});
    files.push_back({"grammar.json", grammar_text_});
    return RuleBook(files);
  }

 private:
  void read(const fs::path& file, const std::string& name) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (name == "grammar.json")
      grammar_ = Json::parse(text);
    else
      add(name, std::move(text));
  }

  std::deque<std::string> names_, texts_;  // the book keeps views of the texts
  Json grammar_;
  std::string grammar_text_;
};

const char* const text_of_rule = R"(# grammar-no-sorting
severity: error
Sorting is refused.

## Why
To see that a rule can be added.

## Bad
```python
torch.sort(x)
```

## Good
```python
torch.topk(x, 3)
```

## Fix
Use topk.
)";

const char* const component = R"(import torch as t
import torch.nn as nn


class Model(nn.Module):
    def forward(self, x):
        return t.sort(x).values + x.argsort()


def get_inputs():
    return [t.randn(4)]


def get_init_inputs():
    return []
)";

}  // namespace

TEST_CASE("a new banned name and its text are a new rule", "[rules]") {
  const Facts facts = python_facts({component})[0];
  RuleFiles files;

  const RuleBook before = files.book();
  CHECK(check_component_grammar(facts, {}, {}, GrammarLists(before)).findings.empty());
  CHECK_FALSE(before.text("grammar-no-sorting"));

  files.grammar()["banned"].push_back({{"rule", "grammar-no-sorting"}, {"why", "it sorts"}, {"help", "use topk"},
                                       {"paths", {"torch.sort"}}, {"attributes", {"argsort"}}});
  files.add("texts/grammar-no-sorting.md", text_of_rule);
  const RuleBook after = files.book();
  const auto findings = check_component_grammar(facts, {}, {}, GrammarLists(after)).findings;
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].rule == "grammar-no-sorting");
  CHECK(findings[0].where.line == 7);
  CHECK(findings[0].where.column == 16);
  CHECK(findings[0].message == "`t.sort` (torch.sort) is refused: it sorts");
  CHECK(findings[0].help == "use topk");
  CHECK(findings[1].message == "`.argsort()` is refused: it sorts");
  REQUIRE(after.text("grammar-no-sorting"));
  CHECK(after.text("grammar-no-sorting")->fix == "Use topk.");

  // The product's own rules are untouched.
  CHECK(check_component_grammar(facts, {}).findings.empty());
}

TEST_CASE("a name that is added to a list is allowed, one that is removed is refused", "[rules]") {
  const Facts facts = python_facts({component})[0];
  RuleFiles files;
  Json& functions = files.grammar()["component"]["paths"]["torch"];
  functions.erase(std::find(functions.begin(), functions.end(), "sort"));
  const RuleBook without = files.book();
  const auto findings = check_component_grammar(facts, {}, {}, GrammarLists(without)).findings;
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "grammar-unlisted-call");
  functions.push_back("sort");
  const RuleBook with = files.book();
  CHECK(check_component_grammar(facts, {}, {}, GrammarLists(with)).findings.empty());
}

TEST_CASE("broken rule data is named with its place", "[rules]") {
  const auto message = [](auto&& change) {
    RuleFiles files;
    change(files.grammar());
    const RuleBook book = files.book();
    try {
      const GrammarLists lists(book);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::infrastructure);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(message([](Json&) {}).empty());
  CHECK(message([](Json& g) { g.erase("mutators"); }).find("has no \"mutators\"") != std::string::npos);
  CHECK(message([](Json& g) { g["refactored"]["methods"] = 3; }).find("refactored/methods") != std::string::npos);
  CHECK(message([](Json& g) { g["banned"][0].erase("why"); }).find("banned/0") != std::string::npos);
  CHECK(message([](Json& g) { g["component"]["paths"]["torch"].push_back(1); }).find("component/paths/torch") != std::string::npos);
}
