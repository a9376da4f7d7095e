// Path prologues: what people write above `from conv import Model` to make the import work. decomp has its own import
// finder, so these statements are recognised by shape and never run.

#include "checks/grammar_judge.h"

#include <algorithm>
#include <utility>

namespace decomp {
namespace {

class Prologue {
 public:
  explicit Prologue(JudgedFile& file) : file_(file), scopes_(file.names) {}

  // A statement that does nothing but compute paths and put them into sys.path.
  bool recognise(const Node& statement) {
    if (statement.is("FunctionDef") || statement.is("ClassDef")) return false;
    pathy_ = false;
    const Bindings before = file_.names;
    if (only_paths(statement) && pathy_) return true;
    file_.names = before;
    return false;
  }

  // Does it speak of files or of sys.path at all? Then it was probably meant as one.
  bool mentions_paths(const Node& node) const {
    if (node.is("Name") || node.is("Attribute")) {
      const Resolved name = scopes_.resolve(node);
      if (name.kind == Resolved::prologue) return true;
      if (name.kind == Resolved::path)
        return name.target == "builtins.__file__" || GrammarLists::longest_prefix(name.target, file_.lists.prologue_paths) > 0;
    }
    const std::vector<Node> parts = node.children();
    return std::any_of(parts.begin(), parts.end(), [this](const Node& part) { return mentions_paths(part); });
  }

 private:
  bool all(const std::vector<Node>& statements) {
    return std::all_of(statements.begin(), statements.end(), [this](const Node& s) { return s.is("Pass") || only_paths(s); });
  }

  bool only_paths(const Node& statement) {
    if (statement.is("Expr")) return statement.child("value").is("Call") && is_path(statement.child("value"));
    if (statement.is("Assign") || statement.is("AnnAssign") || statement.is("AugAssign")) {
      std::vector<Node> targets = statement.list("targets");
      if (targets.empty()) targets.push_back(statement.child("target"));
      if (!is_path(statement.child("value"))) return false;
      return std::all_of(targets.begin(), targets.end(), [this](const Node& target) { return is_target(target); });
    }
    if (statement.is("If"))
      return is_path(statement.child("test")) && all(statement.list("body")) && all(statement.list("orelse"));
    if (statement.is("For")) {
      if (!is_path(statement.child("iter"))) return false;
      // Only the body shows that a loop over plain names is about paths.
      const bool pathy = std::exchange(pathy_, true);
      if (!is_target(statement.child("target"))) return false;
      pathy_ = pathy;
      return all(statement.list("body")) && statement.list("orelse").empty();
    }
    if (statement.is("Delete")) {
      const auto targets = statement.list("targets");
      return std::all_of(targets.begin(), targets.end(), [this](const Node& target) {
        const Binding* binding = target.is("Name") ? scopes_.find(target.text("id")) : nullptr;
        return binding && binding->kind == Binding::prologue;
      });
    }
    return false;
  }

  bool is_target(const Node& target) {
    if (target.is("Name")) {
      if (!pathy_) return false;  // an ordinary constant
      const auto binding = file_.names.find(target.text("id"));
      if (binding == file_.names.end() || (binding->second.kind != Binding::value && binding->second.kind != Binding::prologue))
        return false;
      binding->second.kind = Binding::prologue;
      return true;
    }
    if (target.is("Tuple")) {
      const auto parts = target.list("elts");
      return std::all_of(parts.begin(), parts.end(), [this](const Node& part) { return is_target(part); });
    }
    const Node place = target.is("Subscript") ? target.child("value") : target;
    if (!place.is("Attribute")) return false;
    const Resolved name = scopes_.resolve(place);
    const bool ours = name.kind == Resolved::path && (name.target == "sys.path" || name.target == "sys.dont_write_bytecode");
    pathy_ = pathy_ || ours;
    return ours;
  }

  bool is_path(const Node& node) {
    static const std::set<std::string_view> structure = {
        "Constant", "BinOp",   "BoolOp",  "Compare",   "UnaryOp",        "IfExp",    "Tuple",        "List",    "Set",
        "Dict",     "Subscript", "Slice", "Starred",   "JoinedStr",      "FormattedValue", "Call",   "keyword", "ListComp",
        "SetComp",  "GeneratorExp", "comprehension"};
    if (node.is("Name") || node.is("Attribute")) return is_path_name(node);
    if (!structure.count(node.kind())) return false;
    const bool comprehension = is_comprehension(node);
    if (comprehension) scopes_.push(Scopes::comprehension, comprehension_bindings(node));
    const auto parts = node.children();
    const bool ok = std::all_of(parts.begin(), parts.end(), [this](const Node& part) { return is_path(part); });
    if (comprehension) scopes_.pop();
    return ok;
  }

  bool is_path_name(const Node& node) {
    const Resolved name = scopes_.resolve(node);
    switch (name.kind) {
      case Resolved::path: {
        if (name.target == "builtins.__file__" || GrammarLists::longest_prefix(name.target, file_.lists.prologue_paths) > 0) {
          pathy_ = true;
          return true;
        }
        // `Path(__file__).parent` has its attributes on a call, __file__'s own methods are no path.
        return name.target != "builtins.__name__" ? file_.lists.prologue_builtins.has(name.target) : true;
      }
      case Resolved::prologue:
        pathy_ = true;
        return node.is("Name") || (file_.lists.prologue_attributes.has(node.text("attr")) && is_path(node.child("value")));
      case Resolved::value: {
        if (node.is("Attribute")) return file_.lists.prologue_attributes.has(node.text("attr")) && is_path(node.child("value"));
        // A comprehension's own variable, or the target of this very loop.
        return node.text("ctx") != "" || !scopes_.is_global(node.text("id"));
      }
      case Resolved::unknown:
        return file_.lists.prologue_attributes.has(node.text("attr")) && is_path(node.child("value"));
      default: return false;
    }
  }

  JudgedFile& file_;
  Scopes scopes_;
  bool pathy_ = false;
};

// `__name__ == "__main__"`, either way round.
bool is_main_test(const Node& test) {
  const auto right = test.list("comparators");
  const Json* ops = test.raw("ops");
  if (!test.is("Compare") || right.size() != 1 || !ops || ops->size() != 1 || (*ops)[0] != "Eq") return false;
  const auto is_name = [](const Node& node) { return node.is("Name") && node.text("id") == "__name__"; };
  const auto is_main = [](const Node& node) {
    std::string text;
    return string_constant(node, text) && text == "__main__";
  };
  return (is_name(test.child("left")) && is_main(right[0])) || (is_main(test.child("left")) && is_name(right[0]));
}

// Could also stand on the line of a dropped statement without being missed.
bool is_harmless_to_drop(const JudgedFile& file, const Node& statement) {
  if (statement.is("Pass")) return true;
  if (!statement.is("Import")) return false;
  const auto names = statement.list("names");
  return std::all_of(names.begin(), names.end(),
                     [&](const Node& alias) { return file.lists.inert_imports.has(alias.text("name")); });
}

}  // namespace

bool is_main_block(const Node& statement) { return statement.is("If") && is_main_test(statement.child("test")); }

bool is_path_prologue(JudgedFile& file, const Node& statement) { return Prologue(file).recognise(statement); }

std::vector<Node> drop_prologue(JudgedFile& file, std::vector<Node>& main_block) {
  Prologue prologue(file);
  const std::vector<Node> body = file.facts.module().list("body");
  std::vector<Node> kept;
  std::vector<Node> dropped;
  for (const Node& statement : body) {
    if (is_main_block(statement)) {
      if (const auto orelse = statement.list("orelse"); !orelse.empty())
        file.report("grammar-main-block", orelse[0], "the `else` of the `__main__` block runs when the file is imported",
                    "move its statements to module level or delete them");
      main_block = statement.list("body");
      dropped.push_back(statement);
    } else if (!is_import(statement) && prologue.recognise(statement)) {
      dropped.push_back(statement);
    } else if ((statement.is("Expr") || statement.is("Assign") || statement.is("AugAssign") || statement.is("If") ||
                statement.is("For") || statement.is("With")) && prologue.mentions_paths(statement)) {
      file.report("grammar-path-prologue", statement, "this speaks of files or of sys.path in a way that is no plain path prologue",
                  "write `sys.path.insert(0, str(Path(__file__).resolve().parent))`, or delete it: decomp finds the children itself");
    } else {
      kept.push_back(statement);
    }
  }
  for (const Node& statement : dropped) {
    for (const Node& other : body) {
      const bool apart = other.end_line() < statement.line() || statement.end_line() < other.line();
      const bool also_dropped = std::any_of(dropped.begin(), dropped.end(), [&](const Node& d) { return d.json() == other.json(); });
      if (!apart && !also_dropped && !is_harmless_to_drop(file, other))
        file.report("grammar-path-prologue", statement, "this statement is left out of judged runs, but shares its line with another",
                    "write each statement on a line of its own");
    }
    file.result.dropped.emplace_back(statement.line(), statement.end_line());
  }
  return kept;
}

}  // namespace decomp
