#include "core/json.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <unordered_set>
#include <vector>

namespace decomp {
namespace {

TextPosition position_of(std::string_view text, std::size_t offset) {
  TextPosition position{1, 1};
  for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
    if (text[i] == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
  }
  return position;
}

// Bytes that remember, outside the parser's copies, how far the parser has read: its events carry no positions.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    *reached_ = at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

// nlohmann's text without its "[json.exception...] parse error at line 1, column 2: " in front.
std::string plain_message(const std::string& what) {
  const std::size_t start = what.find(": ");
  std::string message = start == std::string::npos ? what : what.substr(start + 2);
  if (message.rfind("syntax error ", 0) == 0) message.erase(0, 13);
  return message;
}

// Builds the value and refuses what nlohmann's own builder lets through: repeated keys, depth.
class StrictBuilder {
 public:
  StrictBuilder(std::string_view text, const char** reached, int max_depth)
      : text_(text), reached_(reached), max_depth_(max_depth) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    Level& level = levels_.back();
    // Small objects are searched in place; a set pays off only in large ones.
    const auto& members = level.value->get_ref<const Json::object_t&>();
    bool repeated = false;
    if (members.size() < 16) {
      repeated = std::any_of(members.begin(), members.end(), [&](const auto& m) { return m.first == name; });
    } else {
      if (level.names.empty())
        for (const auto& m : members) level.names.insert(m.first);
      repeated = !level.names.insert(name).second;
    }
    if (repeated) {
      const std::size_t end = static_cast<std::size_t>(*reached_ - text_.data());
      const std::size_t quote = end >= 2 ? text_.rfind('"', end - 2) : 0;
      return fail("the key \"" + name + "\" appears twice in one object", quote == std::string_view::npos ? 0 : quote);
    }
    level.key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t offset, const std::string&, const Json::exception& error) {
    return fail(plain_message(error.what()), offset == 0 ? 0 : offset - 1);
  }

  Json take() { return std::move(root_); }
  const std::optional<JsonError>& error() const { return error_; }

 private:
  struct Level {
    Json* value;
    std::string key;
    std::unordered_set<std::string> names;
  };

  template <typename Value>
  Json* place(Value&& value) {
    if (levels_.empty()) {
      root_ = std::forward<Value>(value);
      return &root_;
    }
    Level& level = levels_.back();
    if (level.value->is_array()) {
      auto& items = level.value->get_ref<Json::array_t&>();
      items.emplace_back(std::forward<Value>(value));
      return &items.back();
    }
    auto& members = level.value->get_ref<Json::object_t&>();
    // The vector below the ordered map: its own insertion searches for the key again.
    using Members = std::vector<Json::object_t::value_type, Json::object_t::allocator_type>;
    static_cast<Members&>(members).emplace_back(std::move(level.key), Json(std::forward<Value>(value)));
    return &members.back().second;
  }

  template <typename Value>
  bool add(Value&& value) {
    place(std::forward<Value>(value));
    return true;
  }

  bool open(Json value) {
    if (static_cast<int>(levels_.size()) >= max_depth_)
      return fail("nested deeper than " + std::to_string(max_depth_) + " levels",
                  static_cast<std::size_t>(*reached_ - text_.data()) - 1);
    levels_.push_back({place(std::move(value)), {}, {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  bool fail(std::string message, std::size_t offset) {
    const TextPosition at = position_of(text_, offset);
    error_ = JsonError{std::move(message), at.line, at.column};
    return false;
  }

  std::string_view text_;
  const char** reached_;
  int max_depth_;
  Json root_;
  std::vector<Level> levels_;
  std::optional<JsonError> error_;
};

// Walks text that parse_json accepted; so it needs no error handling.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { skip_space(); }

  std::size_t at() const { return at_; }

  // Moves to the value (or, with `key_only`, to the key) of member `name` of the object that starts here.
  bool enter_member(const std::string& name, bool key_only) {
    if (peek() != '{') return false;
    step();
    while (peek() != '}') {
      const std::size_t start = at_;
      skip_value();
      const bool found = Json::parse(text_.substr(start, at_ - start)).get<std::string>() == name;
      if (found && key_only) {
        at_ = start;
        return true;
      }
      skip_space();
      step();  // ':'
      if (found) return true;
      skip_value();
      skip_space();
      if (peek() == ',') step();
    }
    return false;
  }

  bool enter_item(std::size_t index) {
    if (peek() != '[') return false;
    step();
    while (peek() != ']') {
      if (index-- == 0) return true;
      skip_value();
      skip_space();
      if (peek() == ',') step();
    }
    return false;
  }

  bool at_list() const { return peek() == '['; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  void step() {
    ++at_;
    skip_space();
  }
  void skip_string() {
    for (++at_; text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }
  void skip_value() {
    int depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        skip_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
      if (depth == 0 && c != '}' && c != ']')  // number or literal
        while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
    } while (depth > 0);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<std::vector<std::string>> split_pointer(const std::string& pointer) {
  std::vector<std::string> parts;
  if (pointer.empty()) return parts;
  if (pointer[0] != '/') return std::nullopt;
  for (std::size_t start = 1;;) {
    const std::size_t end = pointer.find('/', start);
    std::string part = pointer.substr(start, end == std::string::npos ? end : end - start);
    for (std::size_t i = 0; (i = part.find('~', i)) != std::string::npos; ++i)
      part.replace(i, 2, part.compare(i, 2, "~1") == 0 ? "/" : "~");
    parts.push_back(std::move(part));
    if (end == std::string::npos) return parts;
    start = end + 1;
  }
}

bool walk(Scanner& scanner, const std::string& pointer) {
  const auto parts = split_pointer(pointer);
  if (!parts) return false;
  for (const std::string& part : *parts) {
    if (scanner.at_list()) {
      if (part.empty() || part.size() > 9 || part.find_first_not_of("0123456789") != std::string::npos) return false;
      if (!scanner.enter_item(std::stoul(part))) return false;
    } else if (!scanner.enter_member(part, false)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::variant<Json, JsonError> parse_json(std::string_view text, int max_depth) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") return JsonError{"starts with a byte order mark; JSON has none", 1, 1};
  const char* reached = text.data();
  StrictBuilder builder(text, &reached, max_depth);
  const char* end = text.data() + text.size();
  Json::sax_parse(CountingIterator(text.data(), &reached), CountingIterator(end, &reached), &builder);
  if (builder.error()) return *builder.error();
  return builder.take();
}

TextPosition locate_json(std::string_view text, const std::string& pointer) {
  Scanner scanner(text);
  if (!walk(scanner, pointer)) return {};
  return position_of(text, scanner.at());
}

TextPosition locate_json_key(std::string_view text, const std::string& pointer, const std::string& key) {
  Scanner scanner(text);
  if (!walk(scanner, pointer) || !scanner.enter_member(key, true)) return {};
  return position_of(text, scanner.at());
}

}  // namespace decomp
