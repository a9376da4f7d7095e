#include "pipeline/compose_text.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "checks/composition_file.h"
#include "checks/grammar_judge.h"
#include "checks/grammar_lists.h"
#include "checks/name_uses.h"
#include "pipeline/text_edits.h"

namespace decomp {
namespace {

// Final names: each belongs to one thing.
class FinalNames {
 public:
  void reserve(const std::string& name) { taken_.insert(name); }

  const std::string& of(const std::string& identity, const std::string& preferred) {
    const auto known = names_.find(identity);
    if (known != names_.end()) return known->second;
    std::string name = preferred;
    for (int i = 2; taken_.count(name) != 0; ++i) name = preferred + "_" + std::to_string(i);
    taken_.insert(name);
    return names_[identity] = name;
  }

 private:
  std::set<std::string> taken_;
  std::map<std::string, std::string> names_;
};

bool only_imports(const Node& statement) {
  if (is_import(statement)) return true;
  if (!statement.is("Try") && !statement.is("If")) return false;
  for (const char* field : {"body", "orelse"})
    for (const Node& part : statement.list(field))
      if (!only_imports(part) && !part.is("Pass")) return false;
  return true;
}

// The import statement that binds `name` to what `binding` says.
std::string import_line(const Binding& binding, const std::string& name, const std::string& final_name) {
  for (const Node& alias : binding.node.list("names")) {
    const std::string imported = alias.text("name");
    const std::string as = alias.text("asname");
    const std::string bound = !as.empty() ? as : binding.node.is("Import") ? imported.substr(0, imported.find('.')) : imported;
    if (bound != name) continue;
    const std::string from = binding.node.is("ImportFrom") ? "from " + binding.node.text("module") + " " : "";
    const bool plain = from.empty() ? as.empty() && final_name == bound : imported == final_name;
    if (plain) return from + "import " + imported;
    // `import a.b` binds a: another name for it needs a statement of its own.
    return from + "import " + (from.empty() && as.empty() ? bound : imported) + " as " + final_name;
  }
  return "";
}

class Composer {
 public:
  Composer(const std::vector<ComposePart>& parts, const std::vector<std::string>& reserved) : parts_(parts), files_(parts.size()) {
    for (const std::string& name : reserved) names_.reserve(name);
    for (const std::string& name : GrammarLists::embedded().python_builtins.all()) names_.reserve(name);
    for (std::size_t p = 0; p < parts.size(); ++p) read(p);
    name_classes();
    name_kernels();
  }

  ComposedText compose() {
    paste(0);
    ComposedText text;
    text.imports.assign(imports_.begin(), imports_.end());
    text.kernels.assign(kernels_.begin(), kernels_.end());
    text.body = std::move(body_);
    return text;
  }

 private:
  struct File {
    std::vector<Node> body;
    std::vector<std::set<std::string>> binds;
    Bindings names;
    std::vector<std::size_t> kept;
    std::map<std::string, std::size_t> maker;  // name -> the kept statement that binds it
    bool pasted = false;
  };

  void read(std::size_t p) {
    const ComposePart& part = parts_[p];
    File& file = files_[p];
    std::set<std::string> children;
    for (const auto& [name, child] : part.children) children.insert(name);
    std::vector<NameConflict> conflicts;
    file.body = part.facts->module().list("body");
    file.names = module_bindings(part.facts->module(), children, conflicts);
    file.binds = names_bound_by(file.body);
    file.kept = reached_statements(file.body, file.binds, file.names, {part.model_class});
    for (const std::size_t i : file.kept)
      for (const std::string& name : file.binds[i]) file.maker.emplace(name, i);
    for (const Node& statement : file.body) {
      std::set<std::string> local;
      local_names_in(statement, local);
      for (const std::string& name : local) names_.reserve(name);
    }
  }

  void name_classes() {
    names_.of("class 0", "ComposedModel");
    for (std::size_t p = 1; p < parts_.size(); ++p) names_.of("class " + std::to_string(p), class_name_of(parts_[p].component));
  }

  // A kernel keeps the name that the steps import it by, where that is one name for one kernel.
  void name_kernels() {
    std::map<std::string, std::set<std::string>> aliases;  // kernel -> names
    std::map<std::string, std::set<std::string>> meant;    // name -> kernels
    for (std::size_t p = 0; p < parts_.size(); ++p)
      for (const auto& [name, binding] : files_[p].names) {
        const auto child = parts_[p].children.find(binding.target);
        if (binding.kind != Binding::child_class || child == parts_[p].children.end() || child->second.part >= 0) continue;
        aliases[child->second.kernel].insert(name);
        meant[name].insert(child->second.kernel);
      }
    for (const auto& [kernel, names] : aliases) {
      const std::string& alias = *names.begin();
      const bool clear = names.size() == 1 && meant[alias].size() == 1 && alias != "Model";
      names_.of("kernel " + kernel, clear ? alias : class_name_of(kernel));
    }
  }

  std::string name_of_child(std::size_t p, const std::string& import_name) {
    const auto found = parts_[p].children.find(import_name);
    if (found == parts_[p].children.end()) return import_name;
    const ComposePart::Child& child = found->second;
    if (child.part >= 0) return names_.of("class " + std::to_string(child.part), class_name_of(parts_[static_cast<std::size_t>(child.part)].component));
    return kernels_[child.kernel] = names_.of("kernel " + child.kernel, class_name_of(child.kernel));
  }

  // What a statement is, with all that it uses: equal for the same helper in two files.
  std::string identity_of(std::size_t p, std::size_t statement, std::set<std::size_t>& open) {
    const File& file = files_[p];
    if (!open.insert(statement).second) return "itself";
    std::string identity = source_of(parts_[p].text, file.body[statement]);
    for (const std::string& name : module_names_in(file.body[statement], file.names)) identity += "\n" + name + "=" + meaning(p, name, open);
    open.erase(statement);
    return identity;
  }

  std::string meaning(std::size_t p, const std::string& name, std::set<std::size_t>& open) {
    const Binding& binding = files_[p].names.at(name);
    if (binding.kind == Binding::path) return "import " + binding.target;
    if (binding.kind == Binding::child_class || binding.kind == Binding::child_module || binding.kind == Binding::child_package)
      return "child " + name_of_child(p, binding.target);
    if (name == parts_[p].model_class) return "class " + std::to_string(p);
    const auto maker = files_[p].maker.find(name);
    return maker == files_[p].maker.end() ? name : name + " of " + identity_of(p, maker->second, open);
  }

  std::string final_name(std::size_t p, const std::string& name) {
    const Binding& binding = files_[p].names.at(name);
    std::set<std::size_t> open;
    const std::string& given = names_.of(meaning(p, name, open), name);
    if (binding.kind == Binding::path)
      if (const std::string line = import_line(binding, name, given); !line.empty()) imports_.insert(line);
    return given;
  }

  void paste(std::size_t p) {
    if (std::exchange(files_[p].pasted, true)) return;
    for (const auto& [name, child] : parts_[p].children)
      if (child.part >= 0) paste(static_cast<std::size_t>(child.part));
    for (const std::size_t i : files_[p].kept) {
      const Node& statement = files_[p].body[i];
      if (only_imports(statement)) {
        if (statement.text("module") == "__future__")
          for (const Node& alias : statement.list("names")) imports_.insert("from __future__ import " + alias.text("name"));
        continue;
      }
      std::set<std::size_t> open;
      const bool is_model = statement.is("ClassDef") && statement.text("name") == parts_[p].model_class;
      if (!is_model && !pasted_.insert(identity_of(p, i, open)).second) continue;
      const std::string text = edited(p, statement);
      if (text.empty()) continue;
      const bool definition = statement.is("ClassDef") || statement.is("FunctionDef");
      if (!body_.empty()) body_ += definition || after_definition_ ? "\n\n" : "";
      body_ += text + "\n";
      after_definition_ = definition;
    }
  }

  std::string edited(std::size_t p, const Node& statement) {
    TextEdits edits(parts_[p].text);
    if (statement.is("ClassDef") || statement.is("FunctionDef"))
      edits.rename_definition(statement, final_name(p, statement.text("name")));
    each_name_use(statement, files_[p].names, false, [&](const NameUse& use) {
      const bool child = use.name.kind == Resolved::child_class && use.name.exact;
      const std::string name = child ? name_of_child(p, use.name.target) : final_name(p, use.root.text("id"));
      if (use.in_string)
        edits.replace_in_string(use.in_string, child ? source_of_name(use.node) : use.root.text("id"), name);
      else
        edits.replace(child ? use.node : use.root, name);
    });
    return edits.statement(statement);
  }

  // "x_mod.Model" as it is written in an f-string.
  static std::string source_of_name(const Node& chain) { return written(chain); }

  const std::vector<ComposePart>& parts_;
  std::vector<File> files_;
  FinalNames names_;
  std::set<std::string> imports_;
  std::map<std::string, std::string> kernels_;
  std::set<std::string> pasted_;  // identities of statements
  std::string body_;
  bool after_definition_ = false;
};

}  // namespace

std::string class_name_of(const std::string& file_name) {
  std::string name;
  bool start = true;
  for (const char c : file_name) {
    if (c == '_') {
      start = true;
      continue;
    }
    const auto u = static_cast<unsigned char>(c);
    if (start && !name.empty() && std::isdigit(static_cast<unsigned char>(name.back())) && std::isdigit(u)) name += '_';
    name += start ? static_cast<char>(std::toupper(u)) : c;
    start = false;
  }
  if (name.empty() || !std::isalpha(static_cast<unsigned char>(name[0]))) name = "Part" + name;
  return name;
}

ComposedText compose_text(const std::vector<ComposePart>& parts, const std::vector<std::string>& reserved) {
  return Composer(parts, reserved).compose();
}

}  // namespace decomp
