// What a kept verdict rests on: any change of it is seen.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "core/digest.h"
#include "core/read_log.h"
#include "core/source.h"
#include "host/manifest.h"

namespace fs = std::filesystem;
using namespace decomp;

namespace {

class Folder {
 public:
  Folder() : root_(fs::canonical(fs::temp_directory_path()) / ("decomp-manifest-" + sha256(random_bytes(8)).substr(0, 12))) {
    write("work/steps/step_1/original.py", "a = 1\n");
    write("work/tree.json", "{}");
    write("source.py", "b = 2\n");
    write("python/torch/__init__.py", "");
    write("python/torch/lib/libtorch.so", "code");
    write("python/lib/os.py", "");
  }
  ~Folder() { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }
  fs::path at(const std::string& path) const { return root_ / path; }

  Json manifest() const {
    Manifest manifest;
    REQUIRE(manifest.add_folder(at("work")));
    const ReadLog log;
    read_source(at("work/tree.json"), "tree");
    read_source(at("source.py"), "source");
    read_source(at("absent.py"), "absent");
    bool consistent = false;
    REQUIRE(manifest.add_reads(log.reads(consistent)));
    REQUIRE(consistent);
    manifest.add_python(at("python/torch"), at("python/lib"));
    return manifest.json();
  }

 private:
  fs::path root_;
};

}  // namespace

TEST_CASE("a manifest holds until something changes") {
  const Folder folder;
  const Json manifest = folder.manifest();
  REQUIRE(Manifest::holds(manifest));
  SECTION("a file below") { folder.write("work/steps/step_1/original.py", "a = 2\n"); }
  SECTION("a new file") { folder.write("work/steps/step_1/children/x.py", ""); }
  SECTION("a hidden file") { folder.write("work/steps/step_1/.x.py", ""); }
  SECTION("a file gone") { fs::remove(folder.at("work/tree.json")); }
  SECTION("a file moved") { fs::rename(folder.at("work/tree.json"), folder.at("work/other.json")); }
  SECTION("a copy in a link's place") {
    fs::remove(folder.at("work/tree.json"));
    folder.write("elsewhere.json", "{}");
    fs::create_symlink(folder.at("elsewhere.json"), folder.at("work/tree.json"));
  }
  SECTION("a file elsewhere") { folder.write("source.py", "b = 3\n"); }
  SECTION("a file that was looked for") { folder.write("absent.py", ""); }
  SECTION("torch") { folder.write("python/torch/lib/libtorch.so", "Code"); }
  SECTION("torch, in its Python") { folder.write("python/torch/__init__.py", " "); }
  SECTION("Python's library") { folder.write("python/lib/os.py", " "); }
  REQUIRE_FALSE(Manifest::holds(manifest));
}

TEST_CASE("a file that is read in another state than the manifest has is told") {
  const Folder folder;
  Manifest manifest;
  REQUIRE(manifest.add_folder(folder.at("work")));
  const ReadLog log;
  folder.write("work/tree.json", "[]");
  read_source(folder.at("work/tree.json"), "tree");
  folder.write("work/tree.json", "{}");
  bool consistent = false;
  REQUIRE_FALSE(manifest.add_reads(log.reads(consistent)));
}

TEST_CASE("a file that is read in two states is told") {
  const Folder folder;
  const ReadLog log;
  read_source(folder.at("source.py"), "source");
  folder.write("source.py", "b = 3\n");
  read_source(folder.at("source.py"), "source");
  bool consistent = true;
  log.reads(consistent);
  REQUIRE_FALSE(consistent);
}

TEST_CASE("folders that cannot be told are refused") {
  const Folder folder;
  Manifest manifest;
  fs::create_directory_symlink(folder.at("python"), folder.at("work/link"));
  REQUIRE_FALSE(manifest.add_folder(folder.at("work")));
  REQUIRE_FALSE(manifest.add_folder(folder.at("nowhere")));
}

TEST_CASE("a Python that cannot be found holds nothing") {
  const Folder folder;
  Manifest manifest;
  REQUIRE(manifest.add_folder(folder.at("work")));
  manifest.add_python("", "");
  REQUIRE_FALSE(Manifest::holds(manifest.json()));
}
