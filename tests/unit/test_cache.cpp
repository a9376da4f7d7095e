// Entries outside the workspace: what was put is what is got, or nothing.

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/digest.h"
#include "host/cache.h"

namespace fs = std::filesystem;
using namespace decomp;

namespace {

class Home {
 public:
  Home() : root_(fs::temp_directory_path() / ("decomp-cache-" + sha256(random_bytes(8)).substr(0, 12))) {
    fs::create_directories(root_);
    ::setenv("HOME", root_.c_str(), 1);
    for (const char* name : {"XDG_CACHE_HOME", "XDG_STATE_HOME", "DECOMP_CACHE_DIR"}) ::unsetenv(name);
  }
  ~Home() { fs::remove_all(root_); }

  fs::path root() const { return root_; }
  fs::path secret() const { return root_ / ".local/state/decomp/cache_secret"; }
  std::optional<ContentCache> cache() const { return ContentCache::open(default_cache_folder()); }
  fs::path only_entry() const {
    fs::path found;
    for (const auto& entry : fs::recursive_directory_iterator(default_cache_folder()))
      if (entry.is_regular_file()) {
        REQUIRE(found.empty());
        found = entry.path();
      }
    REQUIRE_FALSE(found.empty());
    return found;
  }

 private:
  fs::path root_;
};

void flip(const fs::path& file, std::streamoff place) {
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(place);
  const char byte = static_cast<char>(bytes.get() ^ 1);
  bytes.seekp(place);
  bytes.put(byte);
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

}  // namespace

TEST_CASE("what was put is got, under its own name only") {
  const Home home;
  home.cache()->put("one", std::string("a\0b", 3));
  REQUIRE(home.cache()->get("one") == std::string("a\0b", 3));
  REQUIRE_FALSE(home.cache()->get("two"));
  home.cache()->put("one", "newer");
  REQUIRE(home.cache()->get("one") == "newer");
}

TEST_CASE("files are the user's alone") {
  const Home home;
  home.cache()->put("one", "content");
  REQUIRE(mode_of(home.only_entry()) == 0600);
  REQUIRE(mode_of(home.secret()) == 0600);
  REQUIRE(mode_of(default_cache_folder()) == 0700);
}

TEST_CASE("any damaged byte makes an entry a miss") {
  const Home home;
  home.cache()->put("one", "content");
  const fs::path entry = home.only_entry();
  const auto size = static_cast<std::streamoff>(fs::file_size(entry));
  for (std::streamoff place = 0; place < size; ++place) {
    flip(entry, place);
    INFO("byte " << place);
    REQUIRE_FALSE(home.cache()->get("one"));
    flip(entry, place);
  }
  REQUIRE(home.cache()->get("one") == "content");
  fs::resize_file(entry, static_cast<std::uintmax_t>(size) - 1);
  REQUIRE_FALSE(home.cache()->get("one"));
  fs::resize_file(entry, 0);
  REQUIRE_FALSE(home.cache()->get("one"));
}

TEST_CASE("an entry that lies under another name is a miss") {
  const Home home;
  home.cache()->put("one", "content");
  const fs::path one = home.only_entry();
  const std::string two = sha256("two");
  fs::create_directories(default_cache_folder() / two.substr(0, 2));
  fs::copy_file(one, default_cache_folder() / two.substr(0, 2) / two.substr(2));
  REQUIRE_FALSE(home.cache()->get("two"));
}

TEST_CASE("an entry that somebody without the secret wrote is a miss") {
  const Home home;
  home.cache()->put("one", "content");
  fs::remove(home.secret());  // the next call makes another
  REQUIRE_FALSE(home.cache()->get("one"));
}

TEST_CASE("a folder that others can write to is not used") {
  const Home home;
  home.cache()->put("one", "content");
  fs::permissions(default_cache_folder(), fs::perms::group_write, fs::perm_options::add);
  REQUIRE_FALSE(home.cache());
  fs::permissions(default_cache_folder(), fs::perms::group_write, fs::perm_options::remove);
  REQUIRE(home.cache());
  fs::permissions(home.secret(), fs::perms::others_write, fs::perm_options::add);
  REQUIRE_FALSE(home.cache());
}

TEST_CASE("a link in the place of an entry is not followed") {
  const Home home;
  home.cache()->put("one", "content");
  const fs::path entry = home.only_entry(), moved = home.root() / "moved";
  fs::rename(entry, moved);
  fs::create_symlink(moved, entry);
  REQUIRE_FALSE(home.cache()->get("one"));
}

TEST_CASE("without a home nothing is kept") {
  const Home home;
  ::unsetenv("HOME");
  REQUIRE(default_cache_folder().empty());
  REQUIRE_FALSE(ContentCache::open("/tmp"));
  ::setenv("HOME", home.root().c_str(), 1);
}
