// decomp.toml, which people write: settings that make sense, or one line that says what is wrong where.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "cli/check_options.h"
#include "cli/settings.h"
#include "core/error.h"
#include "fuzz.h"

using namespace decomp;
using decomp::fuzz::require;
namespace fs = std::filesystem;

namespace {

// A folder of its own in memory, gone with the process.
class Folder {
 public:
  Folder() {
    std::string name = (fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path().string()) + "/decomp-fuzz-XXXXXX";
    require(::mkdtemp(name.data()) != nullptr, "no folder can be made");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const fs::path file = folder.path() / "decomp.toml";
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  CLI::App app;
  double ignored = 0;
  std::string text;
  for (const char* flag : {"--rtol", "--atol", "--num-trials", "--jobs", "--timeout", "--cpu-time", "--max-memory", "--max-output"})
    app.add_option(flag, ignored);
  for (const char* flag : {"--device", "--sandbox"}) app.add_option(flag, text);
  CommonOptions options;
  try {
    require(read_settings(options, app, folder.path(), {}).empty(), "a finding about a file above of what is judged");
  } catch (const Error& error) {
    const std::string message = error.what();
    require(error.kind() == ErrorKind::usage, "a settings file is no infrastructure");
    require(message.find("decomp.toml:") != std::string::npos, "a message without file and line: " + message);
    return 0;
  }
  for (const auto& number : {options.check.rtol, options.check.atol, options.max_memory_mb, options.max_output_kb})
    if (number) require(std::isfinite(*number) && *number >= 0, "a setting that is no amount");
  require(options.check.num_trials >= 0 && options.check.jobs >= 0, "a count below zero");
  return 0;
}
