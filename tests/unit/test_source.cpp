// Files read once: what counts as readable, as UTF-8, as inside.

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/digest.h"
#include "core/source.h"

namespace fs = std::filesystem;
using namespace decomp;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "decomp-source-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Finding finding_of(std::variant<Source, Finding> read) {
  REQUIRE(std::holds_alternative<Finding>(read));
  return std::get<Finding>(read);
}

}  // namespace

TEST_CASE("a file is read with its digest and its import name", "[source]") {
  const Folder folder;
  const auto read = read_source(folder.write("linear_4x8_fp32.py", "x = 'ä'\n"), "children/linear_4x8_fp32.py");
  REQUIRE(std::holds_alternative<Source>(read));
  const Source& source = std::get<Source>(read);
  CHECK(source.path == "children/linear_4x8_fp32.py");
  CHECK(source.module == "linear_4x8_fp32");
  CHECK(source.bytes == "x = 'ä'\n");
  CHECK(source.sha256 == sha256("x = 'ä'\n"));
  CHECK(std::get<Source>(read_source(folder.write("empty.py", ""), "empty.py")).bytes.empty());
}

TEST_CASE("what cannot be read is a finding that says why", "[source]") {
  const Folder folder;
  const auto missing = finding_of(read_source(folder.path() / "none.py", "none.py"));
  CHECK(missing.rule == "file-unreadable");
  CHECK(missing.severity == Severity::error);
  CHECK(missing.where.file == "none.py");
  CHECK(missing.message.find("none.py") != std::string::npos);
  CHECK(finding_of(read_source(folder.path(), "folder")).message.find("not a regular file") != std::string::npos);
  CHECK(finding_of(read_source("/dev/zero", "zero")).rule == "file-unreadable");

  // A pipe that nobody writes to must not hang the reader.
  REQUIRE(::mkfifo((folder.path() / "pipe.py").c_str(), 0600) == 0);
  CHECK(finding_of(read_source(folder.path() / "pipe.py", "pipe.py")).rule == "file-unreadable");
}

TEST_CASE("a file may be as large as the limit and no larger", "[source]") {
  const Folder folder;
  const fs::path file = folder.write("data.py", std::string(100, '#'));
  CHECK(std::get<Source>(read_source(file, "data.py", 100)).bytes.size() == 100);
  CHECK(finding_of(read_source(file, "data.py", 99)).message.find("100 bytes") != std::string::npos);
}

TEST_CASE("a link is followed inside the root only", "[source]") {
  const Folder inside;
  const Folder outside;
  const fs::path secret = outside.write("secret.py", "x = 1\n");
  inside.write("a.py", "x = 2\n");
  fs::create_symlink(inside.path() / "a.py", inside.path() / "near.py");
  fs::create_symlink(secret, inside.path() / "far.py");
  fs::create_directory_symlink(outside.path(), inside.path() / "folder");
  CHECK(std::get<Source>(read_source(inside.path() / "near.py", "near.py", 1000, inside.path())).bytes == "x = 2\n");
  CHECK(std::get<Source>(read_source(inside.path() / "far.py", "far.py")).bytes == "x = 1\n");
  for (const char* name : {"far.py", "folder/secret.py"}) {
    INFO(name);
    const auto finding = finding_of(read_source(inside.path() / name, name, 1000, inside.path()));
    CHECK(finding.rule == "file-unreadable");
    CHECK(finding.message.find("leads out of the workspace") != std::string::npos);
  }
  // A folder whose name begins like the root's is outside.
  const fs::path sibling = inside.path().string() + "-more";
  fs::create_directory(sibling);
  std::ofstream(sibling / "b.py") << "x = 3\n";
  CHECK(finding_of(read_source(sibling / "b.py", "b.py", 1000, inside.path())).rule == "file-unreadable");
  fs::remove_all(sibling);
}

TEST_CASE("bytes that are not UTF-8 are found at their place", "[source]") {
  const Folder folder;
  const auto finding = finding_of(read_source(folder.write("a.py", "x = 1\ny = 'gr\xF6\xDF'\n"), "a.py"));
  CHECK(finding.rule == "file-not-utf8");
  CHECK(finding.where.line == 2);
  CHECK(finding.where.column == 8);
  CHECK(finding.message.find("0xf6") != std::string::npos);
  CHECK(finding.message.find("offset 13") != std::string::npos);
}

TEST_CASE("UTF-8 is what Unicode says it is", "[source]") {
  for (const char* good : {"", "plain", "é", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    INFO(good);
    CHECK(is_utf8(good));
  }
  CHECK(is_utf8(std::string_view("a\0b", 3)));
  struct Bad {
    std::string bytes;
    std::size_t at;
  };
  const std::vector<Bad> bad = {{"\x80", 0},         {"a\xC0\xAF", 1},   {"\xC1\xBF", 0},         {"\xE0\x80\x80", 0}, {"\xED\xA0\x80", 0},
                                {"\xED\xBF\xBF", 0}, {"\xC3", 0},        {"ok\xE2\x82", 2},       {"\xF0\x80\x80\x80", 0},
                                {"\xF4\x90\x80\x80", 0}, {"\xF5\x80\x80\x80", 0}, {"\xFF", 0},    {"\xC3\x28", 0}};
  for (const Bad& one : bad) {
    INFO(one.at << " of " << one.bytes.size());
    CHECK(first_bad_utf8(one.bytes) == one.at);
    CHECK_FALSE(is_utf8(one.bytes));
  }
}

TEST_CASE("lines end as Python's do", "[source]") {
  const std::string_view text = "one\r\ntwo\rthree\n\nfive";
  CHECK(source_line(text, 1) == "one");
  CHECK(source_line(text, 2) == "two");
  CHECK(source_line(text, 3) == "three");
  CHECK(source_line(text, 4).empty());
  CHECK(source_line(text, 5) == "five");
  CHECK(source_line(text, 6).empty());
  CHECK(source_line(text, 0).empty());
  CHECK(source_line("", 1).empty());
  CHECK(source_line("a\fb", 1) == "a\fb");
}

TEST_CASE("only identifiers can be imported", "[source]") {
  CHECK(module_name("children/relu_fp32.py") == "relu_fp32");
  CHECK(module_name("größe.py") == "größe");
  for (const char* name : {"relu-fp32.py", "2d.py", "class.py", "None.py", "__init__.py", "relu.txt", "relu.pyc", ".py", "a.b.py"}) {
    INFO(name);
    CHECK(module_name(name).empty());
  }
}

TEST_CASE("digests are SHA-256, random bytes are random", "[digest]") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(random_bytes(0).empty());
  CHECK(random_bytes(32).size() == 32);
  CHECK(random_bytes(32) != random_bytes(32));
}
