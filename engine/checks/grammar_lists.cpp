#include "checks/grammar_lists.h"

#include "core/error.h"

namespace decomp {
namespace {

// Reads with the file's own words in the complaint, so that an edit of the data that breaks it is easy to find.
class Reader {
 public:
  Reader(const Json& data, std::string where) : data_(data), where_(std::move(where)) {}

  Reader at(const char* key) const {
    const auto found = data_.find(key);
    if (found == data_.end()) broken(std::string("has no \"") + key + "\"");
    return Reader(*found, where_ + "/" + key);
  }

  std::vector<std::string> strings() const {
    std::vector<std::string> names;
    if (!data_.is_array()) broken("is no list");
    for (const Json& name : data_) {
      if (!name.is_string()) broken("holds something that is no string");
      names.push_back(name.get<std::string>());
    }
    return names;
  }

  NameSet names() const {
    NameSet set;
    for (std::string& name : strings()) set.add(std::move(name));
    return set;
  }

  // {"torch": ["cat"]} as "torch.cat".
  void add_paths(NameSet& set) const {
    if (!data_.is_object()) broken("is no object");
    for (const auto& [module, names] : data_.items())
      for (const std::string& name : Reader(names, where_ + "/" + module).strings()) set.add(module + "." + name);
  }
  NameSet paths() const {
    NameSet set;
    add_paths(set);
    return set;
  }

  NameSet builtins() const {
    NameSet set;
    for (const std::string& name : strings()) set.add("builtins." + name);
    return set;
  }

  const Json& json() const { return data_; }
  bool has(const char* key) const { return data_.contains(key); }
  std::string text() const {
    if (!data_.is_string()) broken("is no string");
    return data_.get<std::string>();
  }

 private:
  [[noreturn]] void broken(const std::string& why) const {
    throw Error(ErrorKind::infrastructure, "rules/" + where_ + " " + why);
  }

  const Json& data_;
  std::string where_;
};

void add_modules(const NameSet& paths, NameSet& modules) {
  for (const std::string& path : paths.all())
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1))
      modules.add(path.substr(0, dot));
}

}  // namespace

GrammarLists::GrammarLists(const RuleBook& book) {
  const Reader grammar(book.data("grammar"), "grammar.json");
  const Reader ops(book.data("ops"), "ops.json");

  template_functions = grammar.at("template_functions").names();
  required_functions = grammar.at("required_template_functions").names();
  refactored_classes = grammar.at("model_classes").at("refactored").strings();
  component_classes = grammar.at("model_classes").at("component").strings();
  refactored_imports = grammar.at("imports").at("refactored").names();
  inert_imports = grammar.at("imports").at("inert").names();
  test_imports = grammar.at("imports").at("tests").names();
  reserved_modules = grammar.at("reserved_modules").names();

  const Reader refactored = grammar.at("refactored");
  plumbing_paths = refactored.at("plumbing").paths();
  plumbing_methods = refactored.at("methods").names();
  const NameSet not_plumbing = refactored.at("not_plumbing").names();
  for (const char* kind : {"plumbing", "arithmetic"}) {
    for (const std::string& op : ops.at(kind).strings()) {
      if (op.front() == '_' || not_plumbing.has(op)) continue;
      plumbing_methods.add(op);
      plumbing_methods.add(op + "_");
      plumbing_paths.add("torch." + op);
      plumbing_paths.add("torch." + op + "_");
    }
  }
  value_paths = refactored.at("values").paths();
  type_paths = refactored.at("types").paths();
  constructor_paths = refactored.at("constructors").paths();
  limit_paths = refactored.at("limits").paths();
  limit_attributes = refactored.at("limit_attributes").names();
  number_paths = refactored.at("numbers").paths();
  container_paths = refactored.at("containers").paths();
  context_paths = refactored.at("contexts").paths();
  output_bases = refactored.at("output_bases").paths();
  plain_builtins = refactored.at("builtins").builtins();
  decorators = refactored.at("decorators").paths();
  python_methods = refactored.at("python_methods").names();
  value_attributes = refactored.at("attributes").names();
  module_attributes = refactored.at("module_attributes").names();
  random_paths = grammar.at("random").paths();
  random_methods = grammar.at("random_methods").names();

  const Reader component = grammar.at("component");
  component_paths = component.at("paths").paths();
  numpy_paths = component.at("numpy").paths();
  numpy_values = component.at("numpy_values").paths();
  component_builtins = component.at("builtins").builtins();
  component_methods = component.at("methods").names();
  component_attributes = component.at("attributes").names();
  special_methods = component.at("special_methods").names();
  overridable = component.at("overridable").names();
  storable = component.at("storable").names();
  plain_bases = component.at("plain_bases").paths();
  add_modules(component_paths, component_modules);
  add_modules(numpy_paths, component_modules);
  for (const std::string& name : refactored_imports.all()) component_modules.add(name);

  input_paths = grammar.at("template").at("paths").paths();
  input_methods = grammar.at("template").at("methods").names();
  test_paths = grammar.at("tests").at("paths").paths();
  test_builtins = grammar.at("tests").at("builtins").builtins();
  test_methods = grammar.at("tests").at("methods").names();

  python_builtins = grammar.at("python_builtins").builtins();
  exceptions = grammar.at("exceptions").builtins();
  known_attributes = grammar.at("known_attributes").names();
  module_names = grammar.at("module_names").names();
  mutators = grammar.at("mutators").names();
  init_functions = grammar.at("init_functions").names();
  licensable = grammar.at("licensable").names();
  prologue_paths = grammar.at("prologue").at("paths").names();
  prologue_builtins = grammar.at("prologue").at("builtins").builtins();
  prologue_attributes = grammar.at("prologue").at("attributes").names();

  std::size_t number = 0;
  for (const Json& entry : grammar.at("banned").json()) {
    const Reader group(entry, "grammar.json/banned/" + std::to_string(number));
    groups_.push_back({group.at("rule").text(), group.at("why").text(), group.at("help").text(), {}});
    if (group.has("allowed_in"))
      for (std::string& mode : group.at("allowed_in").strings()) groups_.back().allowed_in.insert(std::move(mode));
    if (group.has("paths"))
      for (std::string& path : group.at("paths").strings()) banned_paths_.emplace(std::move(path), number);
    if (group.has("attributes"))
      for (std::string& name : group.at("attributes").strings()) banned_attributes_.emplace(std::move(name), number);
    ++number;
  }
}

const GrammarLists& GrammarLists::embedded() {
  static const GrammarLists lists(RuleBook::embedded());
  return lists;
}

const BannedGroup* GrammarLists::banned_path(std::string_view path, std::size_t* length) const {
  for (;;) {
    if (const auto found = banned_paths_.find(path); found != banned_paths_.end()) {
      if (length) *length = path.size();
      return &groups_[found->second];
    }
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos) return nullptr;
    path = path.substr(0, dot);
  }
}

const BannedGroup* GrammarLists::banned_attribute(std::string_view name) const {
  const auto found = banned_attributes_.find(name);
  return found == banned_attributes_.end() ? nullptr : &groups_[found->second];
}

std::size_t GrammarLists::longest_prefix(std::string_view path, const NameSet& set) {
  for (;;) {
    if (set.has(path)) return path.size();
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos) return 0;
    path = path.substr(0, dot);
  }
}

bool GrammarLists::is_plumbing_method(std::string_view name) const { return plumbing_methods.has(name); }

}  // namespace decomp
