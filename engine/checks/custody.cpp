#include "checks/custody.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "checks/custody_module.h"
#include "checks/custody_words.h"
#include "checks/grammar_judge.h"
#include "core/digest.h"

namespace decomp {
namespace {

struct Counted {
  const ModuleStatement* statement = nullptr;
  StatementWords words;
  bool counts = false;
};

std::string part_name(const ModuleNames& module, const ModuleStatement& statement) {
  const Node& node = statement.node;
  const std::string name = node.text("name");
  if (node.is("ClassDef")) return name == module.model ? "class Model" : "class " + name;
  if (is_function(node)) return name + "()";
  std::string names;
  for (const std::string& bound : statement.binds) names += (names.empty() ? "" : ", ") + bound;
  return names.empty() ? "a statement of the module" : names;
}

// `def get_init_inputs(): return []`, `def get_input_kwargs(): return {}`: the same as no such function.
bool returns_nothing(const ModuleStatement& statement) {
  const Node& node = statement.node;
  const std::string name = node.text("name");
  if (!node.is("FunctionDef") || name == "get_inputs" || !node.list("decorator_list").empty() ||
      !parameters(node).empty())
    return false;
  auto body = node.list("body");
  std::erase_if(body, does_nothing);
  if (body.size() != 1 || !body[0].is("Return")) return false;
  const Node value = body[0].child("value");
  return name == "get_input_kwargs" ? value.is("Dict") && value.list("keys").empty()
                                    : (value.is("List") || value.is("Tuple")) && value.list("elts").empty();
}

// Everything that the roots reach by name, and every statement that does more than define. Without `inputs_count` the model's class is
// the only root.
void mark(const ModuleNames& module, std::vector<Counted>& all, bool inputs_count) {
  std::multimap<std::string, Counted*> binders;
  for (Counted& c : all)
    for (const std::string& name : c.statement->binds) binders.emplace(name, &c);
  std::vector<Counted*> open;
  const auto take = [&](Counted& c) {
    if (!std::exchange(c.counts, true)) open.push_back(&c);
  };
  const auto reach = [&](const std::string& name) {
    const auto [first, last] = binders.equal_range(name);
    for (auto it = first; it != last; ++it) take(*it->second);
  };
  const CustodyLists& lists = CustodyLists::embedded();
  for (Counted& c : all)
    if (!c.statement->pure || (module.whole && !lists.free.has(c.statement->node.text("name")))) take(c);
  // An imported model is told by its path alone: the import itself has nothing to add.
  const auto is_code = [&](const std::string& name) {
    const auto found = module.names.find(name);
    return found != module.names.end() && found->second.kind != Binding::path;
  };
  if (is_code(module.model)) reach(module.model);
  for (const std::string& root : inputs_count ? lists.roots : std::vector<std::string>()) {
    const bool empty = binders.count(root) == 1 && returns_nothing(*binders.find(root)->second->statement);
    if (is_code(root) && !empty) reach(root);
  }
  while (!open.empty()) {
    const std::set<std::string> mentions = std::move(open.back()->words.mentions);
    open.pop_back();
    for (const std::string& name : mentions) reach(name);
  }
}

// Can the order of the statements be seen? Not if all only define and no name has two meanings in time.
bool order_matters(const ModuleNames& module, const std::vector<Counted>& all) {
  std::set<std::string> bound;
  for (const Counted& c : all) {
    if (!c.counts) continue;
    if (!c.statement->pure) return true;
    for (const std::string& name : c.statement->binds)
      if (!bound.insert(name).second || GrammarLists::embedded().python_builtins.has(name)) return true;
  }
  return module.whole;
}

std::string digest_of(const CodeForm& form) {
  std::string bytes = form.ordered ? "ordered\n" : "defined\n";
  const auto add = [&bytes](const std::string& text) { bytes += std::to_string(text.size()) + ":" + text; };
  for (const CodePart& part : form.parts) {
    add(part.name);
    bytes += std::to_string(part.pieces.size()) + "\n";
    for (const CodePiece& piece : part.pieces) add(piece.text);
  }
  return sha256(bytes);
}

// What a person would call the place.
std::string shown(const CodePiece& piece) {
  const std::string& text = piece.text;
  if (text == "model") return "the model class";
  for (const char* prefix : {"path builtins.", "path ", "global ", "name ", "declare "})
    if (text.rfind(prefix, 0) == 0) return "`" + text.substr(std::string(prefix).size()) + "`";
  if (text.rfind("constant ", 0) == 0) {
    const Json value = Json::parse(text.substr(9), nullptr, false);
    if (value.is_discarded()) return "a text";
    if (value.at("value").is_null()) return "`" + value.at("kind").get<std::string>() + "`";
    if (value.at("kind") == "bool") return value.at("value").get<bool>() ? "`True`" : "`False`";
    const std::string content = value.at("value").get<std::string>().substr(0, 60);
    return value.at("kind") == "str" ? "'" + content + "'" : "`" + content + "`";
  }
  if (text.rfind("text \"", 0) == 0) return "`" + text.substr(6, text.size() - 7) + "`";
  return text == "}" ? "nothing more" : std::string(piece.at.kind()) + " " + written(piece.at);
}

Location place(const CodePiece& piece) {
  return {"", piece.at.line(), piece.at.column(), piece.at.end_line(), piece.at.end_column()};
}

CodeDifference missing(const CodePart& part, bool in_a) {
  CodeDifference difference{part.name, {}, {}, "nothing", "nothing"};
  if (part.pieces.empty()) return difference;
  (in_a ? difference.a : difference.b) = place(part.pieces.front());
  (in_a ? difference.text_a : difference.text_b) = part.name;
  return difference;
}

bool is_integer(const CodePiece& piece) { return piece.text.rfind("constant {", 0) == 0 && Json::parse(piece.text.substr(9)).at("kind") == "int"; }

bool lies_in(const Node& inner, const Node& outer) {
  return std::make_pair(outer.line(), outer.column()) <= std::make_pair(inner.line(), inner.column()) &&
         std::make_pair(inner.end_line(), inner.end_column()) <= std::make_pair(outer.end_line(), outer.end_column());
}

// Is a call the nearest expression around this piece? Kinds of nodes are the only words with a capital letter.
bool is_argument(const std::vector<CodePiece>& pieces, std::size_t at) {
  static const std::set<std::string> transparent = {"Tuple", "List", "Constant", "Starred"};
  for (std::size_t i = at; i-- > 0;) {
    const std::string& kind = pieces[i].text;
    if (kind.empty() || std::isupper(static_cast<unsigned char>(kind[0])) == 0 || transparent.count(kind) != 0 || !lies_in(pieces[at].at, pieces[i].at)) continue;
    return kind == "Call";
  }
  return false;
}

// Parts of one name are told apart by their order.
std::map<std::pair<std::string, int>, const CodePart*> by_name(const CodeForm& form) {
  std::map<std::pair<std::string, int>, const CodePart*> parts;
  std::map<std::string, int> seen;
  for (const CodePart& part : form.parts) parts[{part.name, seen[part.name]++}] = &part;
  return parts;
}

}  // namespace

namespace {

CodeForm form_of(const Facts& facts, bool inputs_count) {
  CodeForm form;
  if (!facts.module().is("Module")) return form;
  const ModuleNames module(facts);
  std::vector<Counted> all;
  for (const ModuleStatement& statement : module.statements)
    all.push_back({&statement, words_of(module, statement.node), false});
  mark(module, all, inputs_count);
  form.has_model = !module.model.empty();
  form.ordered = order_matters(module, all);
  for (Counted& c : all)
    if (c.counts) form.parts.push_back({part_name(module, *c.statement), std::move(c.words.pieces)});
  for (const std::string& root : inputs_count ? CustodyLists::embedded().roots : std::vector<std::string>())
    if (const auto found = module.names.find(root); found != module.names.end() && found->second.kind == Binding::path)
      form.parts.push_back({root + "()", {{"path " + found->second.target, found->second.node}}});
  if (const auto found = module.names.find(module.model);
      found != module.names.end() && found->second.kind == Binding::path)
    form.parts.push_back({"class Model", {{"path " + found->second.target, found->second.node}}});
  if (!form.ordered)
    std::stable_sort(form.parts.begin(), form.parts.end(),
                     [](const CodePart& a, const CodePart& b) { return a.name < b.name; });
  form.identity = digest_of(form);
  for (const CodePart& part : form.parts)
    for (const CodePiece& piece : part.pieces) form.words.push_back(std::hash<std::string>{}(piece.text));
  std::sort(form.words.begin(), form.words.end());
  return form;
}

}  // namespace

CodeForm code_form(const Facts& facts) { return form_of(facts, true); }

std::string model_identity(const Facts& facts) {
  const CodeForm form = form_of(facts, false);
  return form.has_model ? form.identity : "";
}

std::string code_identity(const Facts& facts) { return code_form(facts).identity; }

std::vector<CodeDifference> explain_difference(const CodeForm& a, const CodeForm& b) {
  std::vector<CodeDifference> differences;
  if (a.identity == b.identity && !a.identity.empty()) return differences;
  const auto in_a = by_name(a), in_b = by_name(b);
  for (const auto& [key, part] : in_a) {
    const auto other = in_b.find(key);
    if (other == in_b.end()) {
      differences.push_back(missing(*part, true));
      continue;
    }
    const auto& left = part->pieces;
    const auto& right = other->second->pieces;
    const auto [x, y] = std::mismatch(left.begin(), left.end(), right.begin(), right.end(),
                                      [](const CodePiece& p, const CodePiece& q) { return p.text == q.text; });
    if (x == left.end() && y == right.end()) continue;
    const CodePiece& p = x == left.end() ? left.back() : *x;
    const CodePiece& q = y == right.end() ? right.back() : *y;
    differences.push_back({part->name, place(p), place(q), shown(p), shown(q)});
  }
  for (const auto& [key, part] : in_b)
    if (!in_a.count(key)) differences.push_back(missing(*part, false));
  std::stable_sort(differences.begin(), differences.end(), [](const CodeDifference& p, const CodeDifference& q) {
    // What is missing has no line; it comes after what can be shown.
    const auto line = [](const Location& where) { return where.line == 0 ? 1 << 30 : where.line; };
    return std::make_pair(line(p.a), line(p.b)) < std::make_pair(line(q.a), line(q.b));
  });
  if (differences.empty()) differences.push_back({"the order of the module's statements", {}, {}, "", ""});
  return differences;
}

std::vector<CodeDifference> explain_difference(const Facts& a, const Facts& b) {
  return explain_difference(code_form(a), code_form(b));
}

std::vector<CodeDifference> changed_sizes(const CodeForm& a, const CodeForm& b) {
  const auto in_a = by_name(a), in_b = by_name(b);
  std::vector<CodeDifference> changes;
  for (const auto& [key, part] : in_a) {
    const auto other = in_b.find(key);
    if (in_a.size() != in_b.size() || other == in_b.end() || part->pieces.size() != other->second->pieces.size()) return {};
    const bool sizes = part->name.rfind("get_", 0) == 0 || part->name.find_first_of(" (") == std::string::npos;
    for (std::size_t i = 0; i < part->pieces.size(); ++i) {
      const CodePiece &p = part->pieces[i], &q = other->second->pieces[i];
      if (p.text == q.text) continue;
      if (!is_integer(p) || !is_integer(q) || !(sizes || is_argument(part->pieces, i))) return {};
      changes.push_back({part->name, place(p), place(q), shown(p), shown(q)});
    }
  }
  return changes;
}

double code_similarity(const CodeForm& a, const CodeForm& b) {
  if (a.words.empty() || b.words.empty()) return 0;
  std::vector<std::size_t> shared;
  std::set_intersection(a.words.begin(), a.words.end(), b.words.begin(), b.words.end(), std::back_inserter(shared));
  return static_cast<double>(shared.size()) / static_cast<double>(std::max(a.words.size(), b.words.size()));
}

}  // namespace decomp
