#include "checks/kernels.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "core/rules.h"

namespace decomp {
namespace {

const Json& names() { return rule_data("names"); }

struct Ran {
  std::set<std::string> operations;  // canonical compute operators
  std::set<std::string> dtypes;      // of everything read and made
};

// A layer of torch that is opened by nobody counts as one operation: the layer's class in the place of what it runs.
std::string layer_of(int instance, const std::vector<ModuleInstance>& modules, const std::string& operation) {
  static const auto layers = names().at("layers").get<std::set<std::string>>();
  const ModuleInstance& m = modules[static_cast<std::size_t>(instance)];
  for (const ModuleInstance& other : modules)
    if (layers.count(other.type) != 0 && (other.path == m.path || m.path.rfind(other.path + ".", 0) == 0))
      return other.type.substr(other.type.rfind('.') + 1);
  return operation;
}

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : ", ") + w;
  return text.empty() ? "no compute operation" : text;
}

// All operators that a word may stand for: its own list, and the parts of the composites of these.
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

// The longest known word that the file's name begins with; "" when there is none.
std::string operation_word(const std::string& file) {
  std::string best;
  for (const auto& [word, ops] : names().at("operations").items())
    if (file.rfind(word, 0) == 0 && (file.size() == word.size() || file[word.size()] == '_') && word.size() > best.size()) best = word;
  // "softmax_dropout", "tanh_gelu": a second word that is no signature makes it another name.
  std::string rest = best.empty() ? "" : file.substr(best.size());
  if (rest.size() > 1 && std::isalpha(static_cast<unsigned char>(rest[1])) != 0) {
    static const std::set<std::string> signature = {"dim", "dims", "dimlast", "nobias", "bias", "affine", "keepdim", "tanh", "none", "all", "last", "k", "s", "p", "g", "d", "eps", "causal", "padded"};
    std::string word = rest.substr(1, rest.find('_', 1) == std::string::npos ? std::string::npos : rest.find('_', 1) - 1);
    std::string letters;
    for (char c : word)
      if (std::isalpha(static_cast<unsigned char>(c)) != 0) letters += c;
    bool dtype = names().at("dtypes").contains(word);
    if (!dtype && signature.count(letters) == 0 && letters.size() > 1) return "";
  }
  return best;
}

std::set<std::string> dtype_words(const std::string& file) {
  std::set<std::string> found;
  std::size_t at = 0;
  while (at <= file.size()) {
    std::size_t end = std::min(file.find('_', at), file.size());
    std::string word = file.substr(at, end - at);
    if (names().at("dtypes").contains(word)) found.insert(names().at("dtypes").at(word).get<std::string>());
    at = end + 1;
  }
  return found;
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

}  // namespace

std::string declared_level(std::string_view source) {
  static constexpr std::string_view mark = "Abstraction Level:";
  auto at = source.substr(0, 4000).find(mark);
  if (at == std::string_view::npos) return "";
  at += mark.size();
  while (at < source.size() && (source[at] == ' ' || source[at] == '\t')) ++at;
  std::string level;
  while (at < source.size() && std::isalpha(static_cast<unsigned char>(source[at])) != 0)
    level += static_cast<char>(std::tolower(static_cast<unsigned char>(source[at++])));
  return level;
}

std::vector<Finding> check_kernels(const Tape& refactored, const std::vector<ModuleInstance>& modules,
                                   const std::map<std::string, std::string>& levels) {
  std::map<std::string, Ran> ran;  // by file
  for (const TapeEntry& e : refactored.entries) {
    if (e.instance < 0 || e.instance >= static_cast<int>(modules.size())) continue;
    const std::string& file = modules[static_cast<std::size_t>(e.instance)].child;
    auto level = levels.find(file);
    if (level == levels.end() || level->second != "kernel") continue;
    Ran& r = ran[file];
    if (op_class(e) == OpClass::compute) r.operations.insert(layer_of(e.instance, modules, canonical_operation(e.op)));
    for (const TapeRef& ref : e.in) r.dtypes.insert(ref.dtype);
    for (const TapeRef& ref : e.out) r.dtypes.insert(ref.dtype);
  }
  // A kernel that was called and ran nothing at all is held against its name, too.
  for (int call : refactored.calls)
    if (call >= 0 && call < static_cast<int>(modules.size())) {
      const std::string& file = modules[static_cast<std::size_t>(call)].child;
      auto level = levels.find(file);
      if (level != levels.end() && level->second == "kernel") ran[file];
    }
  static const auto contractions = names().at("contractions").get<std::set<std::string>>();
  std::vector<Finding> findings;
  for (const auto& [file, r] : ran) {
    bool contracts = std::any_of(r.operations.begin(), r.operations.end(), [](const std::string& op) { return contractions.count(op) != 0; });
    if (contracts && r.operations.size() > 1 && !one_composite(r.operations))
      findings.push_back({"level-kernel", Severity::error, {file}, "is a kernel of more than one logical operation: it runs " + joined(r.operations),
                          "Make a kernel of each operation, or declare the component a fusion and take it apart."});
    std::string word = operation_word(file);
    if (!word.empty()) {
      auto meant = meant_by(word);
      std::set<std::string> other;
      for (const std::string& op : r.operations)
        if (meant.count(op) == 0) other.insert(op);
      bool arithmetic_form = r.operations.empty() && !r.dtypes.empty() && word != "linear" && meant.count("where") != 0;
      bool none = r.operations.empty() && !arithmetic_form;
      if (!other.empty() || none)
        findings.push_back({"name-untrue", Severity::error, {file}, "is named `" + word + "` but runs " + joined(none ? r.operations : other),
                            "Name the file after what it does, or make it do what its name says."});
    }
    for (const std::string& dtype : dtype_words(file))
      if (!r.dtypes.empty() && r.dtypes.count(dtype) == 0)
        findings.push_back({"name-untrue", Severity::error, {file}, "is named after dtype " + dtype + " but works on " + joined(r.dtypes),
                            "Name the file after the dtypes that it works on."});
  }
  return findings;
}

}  // namespace decomp
