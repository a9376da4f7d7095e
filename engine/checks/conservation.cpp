#include "checks/conservation.h"

#include <algorithm>
#include <optional>

#include "checks/conserved.h"
#include "core/rules.h"

namespace decomp {
namespace {

constexpr std::size_t max_reported = 6;  // findings of one kind; the rest is counted

const Json& rules() { return rule_data("equivalences"); }

// How far two fingerprints of one value may lie apart, relative to the summed magnitudes: rounding that earlier operations have
// spread, by the precision of the dtype.
double print_tolerance(const std::string& dtype) {
  if (dtype == "float16" || dtype == "bfloat16") return 3e-2;
  if (dtype == "float64" || dtype == "complex128") return 1e-7;
  if (dtype.rfind("float8", 0) == 0) return 0.2;
  return 2e-4;
}

bool same_value(const TapeRef& a, const TapeRef& b) {
  return a.dtype == b.dtype && a.numel() == b.numel() && same_print(a, b, print_tolerance(a.dtype));
}

struct Side {
  const Tape& tape;
  const std::vector<ModuleInstance>& modules;
  std::vector<std::size_t> compute;  // entry indices
  std::vector<bool> matched;         // by entry index
  std::vector<bool> paired;          // by entry index: matched to one entry of the other side
  std::vector<bool> live;            // by entry index: its result reaches an output
  std::map<std::int64_t, std::size_t> producer;  // value id -> entry that made it

  Side(const Tape& t, const std::vector<ModuleInstance>& m) : tape(t), modules(m), matched(t.entries.size()), paired(t.entries.size()), live(live_entries(t)) {
    for (std::size_t i = 0; i < tape.entries.size(); ++i) {
      if (is_conserved(tape.entries[i])) compute.push_back(i);
      for (const TapeRef& out : tape.entries[i].out) producer.emplace(out.id, i);
    }
  }

  const ModuleInstance* instance(std::size_t entry) const {
    int at = tape.entries[entry].instance;
    return at < 0 || at >= static_cast<int>(modules.size()) ? nullptr : &modules[static_cast<std::size_t>(at)];
  }
  std::string component(std::size_t entry) const {
    const ModuleInstance* m = instance(entry);
    return m == nullptr ? "" : m->component;
  }
};

struct Composite {
  std::string name;
  std::set<std::string> whole, parts, requires_any, unless;
  bool without_compute = false;
  bool anywhere = false;
  bool chain = false;
  bool any_result = false;  // a form may make another result than the first: the last state of an LSTM, not its sequence
  std::string range;  // "finite", "value": what a form written out is tried for beyond the trials' values
};

const std::vector<Composite>& composites() {
  static const std::vector<Composite> all = [] {
    std::vector<Composite> list;
    for (const Json& c : rules().at("composites"))
      list.push_back({c.at("name").get<std::string>(), c.at("whole").get<std::set<std::string>>(), c.at("parts").get<std::set<std::string>>(),
                      c.value("requires_any", Json::array()).get<std::set<std::string>>(), c.value("unless", Json::array()).get<std::set<std::string>>(), c.value("without_compute", false), c.value("anywhere", false),
                      c.value("chain", false), c.value("any_result", false), c.value("range", "")});
    return list;
  }();
  return all;
}

class Conservation {
 public:
  Conservation(const Tape& a, const Tape& b, const std::vector<ModuleInstance>& ma, const std::vector<ModuleInstance>& mb, bool by_rows)
      : a_(a, ma), b_(b, mb), by_rows_(by_rows) {}

  ConservationResult run() {
    judge_tape();
    judge_uninitialised();
    judge_places();
    match_exactly();
    if (by_rows_) match_batches();
    // Written out on one side, whole on the other; then projections packed on one side and split on the other.
    // Larger groups first, or one part of a group (1 / sqrt) would be taken for the whole operation (rsqrt) by itself.
    for (std::size_t at_least : {2u, 0u}) {
      match_composites(a_, b_, at_least);
      match_composites(b_, a_, at_least);
    }
    match_second_results(a_, b_);
    match_second_results(b_, a_);
    match_through_plumbing(a_, b_);
    match_through_plumbing(b_, a_);
    match_chains();
    report_leftovers();
    return std::move(result_);
  }

 private:
  void add(const std::string& rule, const std::string& message, const std::string& help) {
    if (++reported_[rule] <= max_reported) result_.findings.push_back({rule, Severity::error, {}, message, help});
  }

  std::string place(const Side& side, std::size_t entry) const {
    const ModuleInstance* m = side.instance(entry);
    if (m == nullptr || m->path.empty()) return "the model itself";
    return "`" + m->path + "`" + (m->child.empty() ? "" : " (" + m->child + ".py)");
  }

  void judge_tape() {
    for (const auto& [side, who] : {std::pair{&a_, "the original"}, {&b_, "the refactored model"}}) {
      if (!side->tape.balanced)
        add("tape-unbalanced", std::string(who) + " left modules that it did not enter, or the reverse: the tape cannot be trusted",
            "Call children as modules, never through hooks or saved generators.");
      if (side->tape.threads > 0)
        add("tape-unbalanced", std::string(who) + " ran operations on threads of its own", "Compute on the thread that called forward.");
    }
    for (std::size_t i = 0; i < b_.tape.entries.size(); ++i) {
      const TapeEntry& e = b_.tape.entries[i];
      if (e.op.rfind("aten::", 0) != 0 && e.op.rfind("prim::", 0) != 0 && e.op.rfind("mkldnn", 0) != 0 && e.op.rfind("torchvision", 0) != 0 &&
          e.op.rfind("quantized", 0) != 0 && e.op.rfind("prims::", 0) != 0 && e.op.rfind("profiler", 0) != 0)
        add("tape-foreign-operator", "runs `" + e.op + "`, which is no operator of torch itself", "Use torch's own operators.");
    }
  }

  // Memory that nobody wrote: read whole by an operation, or returned. (An in-place write gives the value another number.)
  void judge_uninitialised() {
    std::set<std::int64_t> raw;
    for (std::size_t i = 0; i < b_.tape.entries.size(); ++i) {
      const TapeEntry& e = b_.tape.entries[i];
      std::string name = op_base_name(e.op);
      if (name.rfind("empty", 0) == 0 || name.rfind("new_empty", 0) == 0) {
        for (const TapeRef& out : e.out) raw.insert(out.id);
        continue;
      }
      bool writes = e.op.back() == '_';
      bool reads = op_class(e) == OpClass::compute || op_class(e) == OpClass::arithmetic;
      for (std::size_t k = writes ? 1 : 0; reads && k < e.in.size(); ++k)
        if (raw.count(e.in[k].id) != 0) report_uninitialised(op_base_name(e.op) + " in " + place(b_, i) + " reads");
    }
    for (std::int64_t id : b_.tape.outputs)
      if (raw.count(id) != 0) report_uninitialised("the refactored model returns");
  }

  void report_uninitialised(const std::string& who) {
    add("tape-uninitialised", who + " memory that nothing has written", "Use torch.zeros, or write every element before it is read.");
  }

  // Every compute operation of the refactored model runs inside a child.
  void judge_places() {
    for (std::size_t i : b_.compute)
      if (b_.component(i).empty())
        add("tape-compute-outside-child",
            "runs " + op_base_name(b_.tape.entries[i].op) + " in " + place(b_, i) + ", outside every child",
            "Move the operation into a child file and call that child.");
  }

  bool same_entry(std::size_t x, std::size_t y, bool with_arguments) {
    const TapeEntry& a = a_.tape.entries[x];
    const TapeEntry& b = b_.tape.entries[y];
    if (a.out.size() != b.out.size()) return false;
    if (with_arguments ? signatures_a_[x] != signatures_b_[y] : canonical_operation(a.op) != canonical_operation(b.op)) return false;
    for (std::size_t k = 0; k < a.out.size(); ++k)
      if (!same_value(a.out[k], b.out[k])) return false;
    return true;
  }

  void match_exactly() {
    for (std::size_t i : a_.compute) signatures_a_[i] = conserved_signature(a_.tape.entries[i]);
    for (std::size_t i : b_.compute) signatures_b_[i] = conserved_signature(b_.tape.entries[i]);
    std::size_t from = 0;  // both run in nearly the same order: look ahead from the last match first
    for (std::size_t x : a_.compute) {
      for (std::size_t k = 0; k < b_.compute.size(); ++k) {
        std::size_t at = (from + k) % b_.compute.size();
        std::size_t y = b_.compute[at];
        if (b_.matched[y] || !same_entry(x, y, true)) continue;
        a_.matched[x] = b_.matched[y] = a_.paired[x] = b_.paired[y] = true;
        pairs_.push_back({x, y});
        from = at + 1;
        break;
      }
    }
  }

  // One operation over a batch on one side, over its parts on the other: the sums over all rows agree.
  void match_batches() {
    struct Batch {
      TapeRef sum;
      std::vector<std::size_t> entries;
    };
    const auto batches = [](const Side& side, const std::map<std::size_t, std::string>& signatures) {
      std::map<std::string, Batch> all;
      for (std::size_t i : side.compute) {
        const TapeEntry& e = side.tape.entries[i];
        if (side.matched[i] || e.out.size() != 1 || !e.out[0].has_print || e.out[0].shape.empty()) continue;
        const TapeRef& out = e.out[0];
        Batch& batch = all[signatures.at(i) + " " + out.dtype + " " + std::to_string(out.shape.back())];
        batch.entries.push_back(i);
        batch.sum.has_print = true;
        batch.sum.dtype = out.dtype;
        batch.sum.shape = {batch.sum.shape.empty() ? out.numel() : batch.sum.shape[0] + out.numel()};
        for (std::size_t p = 0; p < out.print.size(); ++p) batch.sum.print[p] += out.print[p];
        batch.sum.nonfinite += out.nonfinite;
      }
      return all;
    };
    const auto of_a = batches(a_, signatures_a_), of_b = batches(b_, signatures_b_);
    for (const auto& [signature, batch] : of_a) {
      const auto other = of_b.find(signature);
      if (other == of_b.end() || batch.entries.size() == other->second.entries.size() || !informative(batch.sum) || !same_value(batch.sum, other->second.sum)) continue;
      for (std::size_t i : batch.entries) a_.matched[i] = true;
      for (std::size_t i : other->second.entries) b_.matched[i] = true;
      use("one operation over a batch as several over its parts");
    }
  }

  // Entries that make `last`'s value, backwards to operations that are matched already.
  std::set<std::size_t> slice(const Side& side, std::size_t last) const {
    std::set<std::size_t> found;
    std::vector<std::size_t> open = {last};
    while (!open.empty()) {
      std::size_t at = open.back();
      open.pop_back();
      if (!found.insert(at).second) continue;
      for (const TapeRef& in : side.tape.entries[at].in) {
        auto made = side.producer.find(in.id);
        if (made == side.producer.end() || made->second >= at) continue;
        std::size_t from = made->second;
        if (side.matched[from] && is_conserved(side.tape.entries[from])) continue;
        open.push_back(from);
      }
    }
    return found;
  }

  // `whole` operations left on one side are conserved by their declared parts on the other.
  void match_composites(Side& one, Side& other, std::size_t at_least) {
    for (std::size_t x : one.compute) {
      const TapeEntry& whole = one.tape.entries[x];
      for (std::size_t result = 0; result < whole.out.size() && !one.matched[x]; ++result) match_composite(one, other, x, result, at_least);
    }
  }

  void match_composite(Side& one, Side& other, std::size_t x, std::size_t result, std::size_t at_least) {
    const TapeEntry& whole = one.tape.entries[x];
    if (!informative(whole.out[result])) return;
    const std::string name = canonical_operation(whole.op);
    const auto may_be = [&](const Composite& c) { return c.whole.count(name) != 0 && (result == 0 || c.any_result) && !has_argument(whole, c.unless); };
    if (std::none_of(composites().begin(), composites().end(), may_be)) return;
    for (std::size_t y = 0; y < other.tape.entries.size() && !one.matched[x]; ++y) {
      const TapeEntry& made = other.tape.entries[y];
      if (made.out.empty() || !same_value(whole.out[result], made.out[0])) continue;
      auto group = slice(other, y);
      for (const Composite& c : composites()) {
        if (!may_be(c) || !take_group(other, y, group, c, whole, at_least)) continue;
        one.matched[x] = true;
        use(c.name);
        break;
      }
    }
  }

  static bool has_argument(const TapeEntry& e, const std::set<std::string>& arguments) {
    return std::any_of(e.args.begin(), e.args.end(), [&](const std::string& a) { return arguments.count(a) != 0; });
  }

  bool take_group(Side& side, std::size_t last, const std::set<std::size_t>& group, const Composite& c, const TapeEntry& whole,
                  std::size_t at_least) {
    std::vector<std::size_t> taken;
    bool required = c.requires_any.empty();
    for (std::size_t i : group) {
      if (!is_conserved(side.tape.entries[i]) || side.matched[i]) continue;
      std::string name = canonical_operation(side.tape.entries[i].op);
      if (c.parts.count(name) == 0 || has_argument(side.tape.entries[i], c.unless)) return false;
      required = required || c.requires_any.count(name) != 0;
      taken.push_back(i);
    }
    if (taken.size() < at_least) return false;
    // What some other operation may need as its own other form is no part of a larger one yet.
    if (at_least > 1 && std::any_of(taken.begin(), taken.end(), [&](std::size_t i) { return i != last && stands_for_another(side, i); })) return false;
    // The same operation with other arguments is no other form of it, but for a contraction of fewer tensors: the rest is multiplied in.
    if (taken.size() == 1 && canonical_operation(side.tape.entries[taken[0]].op) == canonical_operation(whole.op) && !contracts_fewer(side.tape.entries[taken[0]], whole)) return false;
    // Arithmetic alone never stands for an operation, unless it is declared to and stands in a child (or in the original).
    if (!required || (taken.empty() && (!c.without_compute || (!c.anywhere && &side == &b_ && b_.component(last).empty())))) return false;
    for (std::size_t i : taken) {
      side.matched[i] = true;
      if (&side == &b_ && contracts(side.tape.entries[i])) result_.part_components.insert(b_.component(i));
    }
    (&side == &b_ ? result_.composed_refactored : result_.composed_original).insert(group.begin(), group.end());
    if (&side == &b_) result_.written_out.push_back({c.name, b_.component(last), c.range});
    return true;
  }

  static bool contracts(const TapeEntry& e) {
    static const auto contractions = rule_data("names").at("contractions").get<std::set<std::string>>();
    return contractions.count(canonical_operation(e.op)) != 0;
  }

  static bool contracts_fewer(const TapeEntry& part, const TapeEntry& whole) {
    return canonical_operation(whole.op) == "einsum" && part.in.size() > 1 && part.in.size() < whole.in.size();
  }

  // Has an operation of the other side that nothing matches yet this very result?
  bool stands_for_another(const Side& side, std::size_t entry) const {
    const Side& other = &side == &a_ ? b_ : a_;
    const TapeEntry& e = side.tape.entries[entry];
    return !e.out.empty() && informative(e.out[0]) && std::any_of(other.compute.begin(), other.compute.end(), [&](std::size_t i) {
             const TapeEntry& whole = other.tape.entries[i];
             return !other.matched[i] && !whole.out.empty() && same_value(whole.out[0], e.out[0]);
           });
  }

  // The second result of an operation that returns several (the mean of std_mean), made by an operation of its own on this side.
  void match_second_results(Side& one, const Side& other) {
    for (std::size_t x : one.compute) {
      const TapeEntry& e = one.tape.entries[x];
      if (one.matched[x] || e.out.empty() || !informative(e.out[0])) continue;
      const std::string name = canonical_operation(e.op);
      for (std::size_t y : other.compute) {
        const TapeEntry& several = other.tape.entries[y];
        const bool made = several.out.size() > 1 && std::any_of(several.out.begin() + 1, several.out.end(), [&](const TapeRef& out) { return same_value(out, e.out[0]); });
        if (!made) continue;
        const std::string whole = canonical_operation(several.op);
        const auto declared = std::find_if(composites().begin(), composites().end(), [&](const Composite& c) { return c.whole.count(whole) != 0 && c.parts.count(name) != 0; });
        if (declared == composites().end()) continue;
        one.matched[x] = true;
        use(declared->name);
        break;
      }
    }
  }

  // A result that is a slice or another layout of one packed operation's result: split projections, merged heads.
  void match_through_plumbing(Side& one, Side& other) {
    std::set<std::size_t> packed;
    for (std::size_t x : one.compute) {
      if (one.matched[x] || one.tape.entries[x].out.empty() || !informative(one.tape.entries[x].out[0])) continue;
      for (std::size_t y = 0; y < other.tape.entries.size(); ++y) {
        const TapeEntry& e = other.tape.entries[y];
        if (op_class(e) != OpClass::plumbing) continue;
        bool found = false;
        for (const TapeRef& out : e.out) found = found || same_value(one.tape.entries[x].out[0], out);
        if (!found) continue;
        auto source = through_plumbing(other, y);
        if (!source || other.paired[*source] || conserved_signature(other.tape.entries[*source]) != conserved_signature(one.tape.entries[x]) ||
            other.tape.entries[*source].out[0].dtype != one.tape.entries[x].out[0].dtype)
          continue;
        one.matched[x] = true;
        packed.insert(*source);
        use("one packed operation as several, or another layout of its result");
        break;
      }
    }
    for (std::size_t y : packed) other.matched[y] = true;
  }

  std::optional<std::size_t> through_plumbing(const Side& side, std::size_t at) const {
    for (int hops = 0; hops < 16; ++hops) {
      const TapeEntry& e = side.tape.entries[at];
      if (is_conserved(e)) return at;
      if (op_class(e) == OpClass::arithmetic || e.in.empty()) return std::nullopt;
      auto made = side.producer.find(e.in[0].id);
      // A view keeps its value's number: its producer is the operation itself.
      if (made == side.producer.end() || made->second >= at) return std::nullopt;
      at = made->second;
    }
    return std::nullopt;
  }

  // What is left on both sides inside declared families, when the values that leave the region agree: two written-out forms of
  // one operation (a variance by two means, a root by a reciprocal root).
  void match_chains() {
    for (const Composite& c : composites()) {
      if (!c.chain) continue;
      std::vector<std::size_t> left_a, left_b;
      auto family = [&](const std::string& n) { return c.parts.count(n) != 0 || c.whole.count(n) != 0; };
      for (std::size_t i : a_.compute)
        if (!a_.matched[i] && family(canonical_operation(a_.tape.entries[i].op))) left_a.push_back(i);
      for (std::size_t i : b_.compute)
        if (!b_.matched[i] && family(canonical_operation(b_.tape.entries[i].op))) left_b.push_back(i);
      if (left_a.empty() || left_b.empty()) continue;
      std::vector<std::size_t> met_a, met_b;
      for (std::size_t x : left_a)
        for (std::size_t y : left_b)
          // One operation on both sides with another value is no other form of it.
          if (canonical_operation(a_.tape.entries[x].op) != canonical_operation(b_.tape.entries[y].op) && meets(x, y)) {
            met_a.push_back(x);
            met_b.push_back(y);
          }
      if (met_a.empty() || !holds_over_range(c, a_, met_a) || !holds_over_range(c, b_, met_b)) continue;
      for (std::size_t x : met_a) a_.matched[x] = true;
      for (std::size_t y : met_b) {
        b_.matched[y] = true;
        result_.written_out.push_back({c.name, b_.component(y), c.range});
      }
      use(c.name);
    }
  }

  // The whole operation, or a form with one of the parts without which the form fails over the dtype's range.
  static bool holds_over_range(const Composite& c, const Side& side, const std::vector<std::size_t>& met) {
    return c.requires_any.empty() || std::any_of(met.begin(), met.end(), [&](std::size_t i) {
             std::string name = canonical_operation(side.tape.entries[i].op);
             return c.whole.count(name) != 0 || c.requires_any.count(name) != 0;
           });
  }

  // Do x and y flow, within a dozen arithmetic or plumbing operations, into equal values?
  bool meets(std::size_t x, std::size_t y) {
    for (const TapeRef* p : downstream(a_, x))
      for (const TapeRef* q : downstream(b_, y))
        if (informative(*p) && same_value(*p, *q)) return true;
    return false;
  }

  std::vector<const TapeRef*> downstream(const Side& side, std::size_t from) const {
    std::set<std::int64_t> values;
    std::vector<const TapeRef*> found;
    for (const TapeRef& out : side.tape.entries[from].out) {
      values.insert(out.id);
      found.push_back(&out);
    }
    for (std::size_t i = from + 1; i < side.tape.entries.size() && i < from + 40; ++i) {
      const TapeEntry& e = side.tape.entries[i];
      if (is_conserved(e) && side.matched[i]) continue;
      if (std::none_of(e.in.begin(), e.in.end(), [&](const TapeRef& in) { return values.count(in.id) != 0; })) continue;
      for (const TapeRef& out : e.out) {
        values.insert(out.id);
        if (found.size() < 24) found.push_back(&out);
      }
    }
    return found;
  }

  void use(const std::string& name) {
    if (std::find(result_.equivalences.begin(), result_.equivalences.end(), name) == result_.equivalences.end())
      result_.equivalences.push_back(name);
  }

  static std::string result_text(const TapeEntry& e) {
    if (e.out.empty()) return "";
    std::string text = " -> " + e.out[0].dtype + " [";
    for (std::size_t i = 0; i < e.out[0].shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(e.out[0].shape[i]);
    return text + "]";
  }

  void report_leftovers() {
    for (std::size_t x : a_.compute) {
      if (a_.matched[x]) continue;
      const TapeEntry& e = a_.tape.entries[x];
      // The same operation with another scalar argument or another value says more than "missing" and "extra".
      std::optional<std::size_t> twin;
      for (std::size_t y : b_.compute)
        if (!b_.matched[y] && canonical_operation(b_.tape.entries[y].op) == canonical_operation(e.op) && !b_.tape.entries[y].out.empty() &&
            !e.out.empty() && b_.tape.entries[y].out[0].numel() == e.out[0].numel()) {
          twin = y;
          break;
        }
      if (twin && signatures_a_[x] != signatures_b_[*twin]) {
        b_.matched[*twin] = true;
        add("conservation-argument",
            "the original calls " + signatures_a_[x] + " (in " + place(a_, x) + "), the refactored model " + signatures_b_[*twin] + " (in " +
                place(b_, *twin) + ")",
            "Give the operation the original's arguments.");
      } else if (twin) {
        b_.matched[*twin] = true;
        add("conservation-value",
            op_base_name(e.op) + result_text(e) + " in " + place(b_, *twin) + " computes another value than the original's in " + place(a_, x),
            "Feed the operation what the original feeds it; its result must be the one that is used.");
      } else {
        result_.missing.push_back(x);
        add("conservation-missing", "the original's " + op_base_name(e.op) + result_text(e) + " (in " + place(a_, x) + ") is not made by any child",
            "Do what the original does with the same operation, inside a child; arithmetic that stands for it does not count.");
      }
    }
    for (std::size_t y : b_.compute) {
      if (b_.matched[y]) continue;
      const TapeEntry& e = b_.tape.entries[y];
      result_.extra.push_back(y);
      add("conservation-extra", "runs " + op_base_name(e.op) + result_text(e) + " in " + place(b_, y) + ", which the original does not",
          "Remove the operation: a decomposition adds nothing.");
    }
    // A result that the original uses and the refactored model throws away.
    for (const auto& [x, y] : pairs_)
      if (a_.live[x] && !b_.live[y])
        add("conservation-unused", "the result of " + op_base_name(b_.tape.entries[y].op) + " in " + place(b_, y) + " reaches no output; the original's does",
            "Use the child's result.");
    for (auto& [rule, count] : reported_)
      if (count > max_reported)
        result_.findings.push_back({rule, Severity::note, {}, std::to_string(count - max_reported) + " more findings of this rule", ""});
  }

  Side a_, b_;
  bool by_rows_;
  ConservationResult result_;
  std::map<std::size_t, std::string> signatures_a_, signatures_b_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
  std::map<std::string, std::size_t> reported_;
};

}  // namespace

std::vector<ModuleInstance> module_instances(const Json& modules, const std::set<std::string>& child_files) {
  std::vector<ModuleInstance> instances;
  for (const Json& m : modules) {
    ModuleInstance instance;
    instance.path = m.at("path").get<std::string>();
    std::string type = instance.type = m.at("type").get<std::string>();
    for (const std::string package : {"children.", "level_0_kernel."})
      if (type.rfind(package, 0) == 0) type = type.substr(package.size());
    std::string file = type.substr(0, type.find('.'));
    if (child_files.count(file) != 0) {
      const std::string name = type.substr(std::min(type.size(), file.size() + 1));
      if (name == "Model" || name == "RefactoredModel") instance.file = file;
      instance.child = file;
      instance.component = instance.path;
    }
    // The outermost component on the way down owns everything below it.
    for (const ModuleInstance& other : instances)
      if (!other.component.empty() && other.component == other.path &&
          instance.path.rfind(other.path + ".", 0) == 0) {
        instance.child = other.child;
        instance.component = other.component;
        break;
      }
    instances.push_back(std::move(instance));
  }
  return instances;
}

ConservationResult check_conservation(const Tape& original, const Tape& refactored,
                                      const std::vector<ModuleInstance>& original_modules,
                                      const std::vector<ModuleInstance>& refactored_modules, bool by_rows) {
  return Conservation(original, refactored, original_modules, refactored_modules, by_rows).run();
}

}  // namespace decomp
