// Rules as data: every rule that the engine can report has a text that people can read.

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "core/error.h"
#include "core/rules.h"

namespace fs = std::filesystem;
using namespace decomp;

namespace {

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

void add_ids(const std::string& text, std::set<std::string>& ids) {
  static const std::regex id("\"((?:grammar|wrapper|file|syntax|run|step|tape|conservation|custody|mutant|vacuous|output|weight|name|level|template|"
                             "component|coverage|replay|composition|decompose|decomposition|artefact|dimension|log|tree)"
                             "-[a-z0-9]+(?:-[a-z0-9]+)*)\"");
  for (std::sregex_iterator match(text.begin(), text.end(), id), end; match != end; ++match) ids.insert((*match)[1]);
}

// Rule ids written out in the engine's sources and in the grammar's data.
std::set<std::string> reported_ids() {
  std::set<std::string> ids;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(DECOMP_SOURCE_DIR) / "engine"))
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h")
      add_ids(read_file(entry.path()), ids);
  add_ids(read_file(fs::path(DECOMP_SOURCE_DIR) / "rules" / "grammar.json"), ids);
  for (const char* command : {"run-steps", "run-tests"}) ids.erase(command);
  return ids;
}

bool has_block(const std::string& section) {
  static const std::regex block("```(python|json|text|toml|sh)\n[^]*\\S[^]*\n```");
  return std::regex_search(section, block);
}

RuleBook book_of(std::string_view name, std::string_view text) { return RuleBook(std::vector<EmbeddedFile>{{name, text}}); }

}  // namespace

TEST_CASE("every rule that the engine reports has a text", "[rules]") {
  const auto reported = reported_ids();
  CHECK(reported.size() > 80);
  CHECK(reported.count("grammar-compute-op"));
  CHECK(reported.count("grammar-hook"));  // only in rules/grammar.json
  for (const std::string& id : reported) {
    INFO(id);
    CHECK(rule_text(id).has_value());
  }
}

TEST_CASE("every text is whole", "[rules]") {
  const auto ids = rule_ids();
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  for (const std::string& id : ids) {
    INFO(id);
    const auto text = rule_text(id);
    REQUIRE(text);
    CHECK(text->id == id);
    CHECK((text->severity == "error" || text->severity == "warning" || text->severity == "note"));
    CHECK_FALSE(text->summary.empty());
    CHECK(text->summary.find('\n') == std::string::npos);
    CHECK(text->summary.back() == '.');
    CHECK_FALSE(text->why.empty());
    CHECK(has_block(text->bad));
    CHECK(has_block(text->good));
    CHECK(text->bad != text->good);
    CHECK_FALSE(text->fix.empty());
  }
}

TEST_CASE("no text is left over from a rule that is gone", "[rules]") {
  const auto reported = reported_ids();
  for (const std::string& id : rule_ids()) {
    INFO(id);
    CHECK(reported.count(id));
  }
}

TEST_CASE("all data files of rules/ are embedded and parse", "[rules]") {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(DECOMP_SOURCE_DIR) / "rules")) {
    if (entry.path().extension() != ".json") continue;
    INFO(entry.path());
    CHECK(rule_data(entry.path().stem().string()).is_object());
    ++files;
  }
  CHECK(files >= 6);
  CHECK_THROWS_AS(rule_data("no-such-file"), Error);
}

TEST_CASE("a heading or a severity inside a block is text", "[rules]") {
  const auto book = book_of("texts/a-rule.md",
                            "# a-rule\nseverity: note\nOne sentence.\n\n## Why\nBecause.\n\n## Bad\n```python\n## Good\nx = 1\n"
                            "severity: error\n```\n\n## Good\n```python\ny = 2\n```\n\n## Fix\nDo it.\n");
  const auto text = book.text("a-rule");
  REQUIRE(text);
  CHECK(text->severity == "note");
  CHECK(text->summary == "One sentence.");
  CHECK(text->why == "Because.");
  CHECK(text->bad == "```python\n## Good\nx = 1\nseverity: error\n```");
  CHECK(text->good == "```python\ny = 2\n```");
  CHECK(text->fix == "Do it.");
  CHECK_FALSE(book.text("another-rule"));
}

TEST_CASE("broken rule files are refused", "[rules]") {
  CHECK_THROWS_AS(book_of("texts/a-rule.md", "# another-rule\nseverity: error\nText.\n"), Error);
  CHECK_THROWS_AS(book_of("texts/a-rule.md", "# a-rule\nText.\n"), Error);
  CHECK_THROWS_AS(book_of("data.json", "{\"a\": }"), Error);
  CHECK(book_of("data.json", "{\"a\": [1]}").data("data").at("a").size() == 1);
}

TEST_CASE("nearest() finds what a misspelled word meant", "[rules]") {
  const std::vector<std::string> names = {"transpose", "reshape", "permute", "squeeze", "unsqueeze"};
  REQUIRE_FALSE(nearest("transposed", names).empty());
  CHECK(nearest("transposed", names)[0] == "transpose");
  CHECK(nearest("reshpae", names)[0] == "reshape");
  REQUIRE_FALSE(nearest("squeze", names).empty());
  CHECK(nearest("squeze", names)[0] == "squeeze");
  CHECK(nearest("conv_transpose_backward_kernel", names).empty());
  CHECK(nearest("anything", {}).empty());
  CHECK(nearest("block", {"block1", "block2", "block3", "block4", "block5"}).size() == 3);
  for (const std::string& id : rule_ids()) {
    INFO(id);
    const auto close = nearest(id.substr(0, id.size() - 1), rule_ids());
    REQUIRE_FALSE(close.empty());
    CHECK(std::find(close.begin(), close.end(), id) != close.end());
  }
}
