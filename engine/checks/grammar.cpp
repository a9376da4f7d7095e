#include "checks/grammar.h"

#include <algorithm>

#include "checks/composition_file.h"
#include "checks/grammar_component.h"
#include "checks/grammar_judge.h"
#include "checks/grammar_lists.h"
#include "checks/grammar_refactored.h"
#include "checks/loaders.h"

namespace decomp {
namespace {

// The class that is the model, and the template functions.
Node find_interface(JudgedFile& file, const std::vector<std::string>& class_names) {
  for (const auto& [name, binding] : file.names)
    if (binding.kind == Binding::function && file.lists.template_functions.has(name)) file.result.functions.insert(name);
  for (const std::string& name : class_names) {
    const auto found = file.names.find(name);
    if (found == file.names.end() || found->second.kind != Binding::klass) continue;
    file.result.model_class = name;
    return found->second.node;
  }
  const Node module = file.facts.module();
  const auto body = module.list("body");
  std::string others;
  for (const Node& statement : body)
    if (statement.is("ClassDef")) others += (others.empty() ? "`" : ", `") + statement.text("name") + "`";
  const std::string wanted = "class `" + class_names[0] + "`";
  file.report("grammar-no-model", body.empty() ? module : body[0],
              others.empty() ? "the file defines no " + wanted : "the file defines " + others + ", but no " + wanted,
              "define `class " + class_names[0] + "(nn.Module):`" + (others.empty() ? "" : ", or rename the class that is meant"));
  return {};
}

void report_conflicts(JudgedFile& file) {
  for (const NameConflict& conflict : file.conflicts)
    file.report("grammar-redefinition", conflict.second,
                "`" + conflict.name + "` already means something else (line " + std::to_string(conflict.first.line()) + ")",
                "give the two things different names");
}

bool is_docstring(const Node& statement) { return statement.is("Expr") && statement.child("value").is("Constant"); }

bool names_exceptions(const JudgedFile& file, const Node& type) {
  if (type.is("Tuple")) {
    const auto types = type.list("elts");
    return std::all_of(types.begin(), types.end(), [&](const Node& one) { return names_exceptions(file, one); });
  }
  return !type || (type.is("Name") && file.lists.exceptions.has(Scopes(file.names).resolve(type).target));
}

// try: from children.x import Model as X / except ImportError: from x import Model as X
bool is_import_fallback(JudgedFile& file, const Node& statement) {
  if (!statement.is("Try") || !statement.list("orelse").empty() || !statement.list("finalbody").empty()) return false;
  const auto only_imports = [&](const std::vector<Node>& body) {
    return std::all_of(body.begin(), body.end(),
                       [&](const Node& s) { return is_import(s) || s.is("Pass") || is_path_prologue(file, s); });
  };
  const auto handlers = statement.list("handlers");
  return only_imports(statement.list("body")) &&
         std::all_of(handlers.begin(), handlers.end(), [&](const Node& handler) {
           return names_exceptions(file, handler.child("type")) && only_imports(handler.list("body"));
         });
}

void judge_imports_below(JudgedFile& file, const Node& statement, const NameSet& allowed) {
  if (is_import(statement)) return file.judge_import(statement, allowed, false);
  for (const Node& part : statement.children()) judge_imports_below(file, part, allowed);
}

// Tuple[torch.Tensor, ...], int | None: a name for a type.
bool is_type(const JudgedFile& file, const Node& node, bool outermost = true) {
  if (node.is("Constant")) return !outermost;
  if (node.is("Name") || node.is("Attribute")) {
    const Resolved name = Scopes(file.names).resolve(node);
    if (name.kind != Resolved::path) return !outermost && name.kind == Resolved::klass;
    return file.lists.type_paths.has(name.target) || (name.target.rfind("typing.", 0) == 0 && file.lists.component_paths.has(name.target));
  }
  if (!node.is("Subscript") && !node.is("Tuple") && !node.is("List") && !(node.is("BinOp") && node.text("op") == "BitOr")) return false;
  const auto parts = node.children();
  if (parts.empty()) return !outermost;  // Callable[[], int]
  return std::all_of(parts.begin(), parts.end(), [&](const Node& part) { return is_type(file, part, false); }) &&
         (!outermost || is_type(file, parts.front(), true));
}

// A NamedTuple or dataclass of fields.
void judge_output_type(JudgedFile& file, RefactoredJudge& judge, const Node& klass) {
  const Scopes scopes(file.names);
  const std::string name = klass.text("name");
  const auto refuse = [&](const Node& at, const std::string& why) {
    file.report("grammar-class", at, "the class `" + name + "` " + why,
                "a refactored file holds its model and, beside it, NamedTuples and dataclasses of fields; modules go into child files");
  };
  const auto bases = klass.list("bases");
  for (const Node& base : bases) {
    const Resolved path = scopes.resolve(base);
    if (path.kind != Resolved::path || !file.lists.output_bases.has(path.target)) refuse(base, "derives from `" + written(base) + "`");
  }
  for (const Node& keyword : klass.list("keywords"))
    file.report("grammar-metaclass", keyword, "the class keyword `" + keyword.text("arg") + "` changes how the class is made",
                "write an ordinary class");
  const auto decorators = klass.list("decorator_list");
  for (const Node& decorator : decorators) {
    const Resolved path = scopes.resolve(decorator.is("Call") ? decorator.child("func") : decorator);
    if (path.kind != Resolved::path || path.target != "dataclasses.dataclass")
      file.report("grammar-decorator", decorator, "the class `" + name + "` is decorated with something else than `dataclass`",
                  "delete the decorator");
    for (const Node& option : decorator.list("keywords"))
      if (!option.child("value").is("Constant")) refuse(option, "has a computed option");
  }
  if (bases.empty() && decorators.empty()) return refuse(klass, "is neither a child nor an output type");
  const auto is_field_default = [&](const Node& value) {
    const Resolved function = value.is("Call") ? scopes.resolve(value.child("func")) : Resolved{};
    if (function.kind != Resolved::path || function.target != "dataclasses.field" || !value.list("args").empty()) return false;
    for (const Node& option : value.list("keywords")) {
      const Resolved made = scopes.resolve(option.child("value"));
      const bool container = made.kind == Resolved::path && (made.target == "builtins.list" || made.target == "builtins.dict" ||
                                                             made.target == "builtins.tuple");
      if (option.text("arg") == "default_factory" ? !container : !option.child("value").is("Constant")) return false;
    }
    return true;
  };
  for (const Node& member : klass.list("body")) {
    if (member.is("AnnAssign") && member.child("target").is("Name") && member.child("target").text("id").substr(0, 1) != "_") {
      file.judge_annotation(member.child("annotation"));
      if (const Node value = member.child("value"); value && !is_field_default(value)) judge.judge_constant(value);
    } else if (!member.is("Pass") && !is_docstring(member)) {
      refuse(member, "holds more than fields");
    }
  }
}

class RefactoredFile {
 public:
  // `composition`: the class that is the composed model, "" for a refactored file.
  RefactoredFile(JudgedFile& file, std::string composition = "") : file_(file), lists_(file.lists), composition_(std::move(composition)) {}

  void judge() {
    kept_ = drop_prologue(file_, main_block_);
    const Node klass = find_interface(file_, composition_.empty() ? lists_.refactored_classes : std::vector<std::string>{composition_});
    report_conflicts(file_);
    if (!file_.facts.module().list("body").empty()) file_.judge_module_names(file_.facts.module().list("body")[0]);
    modes_ = function_modes(file_, kept_, main_block_);

    find_named_tuples();
    std::map<std::string, Node> plumbing;
    std::set<std::string> output_types, siblings;
    for (const Node& statement : kept_) {
      const std::string name = statement.text("name");
      if (statement.is("FunctionDef") && is_plumbing(name)) plumbing.emplace(name, statement);
      if (statement.is("ClassDef") && name != file_.result.model_class) (is_sibling(statement) ? siblings : output_types).insert(name);
    }
    output_types.insert(named_tuples_.begin(), named_tuples_.end());
    RefactoredJudge judge(file_, plumbing, output_types, siblings, !composition_.empty());
    for (const Node& statement : kept_) judge_statement(judge, statement, klass);
    if (klass) judge.judge_class(klass);
    for (const Node& statement : kept_)
      if (statement.is("ClassDef") && siblings.count(statement.text("name")) != 0)
        RefactoredJudge(file_, plumbing, output_types, siblings, true).judge_class(statement);
    ComponentJudge(file_).judge_module_level(main_block_, Mode::tests);
  }

 private:
  // Out = namedtuple("Out", ["logits", "cache"]) defines an output type.
  void find_named_tuples() {
    const Scopes scopes(file_.names);
    for (const Node& statement : kept_) {
      const auto targets = statement.list("targets");
      const Node function = statement.child("value").child("func");
      if (!statement.is("Assign") || targets.size() != 1 || !targets[0].is("Name")) continue;
      if (scopes.resolve(function).target != "collections.namedtuple") continue;
      Binding& binding = file_.names[targets[0].text("id")];
      binding.kind = Binding::klass;
      binding.target = targets[0].text("id");
      named_tuples_.insert(binding.target);
    }
  }

  // A class of modules beside the composed model's.
  bool is_sibling(const Node& klass) const {
    if (composition_.empty()) return false;
    const auto bases = klass.list("bases");
    return std::any_of(bases.begin(), bases.end(), [&](const Node& base) { return Scopes(file_.names).resolve(base).target == "torch.nn.Module"; });
  }

  // Does the class use it? Helpers of the template functions may do more.
  bool is_plumbing(const std::string& name) { return modes_[name] == Mode::code || modes_[name] == Mode::initialiser; }

  void judge_statement(RefactoredJudge& judge, const Node& statement, const Node& klass) {
    if (is_import(statement)) {
      file_.judge_import(statement, lists_.refactored_imports, false);
    } else if (is_import_fallback(file_, statement) || is_type_checking(statement)) {
      judge_imports_below(file_, statement, lists_.refactored_imports);
    } else if (statement.is("FunctionDef")) {
      const Mode mode = modes_[statement.text("name")];
      if (!is_plumbing(statement.text("name"))) ComponentJudge(file_).judge_function(statement, mode);
    } else if (statement.is("ClassDef")) {
      if (statement.json() != klass.json() && !is_sibling(statement)) judge_output_type(file_, judge, statement);
    } else if (statement.is("Assign") || statement.is("AnnAssign")) {
      judge_constant(judge, statement);
    } else if (!is_docstring(statement) && !statement.is("Pass")) {
      file_.report("grammar-module-level", statement, "this statement runs when the file is imported",
                   "keep imports, constants, functions and classes at module level; move the rest into `get_inputs` or the `__main__` block");
    }
  }

  bool is_type_checking(const Node& statement) const {
    if (!statement.is("If") || !statement.list("orelse").empty()) return false;
    const Resolved test = Scopes(file_.names).resolve(statement.child("test"));
    const auto body = statement.list("body");
    return test.kind == Resolved::path && test.target == "typing.TYPE_CHECKING" && std::all_of(body.begin(), body.end(), is_import);
  }

  void judge_constant(RefactoredJudge& judge, const Node& statement) {
    file_.judge_annotation(statement.child("annotation"));
    auto targets = statement.list("targets");
    if (targets.empty()) targets.push_back(statement.child("target"));
    for (const Node& target : targets)
      if (!target.is("Name") && !target.is("Tuple"))
        file_.report("grammar-assignment", target, "assigns `" + written(target) + "` when the file is imported",
                     "assign plain names only; nothing outside this file may be changed");
    const Node value = statement.child("value");
    // Model = RefactoredModel, for tools that expect the other name.
    const bool alias = value.is("Name") && value.text("id") == file_.result.model_class && targets.size() == 1 &&
                       (targets[0].text("id") == "Model" || targets[0].text("id") == "RefactoredModel");
    if (value && !alias && !is_type(file_, value)) judge.judge_constant(value);
  }

  JudgedFile& file_;
  const GrammarLists& lists_;
  std::string composition_;
  std::vector<Node> kept_;
  std::vector<Node> main_block_;
  std::map<std::string, Mode> modes_;
  std::set<std::string> named_tuples_;
};

bool defines(const Node& klass, std::string_view method) {
  const auto body = klass.list("body");
  return std::any_of(body.begin(), body.end(), [&](const Node& m) {
    if (m.is("FunctionDef")) return m.text("name") == method;
    const auto targets = m.list("targets");
    return std::any_of(targets.begin(), targets.end(), [&](const Node& t) { return t.text("id") == method; });
  });
}

// `forward` of the class itself, of a class of this file above it, or of a module of torch above that.
bool has_forward(const JudgedFile& file, const Node& klass, int depth = 0) {
  if (defines(klass, "forward") || depth > 20) return true;
  const Scopes scopes(file.names);
  for (const Node& base : klass.list("bases")) {
    const Resolved name = scopes.resolve(base);
    if (name.kind == Resolved::path && name.target != "torch.nn.Module" && name.target.rfind("torch.nn.", 0) == 0) return true;
    const Binding* binding = name.kind == Resolved::klass ? scopes.find(name.target) : nullptr;
    if (binding && has_forward(file, binding->node, depth + 1)) return true;
  }
  return false;
}

void require_template_functions(JudgedFile& file) {
  const auto body = file.facts.module().list("body");
  for (const std::string& name : file.lists.required_functions.all())
    if (!file.result.functions.count(name))
      file.report("template-missing", body.empty() ? file.facts.module() : body[0], "the file defines no function `" + name + "`",
                  "define `def " + name + "():`; it says with what the component is built and run");
}

// Attributes that a method assigns, or whose list, dict or tensor it changes in place.
void collect_self_writes(const Node& node, const GrammarLists& lists, std::set<std::string>& names) {
  const auto add = [&](Node place) {
    while (place.is("Subscript")) place = place.child("value");
    if (place.is("Attribute") && place.child("value").is("Name")) names.insert(place.text("attr"));
  };
  if (node.text("ctx") == "Store") add(node);
  const Node function = node.child("func");
  if (node.is("Call") && function.is("Attribute") && lists.mutators.has(function.text("attr"))) add(function.child("value"));
  for (const Node& part : node.children()) collect_self_writes(part, lists, names);
}

void collect_probes(const Node& node, const GrammarLists& lists, std::set<std::string>& names) {
  if (node.is("Attribute") && lists.licensable.has(node.text("attr"))) names.insert(node.text("attr"));
  for (const Node& part : node.children()) collect_probes(part, lists, names);
}

}  // namespace

GrammarResult check_refactored_grammar(const Facts& facts, const std::set<std::string>& child_modules,
                                       const std::set<std::string>& licensed, const GrammarLists& lists) {
  GrammarResult unread{facts_findings(facts), {}, {}, {}, {}, {}};
  if (!facts.module().is("Module")) return unread;
  LoadsAsImports loads = loads_as_imports(facts);
  JudgedFile file(loads.facts, lists, child_modules, licensed);
  file.result.findings = std::move(unread.findings);
  file.result.findings.insert(file.result.findings.end(), loads.findings.begin(), loads.findings.end());
  file.result.dropped = std::move(loads.dropped);
  file.result.loaded = std::move(loads.loaded);
  RefactoredFile(file).judge();
  file.sort_findings();
  return std::move(file.result);
}

GrammarResult check_composition_grammar(const CompositionFile& composition, const std::set<std::string>& kernels,
                                        const std::set<std::string>& licensed) {
  GrammarResult unread{composition.findings, composition.dropped, {}, {}, {}, {}};
  if (composition.model_class.empty()) return unread;
  JudgedFile file(composition.judged, GrammarLists::embedded(), kernels, licensed);
  file.folder = "level_0_kernel";
  RefactoredFile(file, composition.model_class).judge();
  file.sort_findings();
  file.result.loaded = composition.loaded;
  file.result.findings.insert(file.result.findings.begin(), unread.findings.begin(), unread.findings.end());
  file.result.dropped.insert(file.result.dropped.end(), composition.dropped.begin(), composition.dropped.end());
  return std::move(file.result);
}

GrammarResult check_component_grammar(const Facts& facts, const std::set<std::string>& siblings,
                                      const std::set<std::string>& licensed, const GrammarLists& lists) {
  GrammarResult unread{facts_findings(facts), {}, {}, {}, {}, {}};
  if (!facts.module().is("Module")) return unread;
  JudgedFile file(facts, lists, siblings, licensed);
  file.result.findings = std::move(unread.findings);
  std::vector<Node> main_block;
  const std::vector<Node> kept = drop_prologue(file, main_block);
  const Node klass = find_interface(file, lists.component_classes);
  report_conflicts(file);
  require_template_functions(file);
  if (klass && !has_forward(file, klass))
    file.report("grammar-no-forward", klass, "`" + klass.text("name") + "` has no method `forward`", "define `def forward(self, ...)`");
  ComponentJudge judge(file);
  const auto modes = function_modes(file, kept, main_block);
  for (const Node& statement : kept) {
    if (statement.is("FunctionDef"))
      judge.judge_function(statement, modes.at(statement.text("name")));
    else
      judge.judge_module_level({statement}, Mode::code);
  }
  judge.judge_module_level(main_block, Mode::tests);
  file.sort_findings();
  return std::move(file.result);
}

GrammarResult check_source_grammar(const Facts& facts) {
  GrammarResult unread{facts_findings(facts), {}, {}, {}, {}, {}};
  if (!facts.module().is("Module")) return unread;
  static const std::set<std::string> none;
  const GrammarLists& lists = GrammarLists::embedded();
  JudgedFile file(facts, lists, none, none);
  file.result.findings = std::move(unread.findings);
  for (const Node& statement : facts.module().list("body"))
    if (is_main_block(statement)) file.result.dropped.emplace_back(statement.line(), statement.end_line());
  find_interface(file, lists.component_classes);
  return std::move(file.result);
}

GrammarResult check_refactored_grammar(const Facts& facts, const std::set<std::string>& child_modules,
                                       const std::set<std::string>& licensed) {
  return check_refactored_grammar(facts, child_modules, licensed, GrammarLists::embedded());
}

GrammarResult check_component_grammar(const Facts& facts, const std::set<std::string>& siblings,
                                      const std::set<std::string>& licensed) {
  return check_component_grammar(facts, siblings, licensed, GrammarLists::embedded());
}

std::set<std::string> probes_in(const Facts& source) {
  std::set<std::string> names;
  if (source.module().is("Module")) collect_probes(source.module(), GrammarLists::embedded(), names);
  return names;
}

std::vector<Finding> check_state_writes(const GrammarResult& refactored, const Facts& original) {
  std::set<std::string> written_names;
  for (const Node& klass : original.module().list("body"))
    for (const Node& method : klass.list("body"))
      if (method.is("FunctionDef") && method.text("name") != "__init__") collect_self_writes(method, GrammarLists::embedded(), written_names);
  std::vector<Finding> findings;
  for (const auto& [name, where] : refactored.state_writes)
    if (!written_names.count(name))
      findings.push_back({"grammar-state", Severity::error, where,
                          "`self." + name + "` is changed while the model runs; no method of the original changes an attribute of that name",
                          "pass the value on as an argument, or keep the original's name for it"});
  return findings;
}

}  // namespace decomp
