#pragma once
// Where a decomposition goes: written beside its place, moved there when it is proved.

#include <filesystem>
#include <map>
#include <string>

namespace decomp {

class Place {
 public:
  // Throws Error(usage) where `target` exists and `force` is false, or cannot be written to.
  Place(std::filesystem::path target, bool force);
  // What was not moved is deleted, unless keep() was called.
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  const std::filesystem::path& folder() const { return aside_; }
  // Throws Error(infrastructure).
  void write(const std::map<std::string, std::string>& texts) const;
  // Nothing is written yet.
  void clear() const;
  // Into its place; what lay there goes aside first, and the result is the folder that it went to ("" when nothing did).
  std::filesystem::path move();
  // Leaves what is unproved at <target>.unproved, in the place of an earlier one; returns that folder.
  std::filesystem::path keep();

 private:
  std::filesystem::path target_;
  std::filesystem::path aside_;
};

}  // namespace decomp
