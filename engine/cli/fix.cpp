#include "cli/fix.h"

#include <fstream>
#include <iterator>
#include <ostream>

#include "cli/output_file.h"
#include "core/error.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

std::string read_bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw Error(ErrorKind::infrastructure, "cannot read " + file.string());
  return bytes;
}

FileTexts texts_below(const fs::path& root) {
  FileTexts files;
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    const std::string name = it->path().filename().string();
    if (it->is_directory() && (name[0] == '.' || name == "__pycache__")) {
      it.disable_recursion_pending();
      continue;
    }
    const std::string extension = it->path().extension().string();
    if (extension != ".py" && extension != ".json" && extension != ".md") continue;
    if (it->is_symlink()) throw Error(ErrorKind::usage, "--fix changes plain files only, and " + it->path().string() + " is a link; nothing was written");
    if (it->is_regular_file()) files.emplace(it->path().lexically_relative(root).generic_string(), read_bytes(it->path()));
  }
  return files;
}

}  // namespace

AppliedFixes AppliedFixes::apply(const std::vector<KernelFixes>& all, std::ostream& err) {
  struct Planned {
    const KernelFixes* fixes;
    FixPlan plan;
  };
  AppliedFixes applied;
  std::vector<Planned> planned;
  for (const KernelFixes& fixes : all) {
    const FileTexts files = texts_below(fixes.root);
    FixPlan plan = plan_fixes(files, fixes);
    std::string refused;
    for (const std::string& why : plan.refused) refused += "\n  " + fixes.shown + ": " + why;
    if (!refused.empty()) throw Error(ErrorKind::usage, "--fix would lose something; nothing was written:" + refused);
    for (const auto& [path, text] : plan.write) {
      const auto before = files.find(path);
      // Another kind of file may lie there that is not among those read.
      if (before == files.end() && fs::exists(fs::symlink_status(fixes.root / path)))
        throw Error(ErrorKind::usage, "--fix would write over " + (fixes.root / path).string() + "; nothing was written");
      applied.before_[fixes.root / path] = before == files.end() ? std::nullopt : std::optional(before->second);
    }
    for (const std::string& path : plan.remove) applied.before_[fixes.root / path] = files.at(path);
    planned.push_back({&fixes, std::move(plan)});
  }
  try {
    for (const Planned& p : planned) {
      for (const auto& [path, text] : p.plan.write) write_aside(p.fixes->root / path, text);
      for (const std::string& path : p.plan.remove) fs::remove(p.fixes->root / path);
      for (const std::string& done : p.plan.done) err << p.fixes->shown << ": " << done << '\n';
    }
  } catch (...) {
    applied.undo();
    throw;
  }
  return applied;
}

void AppliedFixes::undo() {
  for (const auto& [path, bytes] : before_) {
    std::error_code ignored;
    if (bytes)
      write_aside(path, *bytes);
    else
      fs::remove(path, ignored);
  }
}

}  // namespace decomp
