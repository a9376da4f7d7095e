#include "decompose/place.h"

#include <unistd.h>

#include <fstream>

#include "core/error.h"

namespace fs = std::filesystem;

namespace decomp {
namespace {

fs::path beside(const fs::path& target, const std::string& ending) {
  fs::path other = target;
  other += ending;
  return other;
}

// The first of target.1, target.2, ... that there is not.
fs::path free_name(const fs::path& target) {
  for (int i = 1;; ++i)
    if (fs::path other = beside(target, "." + std::to_string(i)); !fs::exists(other)) return other;
}

}  // namespace

Place::Place(fs::path target, bool force) : target_(std::move(target)) {
  while (target_.has_relative_path() && target_.filename().empty()) target_ = target_.parent_path();  // "out/"
  const fs::path parent = target_.has_parent_path() ? target_.parent_path() : ".";
  if (fs::exists(target_) && !force)
    throw Error(ErrorKind::usage, target_.string() + " exists; name another folder, or use --force to put it aside");
  std::error_code error;
  fs::create_directories(parent, error);
  if (error || ::access(parent.c_str(), W_OK) != 0) throw Error(ErrorKind::usage, parent.string() + " cannot be written to");
  aside_ = beside(target_, "." + std::to_string(::getpid()) + ".part");
  fs::remove_all(aside_, error);
  fs::create_directory(aside_, error);
  if (error) throw Error(ErrorKind::infrastructure, "cannot make " + aside_.string() + ": " + error.message());
}

Place::~Place() {
  std::error_code ignored;
  if (!aside_.empty()) fs::remove_all(aside_, ignored);
}

void Place::write(const std::map<std::string, std::string>& texts) const {
  for (const auto& [path, text] : texts) {
    const fs::path file = aside_ / path;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    if (error || !out.flush()) throw Error(ErrorKind::infrastructure, "cannot write " + file.string());
  }
}

void Place::clear() const {
  std::error_code error;
  fs::remove_all(aside_, error);
  if (!error) fs::create_directory(aside_, error);
  if (error) throw Error(ErrorKind::infrastructure, "cannot empty " + aside_.string() + ": " + error.message());
}

fs::path Place::move() {
  fs::path old;
  std::error_code error;
  if (fs::exists(target_)) {
    old = free_name(target_);
    fs::rename(target_, old, error);
  }
  if (!error) fs::rename(aside_, target_, error);
  if (error) throw Error(ErrorKind::infrastructure, "cannot move the decomposition to " + target_.string() + ": " + error.message());
  aside_.clear();
  return old;
}

fs::path Place::keep() {
  const fs::path kept = beside(target_, ".unproved");
  std::error_code error;
  fs::remove_all(kept, error);
  fs::rename(aside_, kept, error);
  if (error) throw Error(ErrorKind::infrastructure, "cannot write " + kept.string() + ": " + error.message());
  aside_.clear();
  return kept;
}

}  // namespace decomp
