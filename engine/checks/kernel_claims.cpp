#include "checks/kernel_claims.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "checks/kernel_identity.h"
#include "checks/kernel_name.h"
#include "core/rules.h"

namespace decomp {
namespace {

using Dims = std::vector<std::int64_t>;

// Every number of `part` is one of `whole`, in this order.
bool in_order(const Dims& part, const Dims& whole) {
  auto at = whole.begin();
  for (std::int64_t d : part) {
    at = std::find(at, whole.end(), d);
    if (at++ == whole.end()) return false;
  }
  return true;
}

bool in_any_order(Dims part, Dims whole) {
  std::sort(part.begin(), part.end());
  std::sort(whole.begin(), whole.end());
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

std::string written(const Dims& dims) {
  std::string text;
  for (std::int64_t d : dims) text += (text.empty() ? "" : "x") + std::to_string(d);
  return text;
}

std::string argument_of(const TapeEntry& e, const std::string& name) {
  for (const std::string& a : e.args)
    if (a.rfind(name + "=", 0) == 0) return a.substr(name.size() + 1);
  return "";
}

// A letter tag with its number: "s2" of "s2p1".
struct Tag {
  std::string letters;
  std::int64_t value;
};

std::vector<Tag> tags_of(const std::string& part) {
  std::vector<Tag> tags;
  for (std::size_t at = 0; at < part.size();) {
    std::string letters, digits;
    while (at < part.size() && std::isalpha(static_cast<unsigned char>(part[at])) != 0) letters += part[at++];
    while (at < part.size() && std::isdigit(static_cast<unsigned char>(part[at])) != 0) digits += part[at++];
    if (letters.empty() || digits.empty() || digits.size() > 9) return {};
    tags.push_back({letters, std::stoll(digits)});
  }
  return tags;
}

class Judge {
 public:
  Judge(const std::string& file, const ComponentRun& run, const Dims& literals)
      : file_(file), run_(run), parts_(name_parts(file)), word_(operation_word(file)) {
    for (const OwnedTensor& t : run.tensors) shape(t.shape);
    for (const auto* list : {&run.inputs, &run.outputs})
      for (const TensorShape& t : *list) {
        shape(t.shape);
        if (!t.shape.empty()) ends_.push_back(t.shape.back());
      }
    for (const TapeEntry& e : run.operations) operation(e);
    numbers_.insert(literals.begin(), literals.end());
    numbers_.insert(static_cast<std::int64_t>(run.tensors.size()));
  }

  NameVerdict judge() {
    suffix();
    dimensions();
    attributes();
    generic();
    NameVerdict verdict{std::move(findings_), kernel_name(run_, file_, untrue_parts_)};
    for (Finding& f : verdict.findings) f.help = name_help(file_, verdict.better);
    return verdict;
  }

 private:
  void shape(const Dims& dims) {
    shapes_.push_back(dims);
    numbers_.insert(dims.begin(), dims.end());
  }

  void operation(const TapeEntry& e) {
    for (const auto* list : {&e.in, &e.out})
      for (const TapeRef& ref : *list) shape(ref.shape);
    for (const std::string& a : e.args) {
      const Dims values = integers_of(a.substr(a.find('=') + 1));
      numbers_.insert(values.begin(), values.end());
      if (values.size() == 1 && values[0] > 1) attributes_.insert(values[0]);
      if (values.size() > 1) shapes_.push_back(values);
    }
    const std::string op = canonical_operation(e.op);
    const bool transposed = op == "conv_transpose";
    if ((op == "conv" || transposed) && e.in.size() > 1 && e.in[1].shape.size() > 2) {
      const Dims groups = integers_of(argument_of(e, "groups"));
      Dims w = e.in[1].shape;
      w[1] *= groups.size() == 1 ? groups[0] : 1;
      if (!transposed) std::swap(w[0], w[1]);
      shape(w);
      pair_ = {w[0], w[1]};
      pair_words_ = "channels in and out";
    } else if (op == "linear" && e.in.size() > 1 && e.in[1].shape.size() == 2) {
      pair_ = {e.in[1].shape[1], e.in[1].shape[0]};
      pair_words_ = "features in and out";
    } else if (op == "embedding" && !e.in.empty() && e.in[0].shape.size() == 2) {
      pair_ = e.in[0].shape;
      pair_words_ = "rows and columns";
    }
    static const auto recurrent = rule_data("names").at("recurrent").get<std::set<std::string>>();
    if (recurrent.count(op) != 0)  // input size x hidden size, as they are in two weights
      for (const OwnedTensor& input : run_.tensors)
        for (const OwnedTensor& hidden : run_.tensors)
          if (input.shape.size() == 2 && hidden.shape.size() == 2 && input.shape[0] == hidden.shape[0] && hidden.shape[1] > 0 && input.shape[0] % hidden.shape[1] == 0)
            shapes_.push_back({input.shape[1], hidden.shape[1]});
  }

  void add(const char* rule, const std::string& message) { findings_.push_back({rule, Severity::error, {file_}, message, ""}); }
  void untrue(const std::string& part, const std::string& message) {
    untrue_parts_.insert(part);
    add("name-untrue", message);
  }

  void dimensions() {
    bool first = true;
    for (const std::string& part : parts_) {
      const Dims dims = dimensions_of(part);
      if (dims.empty()) continue;
      // linear_768x3072: known operations begin with their parameter's dimensions, in the direction of the data.
      const bool leads = first && dims.size() == 2 && !word_.empty() && pair_.size() == 2;
      first = false;
      if (leads && is_word_of_pair() && dims != pair_) {
        untrue(part, "is named after " + part + " but has " + written(pair_) + " (" + pair_words_ + ")");
        continue;
      }
      if (dims.size() == 1 ? numbers_.count(dims[0]) != 0 : fits(dims) || fits(without_attribute(dims)) || may_be_arguments(dims)) continue;
      untrue(part, "is named after " + part + (dims.size() == 1 ? ", a number that neither its shapes nor its attributes have"
                                                          : ", but no parameter, input or output has these dimensions") +
             shapes_words());
    }
  }

  bool is_word_of_pair() const {
    return word_ == "linear" || word_ == "embedding" || word_.rfind("conv", 0) == 0;
  }

  // group_norm_16x64: one of the numbers may be an attribute, here the groups.
  // A grid, a window: where no parameter and no contraction says what the numbers are, they may be what the component is built with.
  bool may_be_arguments(const Dims& dims) const {
    static const auto contractions = rule_data("names").at("contractions").get<std::set<std::string>>();
    const bool told = !run_.tensors.empty() || std::any_of(run_.operations.begin(), run_.operations.end(), [&](const TapeEntry& e) { return contractions.count(canonical_operation(e.op)) != 0; });
    return !told && std::all_of(dims.begin(), dims.end(), [&](std::int64_t d) { return numbers_.count(d) != 0; });
  }

  Dims without_attribute(Dims dims) const {
    const auto attribute = std::find_if(dims.begin(), dims.end(), [&](std::int64_t number) { return attributes_.count(number) != 0; });
    if (attribute != dims.end()) dims.erase(attribute);
    return dims;
  }

  bool fits(const Dims& dims) const {
    const auto has = [&](const Dims& shape) { return in_order(dims, shape) || (dims.size() == 2 && in_any_order(dims, shape)); };
    return std::any_of(shapes_.begin(), shapes_.end(), has) || (dims.size() == 2 && in_any_order(dims, ends_)) ||
           (word_ == "bilinear" && std::any_of(shapes_.begin(), shapes_.end(), [&](const Dims& s) { return in_any_order(dims, s); }));
  }

  std::string shapes_words() const {
    std::string text;
    for (const OwnedTensor& t : run_.tensors)
      if (t.kind == "parameter") text += (text.empty() ? ": it has " : ", ") + t.key + " " + shape_words(t.shape);
    for (const TensorShape& in : run_.inputs) text += (text.empty() ? ": it receives " : ", receives ") + shape_words(in.shape);
    for (const TensorShape& out : run_.outputs) text += (text.empty() ? ": it returns " : ", returns ") + shape_words(out.shape);
    return text;
  }

  // "s2" of a convolution whose stride is 1. Only for known operations, and where the kernel runs that one alone.
  void attributes() {
    const TapeEntry* main = nullptr;
    for (const TapeEntry& e : run_.operations) {
      // Padding by hand changes what the operation is told.
      if (op_base_name(e.op) == "pad" || op_base_name(e.op) == "constant_pad_nd") return;
      if (op_class(e.op) != OpClass::compute) continue;
      if (main != nullptr && canonical_operation(main->op) != canonical_operation(e.op)) return;
      main = &e;
    }
    if (main == nullptr || word_.empty()) return;
    for (const std::string& part : parts_) {
      if (part == "dimlast") dim(*main, -1, part);
      for (const Tag& tag : tags_of(part)) {
        if (tag.letters == "dim") {
          dim(*main, tag.value, part);
          continue;
        }
        for (const auto& [argument, letters] : rule_data("names").at("tags").items()) {
          const std::string value = letters == tag.letters ? argument_of(*main, argument) : "";
          const Dims values = integers_of(value);
          if (values.empty() || std::find(values.begin(), values.end(), tag.value) != values.end()) continue;
          untrue(part, "is named after " + argument + " " + std::to_string(tag.value) + " (`" + part + "`) but runs " + canonical_operation(main->op) +
                 " with " + argument + " " + value);
        }
      }
    }
  }

  void dim(const TapeEntry& e, std::int64_t named, const std::string& part) {
    const Dims values = integers_of(argument_of(e, "dim"));
    if (values.empty() || e.in.empty()) return;
    const auto rank = static_cast<std::int64_t>(e.in[0].shape.size());
    const auto from_start = [rank](std::int64_t d) { return d < 0 ? d + rank : d; };
    for (std::int64_t d : values)
      if (from_start(d) == from_start(named)) return;
    untrue(part, "is named after dimension `" + part + "` but runs " + canonical_operation(e.op) + " over dim " + argument_of(e, "dim") + " of " +
           shape_words(e.in[0].shape));
  }

  void generic() {
    if (dtype_words(file_).empty())
      add("name-generic", "its name says no dtype" + dtypes_words());
    std::set<std::int64_t> dims, said;
    for (const OwnedTensor& t : run_.tensors)
      if (t.kind == "parameter")
        for (std::int64_t d : t.shape)
          if (d != 1) dims.insert(d);
    std::string digits;
    for (char c : file_.substr(word_.size()) + "_") {  // the 2 of conv2d is no dimension
      if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
        digits += c;
      } else if (!digits.empty()) {
        if (digits.size() < 16) said.insert(std::stoll(digits));
        digits.clear();
      }
    }
    if (dims.empty() || std::any_of(dims.begin(), dims.end(), [&](std::int64_t d) { return said.count(d) != 0; })) return;
    add("name-generic", "its name says no dimension of its parameters" + shapes_words());
  }

  std::string dtypes_words() const {
    std::set<std::string> all;
    for (const auto* list : {&run_.inputs, &run_.outputs})
      for (const TensorShape& t : *list) all.insert(t.dtype);
    std::string text;
    for (const std::string& d : all) text += (text.empty() ? "; it works on " : ", ") + d;
    return text;
  }

  // relu_fp32_2: a bare number behind the dtype tells nothing.
  void suffix() {
    if (parts_.size() < 2) return;
    const std::string last = parts_.back();
    const bool number = dimensions_of(last).size() == 1;
    const bool after_dtype = dtype_words(parts_[parts_.size() - 2]).size() == 1;
    if (!number || !after_dtype) return;
    parts_.pop_back();
    add("name-suffix", "ends in `_" + last + "` behind its dtype: a number tells no workload from another");
  }

  const std::string& file_;
  const ComponentRun& run_;
  std::vector<std::string> parts_;
  std::string word_;
  std::set<std::string> untrue_parts_;
  std::vector<Dims> shapes_;
  Dims ends_;
  std::set<std::int64_t> numbers_, attributes_;
  Dims pair_;
  std::string pair_words_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string name_help(const std::string& file, const std::string& better) {
  if (better == file) return "One file is one workload: use this file wherever its operation, shapes and dtypes are needed.";
  return "Call it " + better + ".py, here and wherever it is imported.";
}

NameVerdict check_kernel_name(const std::string& file, const ComponentRun& run, const std::vector<std::int64_t>& literals) {
  return Judge(file, run, literals).judge();
}

std::vector<std::int64_t> integer_literals(const Facts& facts) {
  std::vector<std::int64_t> all;
  std::vector<Node> open = facts.module().list("body");
  while (!open.empty()) {
    const Node node = open.back();
    open.pop_back();
    const Json* value = node.is("Constant") ? node.raw("value") : nullptr;
    if (value != nullptr && value->at("kind") == "int" && value->at("value").get_ref<const std::string&>().size() < 16)
      all.push_back(std::stoll(value->at("value").get<std::string>()));
    for (const Node& child : node.children()) open.push_back(child);
  }
  return all;
}

}  // namespace decomp
