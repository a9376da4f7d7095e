#include "python_facts.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace decomp {
namespace {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "decomp-facts-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

std::vector<Facts> python_facts(const std::vector<std::string>& sources) {
  const ScratchFolder folder;
  std::string command = "'" DECOMP_PYTHON "' '" DECOMP_FACTS_PY "'";
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const fs::path file = folder.path() / (std::to_string(i) + ".py");
    std::ofstream(file, std::ios::binary) << sources[i];
    command += " '" + file.string() + "'";
  }
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  for (int c; (c = std::fgetc(pipe)) != EOF;) text.push_back(static_cast<char>(c));
  REQUIRE(::pclose(pipe) == 0);
  std::vector<Facts> facts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    facts.push_back(parse_facts(std::to_string(facts.size()) + ".py", std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  REQUIRE(facts.size() == sources.size());
  return facts;
}

}  // namespace decomp
