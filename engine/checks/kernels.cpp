#include "checks/kernels.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "checks/kernel_claims.h"
#include "checks/kernel_name.h"
#include "core/rules.h"

namespace decomp {
namespace {

const Json& names() { return rule_data("names"); }

struct Ran {
  std::set<std::string> operations;  // canonical compute operators
  std::set<std::string> dtypes;      // of everything read and made
  std::map<std::string, std::set<int>> matrices;  // by instance: the weights that its linears and convolutions read
  std::size_t most_matrices() const {
    std::size_t most = 0;
    for (const auto& [instance, weights] : matrices) most = std::max(most, weights.size());
    return most;
  }
};

// A component file, and the instance of it whose code runs in a module.
struct Owner {
  std::string file, instance;
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

// By module: the component whose code runs there, also where it is a part of another component.
std::vector<Owner> innermost_owners(const std::vector<ModuleInstance>& modules) {
  std::map<std::string_view, const ModuleInstance*> components;
  for (const ModuleInstance& m : modules)
    if (!m.file.empty()) components.emplace(m.path, &m);
  std::vector<Owner> owners;
  for (const ModuleInstance& m : modules) {
    owners.push_back({m.child, m.component});
    for (std::string_view path = m.path;; path = path.substr(0, path.rfind('.'))) {
      if (auto found = components.find(path); found != components.end()) {
        owners.back() = {found->second->file, found->second->path};
        break;
      }
      if (path.find('.') == std::string_view::npos) break;
    }
  }
  return owners;
}

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : ", ") + w;
  return text.empty() ? "no compute operation" : text;
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
                                   const std::map<std::string, std::string>& levels,
                                   const std::map<std::string, std::string>& better) {
  std::map<std::string, Ran> ran;  // by file
  static const auto contractions = names().at("contractions").get<std::set<std::string>>();
  static const auto whole = names().at("whole_layers").get<std::set<std::string>>();
  static const std::set<std::string> one_matrix = {"linear", "conv", "conv_transpose"};
  const std::vector<Owner> owners = innermost_owners(modules);
  const auto owner_at = [&](int instance) { return instance >= 0 && instance < static_cast<int>(owners.size()) ? owners[static_cast<std::size_t>(instance)] : Owner(); };
  for (const TapeEntry& e : refactored.entries) {
    const auto [file, owner] = owner_at(e.instance);
    auto level = levels.find(file);
    if (level == levels.end() || level->second != "kernel") continue;
    Ran& r = ran[file];
    // What a layer makes of its own weight before it uses it.
    const bool own = canonical_operation(e.op).find("weight_norm") != std::string::npos && std::all_of(e.in.begin(), e.in.end(), [](const TapeRef& in) { return in.weight >= 0; });
    if (op_class(e) == OpClass::compute && !own) {
      const std::string operation = layer_of(e.instance, modules, canonical_operation(e.op));
      r.operations.insert(operation);
      for (const TapeRef& ref : e.in)
        if (one_matrix.count(operation) != 0 && ref.weight >= 0 && ref.shape.size() > 1) r.matrices[owner].insert(ref.weight);
    }
    for (const TapeRef& ref : e.in) r.dtypes.insert(ref.dtype);
    for (const TapeRef& ref : e.out) r.dtypes.insert(ref.dtype);
  }
  // A kernel that was called and ran nothing at all is held against its name, too.
  for (int call : refactored.calls)
    if (call >= 0 && call < static_cast<int>(modules.size())) {
      const std::string file = owner_at(call).file;
      auto level = levels.find(file);
      if (level != levels.end() && level->second == "kernel") ran[file];
    }
  const auto help = [&](const std::string& file, const std::string& otherwise) {
    auto name = better.find(file);
    return name == better.end() || name->second == file ? otherwise : name_help(file, name->second);
  };
  std::vector<Finding> findings;
  for (const auto& [file, r] : ran) {
    bool contracts = std::any_of(r.operations.begin(), r.operations.end(), [](const std::string& op) { return contractions.count(op) + whole.count(op) != 0; });
    if (contracts && r.operations.size() > 1 && !one_composite(r.operations))
      findings.push_back({"level-kernel", Severity::error, {file}, "is a kernel of more than one logical operation: it runs " + joined(r.operations),
                          "Make a kernel of each operation, or declare the component a fusion and take it apart."});
    else if (r.operations.size() == 1 && r.most_matrices() > 1)
      findings.push_back({"level-kernel", Severity::error, {file}, "is a kernel of more than one logical operation: it runs " + joined(r.operations) + " with " + std::to_string(r.most_matrices()) + " weights of its own",
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
                            help(file, "Name the file after what it does, or make it do what its name says.")});
    }
    for (const std::string& dtype : dtype_words(file))
      if (!r.dtypes.empty() && r.dtypes.count(dtype) == 0)
        findings.push_back({"name-untrue", Severity::error, {file}, "is named after dtype " + dtype + " but works on " + joined(r.dtypes),
                            help(file, "Name the file after the dtypes that it works on.")});
  }
  return findings;
}

}  // namespace decomp
