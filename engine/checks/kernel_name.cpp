#include "checks/kernel_name.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <map>

#include "checks/kernel_identity.h"
#include "core/rules.h"

namespace decomp {
namespace {

const Json& names() { return rule_data("names"); }

bool is_in(const char* list, const std::string& word) {
  const Json& all = names().at(list);
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// A second word that tells attributes, not another operation: "softmax_dim1", "gelu_tanh".
bool tells_attribute(const std::string& part) {
  static const std::set<std::string> signature = {"dim", "dims", "dimlast", "nobias", "bias", "affine", "keepdim", "tanh", "none", "all", "last", "k", "s", "p", "g", "d", "eps", "causal", "padded"};
  std::string letters;
  for (char c : part)
    if (is_letter(c)) letters += c;
  return signature.count(letters) != 0 || letters.size() <= 1;
}

bool is_dtype(const std::string& part) { return names().at("dtypes").contains(part) || names().at("dtype_spellings").contains(part); }

}  // namespace

std::vector<std::string> name_parts(const std::string& file) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= file.size();) {
    const std::size_t end = std::min(file.find('_', at), file.size());
    if (end > at) parts.push_back(file.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::vector<std::int64_t> dimensions_of(const std::string& part) {
  std::vector<std::int64_t> all;
  for (std::size_t at = 0; at <= part.size();) {
    const std::size_t end = std::min(part.find('x', at), part.size());
    const std::string number = part.substr(at, end - at);
    if (number.empty() || number.size() > 15 || !std::all_of(number.begin(), number.end(), is_digit)) return {};
    all.push_back(std::stoll(number));
    at = end + 1;
  }
  return all;
}

std::vector<std::int64_t> integers_of(const std::string& value) {
  std::vector<std::int64_t> all;
  std::string number;
  for (char c : value + ",") {
    if (is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e') {
      number += c;
    } else if (c == ',' || c == ']') {
      if (number.empty()) continue;
      char* end = nullptr;
      const double n = std::strtod(number.c_str(), &end);
      if (*end != '\0' || n != std::floor(n) || std::fabs(n) > 1e15) return {};
      all.push_back(static_cast<std::int64_t>(n));
      number.clear();
    } else if (c != '[' && c != ' ') {
      return {};
    }
  }
  return all;
}

std::set<std::string> meant_by(const std::string& word) {
  auto meant = names().at("operations").at(word).get<std::set<std::string>>();
  auto own = meant;
  for (const Json& c : rule_data("equivalences").at("composites"))
    for (const std::string& op : own) {
      auto whole = c.at("whole").get<std::set<std::string>>();
      if (whole.count(op) == 0) continue;
      for (const Json& part : c.at("parts")) meant.insert(part.get<std::string>());
    }
  return meant;
}

std::string operation_word(const std::string& file) {
  std::string best;
  for (const auto& [word, ops] : names().at("operations").items())
    if (file.rfind(word, 0) == 0 && (file.size() == word.size() || file[word.size()] == '_') && word.size() > best.size()) best = word;
  // "softmax_dropout", "tanh_gelu": a second word that is no signature makes it another name.
  const std::string rest = best.empty() ? "" : file.substr(best.size());
  if (rest.size() > 1 && is_letter(rest[1])) {
    const std::string part = rest.substr(1, rest.find('_', 1) == std::string::npos ? std::string::npos : rest.find('_', 1) - 1);
    if (!is_dtype(part) && !tells_attribute(part)) return "";
  }
  return best;
}

std::set<std::string> dtype_words(const std::string& file) {
  std::set<std::string> found;
  for (const std::string& part : name_parts(file))
    for (const char* list : {"dtypes", "dtype_spellings"})
      if (names().at(list).contains(part)) found.insert(names().at(list).at(part).get<std::string>());
  return found;
}

std::string dtype_code(const std::string& dtype) {
  for (const auto& [code, meant] : names().at("dtypes").items())
    if (meant == dtype) return code;
  return dtype;
}

bool one_composite(const std::set<std::string>& operations) {
  for (const Json& c : rule_data("equivalences").at("composites")) {
    auto all = c.at("parts").get<std::set<std::string>>();
    for (const Json& w : c.at("whole")) all.insert(w.get<std::string>());
    auto needs = c.value("kernel_needs", Json::array()).get<std::set<std::string>>();
    if (std::includes(all.begin(), all.end(), operations.begin(), operations.end()) &&
        std::includes(operations.begin(), operations.end(), needs.begin(), needs.end()))
      return true;
  }
  return false;
}

std::string leading_words(const std::string& file) {
  std::string words;
  const std::string known = operation_word(file);
  if (!known.empty()) return known;
  for (const std::string& part : name_parts(file)) {
    const bool signature = is_digit(part[0]) || is_dtype(part) || part == "dimlast" || part == "nobias" ||
                           (part.size() > 1 && is_digit(part.back()) && tells_attribute(part));
    if (signature) break;
    words += (words.empty() ? "" : "_") + part;
  }
  return words;
}

namespace {

// How a value reads inside a name: 0.2 -> "0p2", -1 -> "m1", [2, 2] -> "2", [3, 1] -> "3x1".
std::string value_words(std::string value) {
  if (!value.empty() && value[0] == '[') {
    std::vector<std::string> items;
    std::string item;
    for (char c : value)
      if (c == ',' || c == ']') {
        if (!item.empty()) items.push_back(value_words(item));
        item.clear();
      } else if (c != '[' && c != ' ') {
        item += c;
      }
    const bool equal = std::all_of(items.begin(), items.end(), [&](const std::string& i) { return i == items[0]; });
    if (equal) return items.empty() ? "" : items[0];
    std::string text;
    for (const std::string& i : items) text += (text.empty() ? "" : "x") + i;
    return text;
  }
  // "1e+01" is 10: a number as short as it can be without an exponent, where it is whole.
  char* end = nullptr;
  const double number = std::strtod(value.c_str(), &end);
  if (!value.empty() && *end == '\0' && std::fabs(number) < 1e9 && number == std::floor(number))
    value = std::to_string(static_cast<std::int64_t>(number));
  std::string text;
  for (char c : value) {
    if (c == '-')
      text += 'm';
    else if (c == '.')
      text += 'p';
    else if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      text += c;
  }
  return text;
}

std::string joined(const std::vector<std::int64_t>& dims) {
  std::string text;
  for (std::int64_t d : dims) text += (text.empty() ? "" : "x") + std::to_string(d);
  return text;
}

class Namer {
 public:
  Namer(const ComponentRun& run, const std::string& present, const std::set<std::string>& untrue)
      : run_(run), present_(present), untrue_(untrue) {
    for (const TapeEntry& e : run.operations) {
      const OpClass kind = op_class(e.op);
      if (kind == OpClass::compute) {
        operations_.insert(canonical_operation(e.op));
        if (main_ == nullptr) main_ = &e;
      }
      if (kind == OpClass::arithmetic) {
        if (first_arithmetic_ == nullptr) first_arithmetic_ = &e;
        for (const TapeRef& in : e.in) owned_arithmetic_ = owned_arithmetic_ || in.weight >= 0;
      }
    }
  }

  std::string name() {
    const bool pure = operations_.size() == 1 && first_arithmetic_ == nullptr;
    parts_.push_back(pure ? word_of(*main_) : author_words());
    if (pure) {
      shapes_of(*main_);
      attributes_of(*main_);
    } else {
      present_signature();
    }
    parts_.push_back(dtypes());
    std::string text;
    for (const std::string& part : parts_)
      if (!part.empty()) text += (text.empty() ? "" : "_") + part;
    return text;
  }

 private:
  // A known word must be true; words that decomp does not know are the author's.
  std::string author_words() const {
    const std::string known = operation_word(present_);
    const std::string words = leading_words(present_);
    if (!words.empty() && known.empty()) return words;
    if (!known.empty() && !operations_.empty()) {
      const auto meant = meant_by(known);
      if (std::includes(meant.begin(), meant.end(), operations_.begin(), operations_.end())) return known;
    }
    if (operations_.empty()) {
      if (first_arithmetic_ == nullptr) return "move";
      const std::string base = op_base_name(first_arithmetic_->op);
      return owned_arithmetic_ && base == "add" ? "bias_add" : owned_arithmetic_ && base == "mul" ? "scale" : base;
    }
    for (const Json& c : rule_data("equivalences").at("composites")) {
      const auto parts = c.at("parts").get<std::set<std::string>>();
      if (operations_.size() > 1 && std::includes(parts.begin(), parts.end(), operations_.begin(), operations_.end()))
        return c.at("whole").at(0).get<std::string>();
    }
    std::string text = word_of(*main_);
    for (const std::string& op : operations_)
      if (op != canonical_operation(main_->op)) text += "_" + op;
    return text;
  }

  static std::vector<std::int64_t> without_ones(std::vector<std::int64_t> dims) {
    if (std::any_of(dims.begin(), dims.end(), [](std::int64_t d) { return d != 1; })) std::erase(dims, 1);
    return dims;
  }

  static std::string word_of(const TapeEntry& e) {
    const std::string canonical = canonical_operation(e.op);
    const std::size_t rank = canonical == "conv" || canonical == "conv_transpose" ? (e.in.size() > 1 ? e.in[1].shape.size() : 0)
                             : e.in.empty()                                      ? 0
                                                                                 : e.in[0].shape.size();
    if (is_in("words_with_rank", canonical) && rank > 1)
      return canonical + std::to_string(std::max<std::size_t>(rank - 2, 1)) + "d";
    std::string base = op_base_name(e.op);
    if (names().at("words").contains(canonical)) return names().at("words").at(canonical).get<std::string>();
    for (const char* prefix : {"_", "linalg_", "special_", "fft_"})
      if (base.rfind(prefix, 0) == 0) base = base.substr(std::string(prefix).size());
    return base;
  }

  std::string argument(const TapeEntry& e, const std::string& name) const {
    for (const std::string& a : e.args)
      if (a.rfind(name + "=", 0) == 0) return a.substr(name.size() + 1);
    return "";
  }

  const OwnedTensor* largest(const char* kind) const {
    const OwnedTensor* best = nullptr;
    const auto elements = [](const OwnedTensor& t) {
      std::int64_t n = 1;
      for (std::int64_t d : t.shape) n *= d;
      return n;
    };
    for (const OwnedTensor& t : run_.tensors)
      if ((*kind == '\0' || t.kind == kind) && !t.shape.empty() && (best == nullptr || elements(t) > elements(*best))) best = &t;
    return best;
  }

  // What the name says already and is true; the dimensions of what it owns where it says none.
  void present_signature() {
    bool dimensions = false;
    const std::string words = leading_words(present_);
    const std::vector<std::string> rest = name_parts(present_.substr(words.size()));
    for (std::size_t i = 0; i < rest.size() && parts_.back() == words; ++i) {
      const bool number = !dimensions_of(rest[i]).empty();
      const bool suffix = number && i > 0 && is_dtype(rest[i - 1]);
      if (is_dtype(rest[i]) || suffix || untrue_.count(rest[i]) != 0) continue;
      dimensions = dimensions || number;
      parts_.push_back(rest[i]);
    }
    if (!dimensions) shapes_in_general();
  }

  void shapes_in_general() {
    const OwnedTensor* t = largest("parameter");
    if (t == nullptr) t = largest("");
    if (t != nullptr)
      parts_.push_back(joined(without_ones(t->shape)));
    else if (is_shape_dependent(run_))
      for (const TensorShape& in : run_.inputs) parts_.push_back(joined(in.shape));
  }

  void shapes_of(const TapeEntry& e) {
    const std::string op = canonical_operation(e.op);
    const auto weight = [&](std::size_t i) { return i < e.in.size() ? e.in[i].shape : std::vector<std::int64_t>{}; };
    if (op == "linear" && weight(1).size() == 2) {
      parts_.push_back(joined({weight(1)[1], weight(1)[0]}));
      if (e.in.size() < 3) parts_.push_back("nobias");
    } else if ((op == "conv" || op == "conv_transpose") && weight(1).size() > 2) {
      auto dims = weight(1);
      const auto groups = integers_of(argument(e, "groups"));
      dims[1] *= groups.size() == 1 ? groups[0] : 1;
      if (op == "conv") std::swap(dims[0], dims[1]);
      parts_.push_back(joined({dims[0], dims[1]}));
      parts_.push_back(joined({dims.begin() + 2, dims.end()}));
      if (e.in.size() < 3) parts_.push_back("nobias");
    } else if (op == "layer_norm" || op == "rms_norm") {
      parts_.push_back(joined(integers_of(argument(e, "normalized_shape"))));
      if (e.in.size() < 2) parts_.push_back("noaffine");
    } else if (op == "group_norm" || op == "batch_norm" || op == "instance_norm") {
      parts_.push_back(value_words(argument(e, "num_groups")));
      if (weight(0).size() > 1) parts_.push_back(std::to_string(weight(0)[1]));
      if (largest("parameter") == nullptr) parts_.push_back("noaffine");
    } else if (op == "bilinear" && weight(2).size() == 3) {
      parts_.push_back(joined({weight(2)[1], weight(2)[2], weight(2)[0]}));
    } else if (is_in("recurrent", op)) {
      recurrent();
    } else if (is_shape_dependent(run_)) {
      for (const TapeRef& in : e.in)
        if (!in.shape.empty()) parts_.push_back(joined(in.shape));
    } else if (const OwnedTensor* t = largest("parameter")) {
      parts_.push_back(joined(t->shape));
    } else if (const OwnedTensor* b = largest("")) {
      parts_.push_back(joined(b->shape));
    }
  }

  // Input size and hidden size of the first layer.
  void recurrent() {
    std::vector<std::vector<std::int64_t>> matrices;
    for (const OwnedTensor& t : run_.tensors)
      if (t.kind == "parameter" && t.shape.size() == 2) matrices.push_back(t.shape);
    if (matrices.size() >= 2) parts_.push_back(joined({matrices[0][1], matrices[1][1]}));
  }

  void attributes_of(const TapeEntry& e) {
    const std::string op = canonical_operation(e.op);
    const std::string kernel = argument(e, "kernel_size");
    for (const std::string& a : e.args) {
      const std::string name = a.substr(0, a.find('='));
      const std::string value = a.substr(name.size() + 1);
      if (is_in("said_by_shapes", name) || is_in("ignored_arguments", name) || value == default_of(op, name)) continue;
      std::string words = value_words(value);
      if (name == "stride" && (value == kernel || words.empty())) continue;  // by default it is the kernel's size
      if (default_of(op, name) == words) continue;  // [1, 1] for 1
      if (name == "dim")
        parts_.push_back(words == "m1" ? "dimlast" : (words.find('x') == std::string::npos ? "dim" : "dims") + words);
      else if (names().at("tags").contains(name))
        parts_.push_back(names().at("tags").at(name).get<std::string>() + words);
      else if (is_in("plain_arguments", name))
        parts_.push_back(words);
      else if (value == "True" || value == "False")
        parts_.push_back((value == "True" ? "" : "no") + plain_letters(name));
      else if (value[0] == '\'')
        parts_.push_back(words.size() > 12 ? words.substr(0, 12) : words);
      else
        parts_.push_back(plain_letters(name) + words);
    }
    if (!e.op.empty() && e.op.back() == '_') parts_.push_back("inplace");
  }

  static std::string default_of(const std::string& op, const std::string& argument) {
    const Json& defaults = names().at("defaults");
    if (defaults.contains(op + "." + argument)) return defaults.at(op + "." + argument).get<std::string>();
    return defaults.contains(argument) ? defaults.at(argument).get<std::string>() : "";
  }

  static std::string plain_letters(const std::string& name) {
    std::string text;
    for (char c : name)
      if (c != '_') text += c;
    return text;
  }

  std::string dtypes() const {
    std::string in, out;
    if (run_.recorded) {
      if (!run_.inputs.empty()) in = run_.inputs[0].dtype;
      if (!run_.outputs.empty()) out = run_.outputs[0].dtype;
    } else {
      for (const TapeEntry& e : run_.operations) {
        if (in.empty() && !e.in.empty()) in = e.in[0].dtype;
        if (!e.out.empty()) out = e.out[0].dtype;
      }
    }
    if (in.empty() || in == out) return dtype_code(out);
    return out.empty() ? dtype_code(in) : dtype_code(in) + "_" + dtype_code(out);
  }

  const ComponentRun& run_;
  const std::string& present_;
  const std::set<std::string>& untrue_;
  std::set<std::string> operations_;
  const TapeEntry* main_ = nullptr;
  const TapeEntry* first_arithmetic_ = nullptr;
  bool owned_arithmetic_ = false;
  std::vector<std::string> parts_;
};

}  // namespace

std::string kernel_name(const ComponentRun& run, const std::string& present, const std::set<std::string>& untrue) {
  return Namer(run, present, untrue).name();
}

}  // namespace decomp
