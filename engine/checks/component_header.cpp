#include "checks/component_header.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>

#include "core/rules.h"

namespace decomp {
namespace {

std::string trimmed(std::string_view text) {
  auto space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The dtype that a word names: "torch.float32", "fp32", "float" (Python's name for torch's default); "" for other words.
std::string dtype_of(const std::string& word) {
  static const std::map<std::string, std::string> names = [] {
    std::map<std::string, std::string> map = {{"float", "float32"}, {"double", "float64"}, {"half", "float16"}, {"long", "int64"}, {"int", "int32"}, {"short", "int16"}};
    for (const auto& [code, name] : rule_data("names").at("dtypes").items()) {
      map[code] = name.get<std::string>();
      map[name.get<std::string>()] = name.get<std::string>();
    }
    for (const char* name : {"uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"}) map[name] = name;
    return map;
  }();
  auto found = names.find(word);
  return found == names.end() ? "" : found->second;
}

std::string dtype_in(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    if (std::string dtype = dtype_of(text.substr(at, end - at)); !dtype.empty()) return dtype;
    at = end;
  }
  return "";
}

std::optional<std::int64_t> number_in(const std::string& text) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::strtoll(text.c_str(), nullptr, 10);
}

// "[2, 64, d]", "(2,)", "[]", "scalar". `rest` gets what follows.
std::optional<std::vector<std::optional<std::int64_t>>> shape_in(const std::string& text, std::string& rest) {
  std::vector<std::optional<std::int64_t>> shape;
  rest = text;
  const std::size_t open = text.find_first_of("[(");
  if (open == std::string::npos) {
    if (lower(text).rfind("scalar", 0) != 0) return std::nullopt;
    rest = text.substr(6);
    return shape;
  }
  const std::size_t close = text.find(text[open] == '[' ? ']' : ')', open);
  if (close == std::string::npos) return std::nullopt;
  const std::string inside = text.substr(open + 1, close - open - 1);
  rest = text.substr(0, open) + " " + text.substr(close + 1);
  if (inside.find_first_of("[(") != std::string::npos || rest.find('[') != std::string::npos) return std::nullopt;  // several, or torch.Size([...])
  for (std::size_t at = 0; at <= inside.size();) {
    const std::size_t comma = std::min(inside.find(',', at), inside.size());
    const std::string dimension = trimmed(inside.substr(at, comma - at));
    at = comma + 1;
    if (dimension.empty() && at > inside.size()) break;  // "(2,)", "[]"
    if (dimension.empty() || dimension == "...") return std::nullopt;
    if (!is_word(dimension[0]) && dimension[0] != '*') return std::nullopt;
    shape.push_back(number_in(dimension));
  }
  return shape;
}

DeclaredTensor declared_in(const std::string& item, int line) {
  DeclaredTensor tensor;
  tensor.line = line;
  const std::size_t colon = item.find(':');
  tensor.name = trimmed(item.substr(0, colon));
  tensor.name.erase(std::remove(tensor.name.begin(), tensor.name.end(), '`'), tensor.name.end());
  if (colon == std::string::npos) return tensor;
  std::string text = trimmed(item.substr(colon + 1)), rest;
  // torch.Size([2, 3]) is its list.
  if (const std::size_t size = text.find("Size("); size != std::string::npos)
    if (const std::size_t end = text.find("])", size); end != std::string::npos)
      text = text.substr(size + 5, end + 1 - size - 5) + " " + text.substr(end + 2);
  tensor.shape = shape_in(text, rest);
  // What stands in parentheses behind a shape explains it.
  rest = rest.substr(0, rest.find('('));
  tensor.dtype = dtype_in(rest);
  return tensor;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

std::string text_of(const DeclaredTensor& tensor) {
  std::string text = tensor.dtype.empty() ? "[" : tensor.dtype + " [";
  for (std::size_t i = 0; i < tensor.shape->size(); ++i) {
    const auto& d = (*tensor.shape)[i];
    text += (i > 0 ? ", " : "") + (d ? std::to_string(*d) : std::string("*"));
  }
  return text + "]";
}

bool agrees(const DeclaredTensor& declared, const RanTensor& ran) {
  if (!declared.dtype.empty() && declared.dtype != ran.dtype) return false;
  if (!declared.shape) return true;
  if (declared.shape->size() != ran.shape.size()) return false;
  for (std::size_t i = 0; i < ran.shape.size(); ++i)
    if ((*declared.shape)[i] && *(*declared.shape)[i] != ran.shape[i]) return false;
  return true;
}

// Does `pattern` name the key: itself, its end ("weight" of "linear.weight"), or with "*" for any one part?
bool names_key(const std::string& pattern, const std::string& key) {
  auto parts = [](const std::string& text) {
    std::vector<std::string> list(1);
    for (char c : text)
      if (c == '.')
        list.emplace_back();
      else
        list.back() += c;
    return list;
  };
  const auto wanted = parts(pattern), given = parts(key);
  if (wanted.size() > given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string& w = wanted[wanted.size() - 1 - i];
    if (w != "*" && w != given[given.size() - 1 - i]) return false;
  }
  return true;
}

class HeaderCheck {
 public:
  HeaderCheck(const ComponentHeader& header, const RanTensors& ran, const std::string& file) : header_(header), ran_(ran), file_(file) {}

  std::vector<Finding> run() {
    if (!header_.present) {
      note(1, "has no docstring that says what it is, what it takes and what it returns", "Add the header of the component template.");
      return std::move(findings_);
    }
    in_order("input", header_.inputs, ran_.inputs);
    in_order("output", header_.outputs, ran_.outputs);
    weights();
    return std::move(findings_);
  }

 private:
  void note(int line, const std::string& message, const std::string& help) {
    findings_.push_back({"component-header-unread", Severity::note, {file_, line}, message, help});
  }
  void untrue(int line, const std::string& message) {
    findings_.push_back({"component-header", Severity::error, {file_, line}, message, "Write the shapes and dtypes that the component works on."});
  }

  // Without the entries that cannot be read.
  std::vector<const DeclaredTensor*> readable(const std::string& what, const std::vector<DeclaredTensor>& declared) {
    std::vector<const DeclaredTensor*> list;
    for (const DeclaredTensor& d : declared) {
      if (d.shape)
        list.push_back(&d);
      else
        note(d.line, "the header's " + what + " `" + d.name + "` has no shape that can be read", "Write it as: - name: [2, 64] dtype=float32");
    }
    return list;
  }

  void in_order(const std::string& what, const std::vector<DeclaredTensor>& all, const std::vector<RanTensor>& ran) {
    const auto declared = readable(what, all);
    if (declared.empty()) {
      if (all.empty() && !ran.empty()) note(1, "the header declares no " + what + " shapes", "Add the section to the header.");
      return;
    }
    if (declared.size() == ran.size()) {
      for (std::size_t i = 0; i < ran.size(); ++i)
        if (!agrees(*declared[i], ran[i]))
          untrue(declared[i]->line, "the header says that " + what + " `" + declared[i]->name + "` is " + text_of(*declared[i]) + "; it is " +
                                        decomp::text_of(ran[i]));
      return;
    }
    // Of different lengths: the shorter list must be a part of the longer one, in order.
    std::size_t d = 0, r = 0;
    const bool fewer = declared.size() <= ran.size();
    while (d < declared.size() && r < ran.size()) {
      const bool fits = agrees(*declared[d], ran[r]);
      d += fits || !fewer ? 1 : 0;
      r += fits || fewer ? 1 : 0;
    }
    if (fewer ? d < declared.size() : r < ran.size()) {
      std::string list;
      for (const RanTensor& t : ran) list += (list.empty() ? "" : ", ") + decomp::text_of(t);
      untrue(declared[0]->line, "the header's " + what + " shapes are not those of what ran: " + (list.empty() ? "no tensor" : list));
      return;
    }
    note(declared[0]->line, "the header lists " + std::to_string(all.size()) + " of the " + std::to_string(ran.size()) + " " + what + " tensors",
         "List every tensor, in order.");
  }

  // `norm.*: (48)` does not mean the number of batches that a norm has seen.
  static bool is_counter(const RanTensor& t) { return t.shape.empty() && t.dtype.rfind("int", 0) == 0; }

  void weights() {
    std::vector<bool> named(ran_.weights.size());
    for (const DeclaredTensor* d : readable("weight", header_.weights)) {
      std::vector<std::size_t> meant;
      for (bool exact : {true, false}) {
        if (!meant.empty()) break;
        for (std::size_t i = 0; i < ran_.weights.size(); ++i)
          if (exact ? ran_.weights[i].name == d->name : names_key(d->name, ran_.weights[i].name)) meant.push_back(i);
      }
      const RanTensor* other = nullptr;
      std::size_t fitting = 0;
      for (std::size_t i : meant) {
        named[i] = true;
        if (agrees(*d, ran_.weights[i]))
          ++fitting;
        else if (d->name.find('*') == std::string::npos || !is_counter(ran_.weights[i]))
          other = &ran_.weights[i];
      }
      // A pattern speaks of all that it names, a bare ending ("weight") of one.
      if (other != nullptr && (fitting == 0 || d->name.find('*') != std::string::npos)) {
        untrue(d->line, "the header says that weight `" + d->name + "` is " + text_of(*d) + "; `" + other->name + "` is " + decomp::text_of(*other));
      } else if (meant.empty()) {
        auto owned = std::find_if(ran_.weights.begin(), ran_.weights.end(), [&](const RanTensor& t) { return agrees(*d, t); });
        if (owned == ran_.weights.end())
          untrue(d->line, "the header lists a weight `" + d->name + "` " + text_of(*d) + "; the component owns no such tensor");
        else
          named[static_cast<std::size_t>(owned - ran_.weights.begin())] = true;
      }
    }
    const auto silent = std::find(named.begin(), named.end(), false);
    if (silent != named.end())
      note(header_.weights.empty() ? 1 : header_.weights[0].line,
           "the header does not list the weight `" + ran_.weights[static_cast<std::size_t>(silent - named.begin())].name + "`",
           "List every parameter and buffer.");
  }

  const ComponentHeader& header_;
  const RanTensors& ran_;
  const std::string& file_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string text_of(const RanTensor& tensor) { return tensor.dtype + " " + shape_text(tensor.shape); }

ComponentHeader read_header(const Facts& facts) {
  ComponentHeader header;
  const auto body = facts.module().list("body");
  const Node value = !body.empty() && body[0].is("Expr") ? body[0].child("value") : Node();
  const Json* constant = value.is("Constant") ? value.raw("value") : nullptr;
  if (constant == nullptr || constant->value("kind", "") != "str") return header;
  header.present = true;
  const std::string text = constant->value("value", "");
  std::vector<DeclaredTensor>* section = nullptr;
  int line = value.line();
  for (std::size_t at = 0; at <= text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string written = trimmed(std::string_view(text).substr(at, end - at));
    at = end + 1;
    if (written.empty()) continue;
    const std::string small = lower(written);
    const bool item = written[0] == '-' || written[0] == '*';
    if (!item && written.find(':') != std::string::npos) {
      section = small.rfind("input shape", 0) == 0    ? &header.inputs
                : small.rfind("output shape", 0) == 0 ? &header.outputs
                : small.rfind("weight shape", 0) == 0 ? &header.weights
                                                      : nullptr;
      continue;
    }
    const std::string words = item ? trimmed(written.substr(1)) : "";
    if (section == nullptr || !item || lower(words).rfind("none", 0) == 0) continue;
    section->push_back(declared_in(words, line));
  }
  return header;
}

std::vector<Finding> check_header(const ComponentHeader& header, const RanTensors& ran, const std::string& file) {
  return HeaderCheck(header, ran, file).run();
}

}  // namespace decomp
