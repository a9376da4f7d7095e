#pragma once
// What earlier calls found, kept outside every workspace. An entry is what this user's decomp wrote, byte for byte, or it is not there:
// each carries a keyed digest of its name and content, whose secret lies in another folder than the entries. Whoever can write a
// workspace, or hands one over with a cache folder in it, cannot make one.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace decomp {

class ContentCache {
 public:
  // `folder` is made where it lacks. Nothing where it or the place of the secret ($XDG_STATE_HOME/decomp, else ~/.local/state/decomp)
  // cannot be made, or is somebody else's, or can be written by others: then nothing is cached. Never throws.
  static std::optional<ContentCache> open(const std::filesystem::path& folder);

  // What was put under `name`. An entry that is damaged, forged, of another user or of another name is none.
  std::optional<std::string> get(const std::string& name) const;

  // Written aside, then renamed. Never throws: what cannot be kept is not kept. Where the folder has grown beyond 512 MiB, entries that
  // were not used for longest go.
  void put(const std::string& name, std::string_view content) const;

 private:
  ContentCache(std::filesystem::path folder, std::string secret) : folder_(std::move(folder)), secret_(std::move(secret)) {}
  std::filesystem::path place(const std::string& name) const;
  std::string seal(const std::string& name, std::string_view content) const;
  void prune() const;

  std::filesystem::path folder_;
  std::string secret_;
};

// $DECOMP_CACHE_DIR, else $XDG_CACHE_HOME/decomp, else ~/.cache/decomp; "" where there is no home. Relative paths do not count.
std::filesystem::path default_cache_folder();

}  // namespace decomp
