#pragma once
// Which files a call read, and what they held: whoever keeps a verdict must know what it rests on.

#include <filesystem>
#include <map>
#include <string>

namespace decomp {

// From its construction on, notes every file that read_source() reads anywhere in this process, and every place where one was looked
// for and is not. What calls beside it read is noted too: a log may hold more than its own call needs, never less.
class ReadLog {
 public:
  ReadLog();
  ~ReadLog();
  ReadLog(const ReadLog&) = delete;
  ReadLog& operator=(const ReadLog&) = delete;

  // Canonical path -> SHA-256; "" where there was no file. `consistent`: becomes false when one path held two contents.
  std::map<std::string, std::string> reads(bool& consistent) const;

  static void note(const std::filesystem::path& file, const std::string& sha256);
  static void note_absent(const std::filesystem::path& file) { note(file, ""); }
};

}  // namespace decomp
