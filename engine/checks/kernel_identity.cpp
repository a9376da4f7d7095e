#include "checks/kernel_identity.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/rules.h"

namespace decomp {
namespace {

bool is_one_of(const char* list, const std::string& word) {
  static std::map<std::string, std::set<std::string>> lists;
  static const bool filled = [] {
    for (const char* name : {"contractions", "ignored_arguments", "trivial_plumbing"})
      lists[name] = rule_data("names").at(name).get<std::set<std::string>>();
    return true;
  }();
  return filled && lists.at(list).count(word) != 0;
}

std::string argument_name(const std::string& argument) { return argument.substr(0, argument.find('=')); }

bool in_place(const std::string& op) { return op.size() > 2 && op.back() == '_' && op[op.size() - 2] != '_'; }

constexpr std::int64_t any_size = -1;

// Of two shapes: the sizes that are not the same in both are data. Nothing where even their number differs.
std::vector<std::int64_t> common_shape(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  if (a.size() != b.size()) return {};
  std::vector<std::int64_t> shape = a;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (a[d] != b[d]) shape[d] = any_size;
  return shape;
}

// The operations of one call, the sizes that differ between calls left open; all operations where the calls do not run the same.
std::vector<TapeEntry> operations_of_a_call(const ComponentRun& run) {
  const auto calls = static_cast<std::size_t>(std::max(run.calls, 1));
  const std::size_t length = run.operations.size() / calls;
  const auto& all = run.operations;
  bool alike = all.size() % calls == 0;
  for (std::size_t i = length; alike && i < all.size(); ++i)
    alike = all[i].op == all[i % length].op && all[i].args == all[i % length].args && all[i].in.size() == all[i % length].in.size();
  if (!alike) return all;
  std::vector<TapeEntry> one(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(length));
  for (std::size_t i = length; i < all.size(); ++i)
    for (std::size_t k = 0; k < all[i].in.size(); ++k) {
      TapeRef& ref = one[i % length].in[k];
      ref.shape = common_shape(ref.shape, all[i].in[k].shape);
    }
  return one;
}

class Reader {
 public:
  explicit Reader(const ComponentRun& run)
      : run_(run), shapes_count_(is_shape_dependent(run)) {
    for (const TapeEntry& e : run.operations)
      for (const TapeRef& out : e.out) made_.insert(out.id);
  }

  Workload read() {
    for (const OwnedTensor& t : run_.tensors) {
      facts_.push_back("owns " + t.kind + " " + t.dtype + " " + shape_words(t.shape));
      if (t.kind != "parameter") workload_.code_counts = true;
    }
    std::sort(facts_.begin(), facts_.end());
    if (run_.recorded) {
      leaves("receives", run_.steady_inputs, shapes_count_ && run_.calls == 1);
      leaves("returns", run_.outputs, false);
    }
    for (const std::string& step : one_call()) facts_.push_back("runs " + step);
    for (const std::string& step : plumbing_) facts_.push_back("moves by " + step);
    for (const std::string& fact : facts_) workload_.identity += fact + "\n";
    return workload_;
  }

 private:
  void leaves(const std::string& verb, const std::vector<TensorShape>& list, bool with_shapes) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      facts_.push_back(verb + " " + list[i].dtype + (with_shapes ? " " + shape_words(list[i].shape) : ""));
      // Which of two like inputs is read first is not on the tape.
      if (verb == "receives")
        for (std::size_t j = 0; j < i; ++j)
          if (list[i] == list[j]) workload_.code_counts = true;
    }
  }

  // Where calls did not do the same, each kind of operation once.
  std::vector<std::string> one_call() {
    std::vector<std::string> steps;
    const auto operations = operations_of_a_call(run_);
    const bool alike = operations.size() * static_cast<std::size_t>(std::max(run_.calls, 1)) == run_.operations.size();
    for (const TapeEntry& e : operations)
      if (std::string text = entry(e); !text.empty() && (alike || std::find(steps.begin(), steps.end(), text) == steps.end())) steps.push_back(std::move(text));
    return steps;
  }

  // "" for what only moves data; that is kept apart, since views come and go with a way of writing.
  std::string entry(const TapeEntry& e) {
    const OpClass kind = op_class(e.op);
    const std::string base = op_base_name(e.op);
    if (kind == OpClass::identity) return "";
    if (kind == OpClass::plumbing) {
      if (e.in.empty()) workload_.code_counts = true;  // a factory
      std::string text = base;
      for (const std::string& a : e.args)
        for (const char* tells : {"dim", "pad", "shifts", "repeats", "diagonal"})
          if (a.rfind(tells, 0) == 0) {
            text += " " + a;
            break;
          }
      if (!is_one_of("trivial_plumbing", base)) plumbing_.insert(text);
      return "";
    }
    std::string text = base + (in_place(e.op) ? "_" : "") + "(";
    for (std::size_t i = 0; i < e.in.size(); ++i) text += (i > 0 ? ", " : "") + operand(e.in[i]);
    for (const std::string& a : e.args)
      if (!is_one_of("ignored_arguments", argument_name(a))) text += (text.back() == '(' ? "" : ", ") + a;
    return text + ")";
  }

  std::string operand(const TapeRef& ref) {
    if (ref.weight >= 0) return "weight " + shape_words(ref.shape);
    if (ref.shape.empty() && made_.count(ref.id) == 0) {
      workload_.code_counts = true;
      return "number";
    }
    return ref.dtype + (shapes_count_ && !run_.sizes_are_data ? " " + shape_words(ref.shape) : "");
  }

  const ComponentRun& run_;
  const bool shapes_count_;
  std::set<std::int64_t> made_;
  std::set<std::string> plumbing_;
  std::vector<std::string> facts_;
  Workload workload_;
};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    all.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

// What `a` has and `b` has not, counted.
std::vector<std::string> surplus(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::map<std::string, int> count;
  for (const std::string& line : b) ++count[line];
  std::vector<std::string> rest;
  for (const std::string& line : a)
    if (count[line]-- <= 0) rest.push_back(line);
  return rest;
}

}  // namespace

std::string shape_words(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + (shape[i] == any_size ? "*" : std::to_string(shape[i]));
  return text + "]";
}

bool is_shape_dependent(const ComponentRun& run) {
  if (!run.tensors.empty()) return false;
  return std::any_of(run.operations.begin(), run.operations.end(),
                     [](const TapeEntry& e) { return is_one_of("contractions", canonical_operation(e.op)); });
}

Workload workload_of(const ComponentRun& run) { return Reader(run).read(); }

Workload workload_of_any_rank(const ComponentRun& run) {
  Workload workload = workload_of(run);
  std::string identity;
  for (const std::string& line : lines(workload.identity)) identity += (line.rfind("moves by ", 0) == 0 ? line.substr(0, line.find(' ', 9)) : line) + "\n";
  workload.identity = std::move(identity);
  return workload;
}

std::string workload_difference(const Workload& a, const Workload& b) {
  const auto only_a = surplus(lines(a.identity), lines(b.identity)), only_b = surplus(lines(b.identity), lines(a.identity));
  if (only_a.empty() && only_b.empty()) return "nothing that the tape tells";
  const auto first = [](const std::vector<std::string>& list) { return list.empty() ? std::string("has nothing of the kind") : list.front(); };
  return "one " + first(only_a) + ", the other " + first(only_b);
}

std::string code_without_names(const CodeForm& form) {
  if (form.identity.empty()) return "";
  std::string code;
  std::map<std::string, std::string> names;
  const auto renamed = [&names](const std::string& kind, const std::string& name) {
    return names.try_emplace(kind + " " + name, kind + std::to_string(names.size())).first->second;
  };
  for (const CodePart& part : form.parts) {
    if (part.name == "get_inputs()" || part.name == "get_input_kwargs()") continue;
    code += part.name + "\n";
    for (std::size_t i = 0; i < part.pieces.size(); ++i) {
      const std::string& text = part.pieces[i].text;
      const auto at = [&](std::size_t back) -> const std::string& { return part.pieces[i - back].text; };
      if (text.rfind("name ", 0) == 0 && text != "name self")
        code += renamed("local", text.substr(5));
      else if (i >= 3 && at(1) == ".attr" && at(2) == "Load" && at(3) == "name self" && text != "text \"forward\"")
        code += renamed("own", text);
      else
        code += text;
      code += '\n';
    }
  }
  return code;
}

}  // namespace decomp
