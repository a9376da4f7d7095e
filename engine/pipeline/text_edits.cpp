#include "pipeline/text_edits.h"

#include <algorithm>
#include <cctype>

namespace decomp {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

std::vector<std::size_t> line_starts(const std::string& text) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) starts.push_back(i + 1);
  return starts;
}

std::size_t offset_in(const std::vector<std::size_t>& lines, std::size_t size, int line, int column) {
  if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return size;
  return std::min(size, lines[static_cast<std::size_t>(line - 1)] + static_cast<std::size_t>(std::max(1, column) - 1));
}

}  // namespace

std::string source_of(const std::string& text, const Node& node) {
  const auto lines = line_starts(text);
  const std::size_t begin = offset_in(lines, text.size(), node.line(), node.column());
  const std::size_t end = offset_in(lines, text.size(), node.end_line(), node.end_column());
  return node.line() > 0 && begin < end ? text.substr(begin, end - begin) : "";
}

TextEdits::TextEdits(const std::string& text) : text_(text), lines_(line_starts(text)) {}

std::size_t TextEdits::offset(int line, int column) const { return offset_in(lines_, text_.size(), line, column); }

void TextEdits::replace(const Node& node, const std::string& with) {
  const std::size_t begin = offset(node.line(), node.column());
  const std::size_t end = offset(node.end_line(), node.end_column());
  if (begin < end && text_.compare(begin, end - begin, with) != 0) edits_[begin] = {end - begin, with};
}

void TextEdits::rename_definition(const Node& definition, const std::string& name) {
  std::size_t at = offset(definition.line(), definition.column());
  while (at < text_.size() && is_word(text_[at])) ++at;   // def, class
  while (at < text_.size() && !is_word(text_[at])) ++at;
  std::size_t end = at;
  while (end < text_.size() && is_word(text_[end])) ++end;
  if (text_.compare(at, end - at, definition.text("name")) == 0 && definition.text("name") != name) edits_[at] = {end - at, name};
}

void TextEdits::replace_in_string(const Node& joined, const std::string& word, const std::string& with) {
  if (word == with || word.empty()) return;
  const std::size_t end = offset(joined.end_line(), joined.end_column());
  int depth = 0;
  for (std::size_t i = offset(joined.line(), joined.column()); i < end; ++i) {
    if (text_[i] == '{' && i + 1 < end && text_[i + 1] == '{' && depth == 0) {
      ++i;
    } else if (text_[i] == '{') {
      ++depth;
    } else if (text_[i] == '}') {
      depth = std::max(0, depth - 1);
    } else if (depth > 0 && text_.compare(i, word.size(), word) == 0 && !is_word(text_[i - 1]) && text_[i - 1] != '.' &&
               (i + word.size() >= end || !is_word(text_[i + word.size()]))) {
      edits_[i] = {word.size(), with};
      i += word.size() - 1;
    }
  }
}

std::string TextEdits::statement(const Node& node) const {
  int first = node.line();
  int column = node.column();
  for (const Node& decorator : node.list("decorator_list"))
    if (decorator.line() > 0 && decorator.line() < first) first = decorator.line(), column = 1;
  std::size_t begin = offset(first, column);
  std::size_t end = offset(node.end_line(), node.end_column());
  // The rest of the last line, unless another statement stands there.
  std::size_t line_end = end;
  while (line_end < text_.size() && text_[line_end] != '\n' && text_[line_end] != '\r') ++line_end;
  const std::size_t rest = text_.find_first_not_of(" \t", end);
  if (rest >= line_end || text_[rest] == '#') end = line_end;
  // Comment lines right above.
  if (column == 1)
    for (int line = first - 1; line > 0; --line) {
      const std::size_t start = lines_[static_cast<std::size_t>(line - 1)];
      if (text_[start] != '#' || text_.compare(start, 2, "#!") == 0) break;
      begin = start;
    }
  std::string result;
  std::size_t at = begin;
  for (auto edit = edits_.lower_bound(begin); edit != edits_.end() && edit->first < end; ++edit) {
    if (edit->first < at) continue;
    result += text_.substr(at, edit->first - at) + edit->second.second;
    at = edit->first + edit->second.first;
  }
  result += text_.substr(at, end - at);
  std::erase(result, '\r');
  while (!result.empty() && (result.back() == ' ' || result.back() == '\t')) result.pop_back();
  return result;
}

}  // namespace decomp
