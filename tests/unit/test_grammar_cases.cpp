// tests/cases/<rule>/: a bad_*.py file must fire that rule exactly where a comment `# <- column ...` says, and nothing
// else; a near_*.py file, which looks much like it, must stay silent.
//
// The first line says what the file is judged as (`# refactored`, `# component`); `# children: a b` names the files in
// children/, and `# original: file.py` the component that the file is compared with for changes of state.

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "checks/grammar.h"
#include "core/rules.h"
#include "python_facts.h"

namespace fs = std::filesystem;
using namespace decomp;

namespace {

struct Place {
  std::string rule;
  int line;
  int column;
  bool operator==(const Place& other) const { return rule == other.rule && line == other.line && column == other.column; }
  bool operator<(const Place& other) const {
    return std::tie(line, column, rule) < std::tie(other.line, other.column, other.rule);
  }
};

std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.line << ":" << place.column << " " << place.rule;
}

struct Case {
  std::string name;  // grammar-import/bad_numpy.py
  std::string text;
  bool refactored = false;
  std::set<std::string> children;
  std::string original;  // a name like `name`, or ""
  std::vector<Place> expected;
};

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

Case read_case(const fs::path& file) {
  const std::string rule = file.parent_path().filename().string();
  Case read{rule + "/" + file.filename().string(), read_file(file), false, {}, {}, {}};
  INFO(read.name);
  std::istringstream lines(read.text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (number == 1) {
      REQUIRE((line == "# refactored" || line == "# component"));
      read.refactored = line == "# refactored";
    }
    if (line.rfind("# children: ", 0) == 0) read.children = words(line.substr(12));
    if (line.rfind("# original: ", 0) == 0) read.original = rule + "/" + line.substr(12);
    if (const auto mark = line.find("# <- "); mark != std::string::npos)
      for (const std::string& column : words(line.substr(mark + 5))) read.expected.push_back({rule, number, std::stoi(column)});
  }
  std::sort(read.expected.begin(), read.expected.end());
  const bool bad = file.filename().string().rfind("bad_", 0) == 0;
  REQUIRE(bad != read.expected.empty());
  return read;
}

std::vector<Finding> judge(const Case& judged, const Facts& facts, const Facts* original) {
  std::vector<Finding> findings = facts_findings(facts);
  if (!findings.empty()) return findings;
  const GrammarResult result = judged.refactored ? check_refactored_grammar(facts, judged.children)
                                                 : check_component_grammar(facts, judged.children);
  findings = result.findings;
  if (original)
    for (Finding& finding : check_state_writes(result, *original)) findings.push_back(std::move(finding));
  return findings;
}

bool is_rule_of_files(const std::string& rule) {
  // The other rules about files need a folder, not a file: tests/broken has them. What a refused loader would have bound draws other
  // findings, too: tests/attacks.
  static const std::set<std::string> elsewhere = {"grammar-package-code", "grammar-loader", "file-settings", "file-unreadable"};
  const std::string family = rule.substr(0, rule.find('-'));
  return (family == "grammar" || family == "syntax" || family == "file") && !elsewhere.count(rule);
}

}  // namespace

TEST_CASE("each rule fires exactly where the cases say, and near misses stay silent", "[grammar]") {
  std::vector<Case> cases;
  std::map<std::string, std::size_t> originals;  // name -> index into sources
  for (const auto& folder : fs::directory_iterator(DECOMP_CASES))
    if (is_rule_of_files(folder.path().filename().string()))
      for (const auto& file : fs::directory_iterator(folder))
        if (file.path().filename().string().rfind("original", 0) != 0) cases.push_back(read_case(file.path()));
  REQUIRE(cases.size() > 100);
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.name < b.name; });

  std::vector<std::string> sources;
  for (const Case& one : cases) sources.push_back(one.text);
  for (const Case& one : cases)
    if (!one.original.empty() && originals.emplace(one.original, sources.size()).second)
      sources.push_back(read_file(fs::path(DECOMP_CASES) / one.original));
  const std::vector<Facts> facts = python_facts(sources);

  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Facts* original = cases[i].original.empty() ? nullptr : &facts[originals.at(cases[i].original)];
    std::vector<Place> found;
    std::string messages = cases[i].name;
    for (const Finding& finding : judge(cases[i], facts[i], original)) {
      found.push_back({finding.rule, finding.where.line, finding.where.column});
      messages += "\n  " + finding.message + " -- " + finding.help;
      CHECK_FALSE(finding.help.empty());
      const auto text = rule_text(finding.rule);
      REQUIRE(text);
      CHECK(to_string(finding.severity) == text->severity);
    }
    std::sort(found.begin(), found.end());
    INFO(messages);
    CHECK(found == cases[i].expected);
  }
}

TEST_CASE("every rule about files has a bad case and a near miss", "[grammar]") {
  for (const std::string& rule : rule_ids()) {
    if (!is_rule_of_files(rule)) continue;
    int bad = 0, near = 0;
    const fs::path folder = fs::path(DECOMP_CASES) / rule;
    if (fs::is_directory(folder))
      for (const auto& file : fs::directory_iterator(folder)) {
        bad += file.path().filename().string().rfind("bad_", 0) == 0;
        near += file.path().filename().string().rfind("near_", 0) == 0;
      }
    INFO(rule);
    CHECK(bad > 0);
    CHECK(near > 0);
  }
}

TEST_CASE("messages name what the file has and what may stand in place of it", "[grammar]") {
  const auto facts = python_facts({"import torch\n\n\nclass Gelu(torch.nn.Module):\n    pass\n\n\ndef get_inputs():\n    return []\n\n\ndef get_init_inputs():\n    return []\n",
                                   "import torch\nfrom children.a import Model as A\n\n\nclass RefactoredModel(torch.nn.Module):\n"
                                   "    def __init__(self):\n        super().__init__()\n        self.a = A()\n\n"
                                   "    def forward(self, x):\n        return self.a(torch.where(x > 0, x, 0.0))\n"});
  const auto unnamed = check_component_grammar(facts[0], {}).findings;
  REQUIRE(unnamed.size() == 1);
  CHECK(unnamed[0].message == "the file defines `Gelu`, but no class `Model`");
  const auto chosen = check_refactored_grammar(facts[1], {"a"}).findings;
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0].rule == "grammar-compute-op");
  CHECK(chosen[0].help.find("`masked_fill`") != std::string::npos);
}
