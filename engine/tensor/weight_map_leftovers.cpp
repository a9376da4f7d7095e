// What no stage mapped, told so that the author knows what to write.

#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/wire.h"
#include "tensor/dtype.h"
#include "tensor/weight_map_state.h"

namespace decomp {
namespace {

constexpr std::size_t listed_keys = 8;
constexpr std::size_t single_findings = 20;  // of one kind; the rest are counted in one more

std::string key_list(const MapState::Side& side, const std::vector<std::size_t>& tensors) {
  std::string text;
  for (std::size_t i = 0; i < tensors.size() && i < listed_keys; ++i)
    text += (i == 0 ? "\"" : ", \"") + side.tensors[tensors[i]].key + "\"";
  return tensors.size() > listed_keys ? text + " and " + std::to_string(tensors.size() - listed_keys) + " more" : text;
}

struct Group {
  std::vector<std::size_t> originals;
  std::vector<std::size_t> refactoreds;
};

void report_ambiguous(MapState& state, const Group& group, bool probed) {
  const TensorEntry& first = state.refactored.tensors[group.refactoreds[0]];
  const bool one = group.refactoreds.size() == 1;
  std::string message = std::to_string(group.refactoreds.size()) + " refactored " +
                        (first.kind == TensorEntry::Kind::parameter ? "parameter" : "buffer") + (one ? " " : "s ") +
                        type_text(first) + ", " + key_list(state.refactored, group.refactoreds) +
                        ", could take the values of " + key_list(state.original, group.originals) +
                        " of the original; their names do not say which";
  message += probed ? ", nor does the order in which the two models first use them" : "";
  state.report("weight-ambiguous", {}, std::move(message),
               "write a weight_map.json next to refactored.py: {\"" + state.original.tensors[group.originals[0]].key +
                   "\": \"" + first.key + "\"" + (one ? "}" : ", ...}"));
}

// The packed tensor that `r` may be a slice of, if there is one to guess.
std::optional<std::size_t> packed_source(const MapState& state, const TensorEntry& r) {
  for (const std::size_t o : state.original.free()) {
    const TensorEntry& from = state.original.tensors[o];
    if (from.dtype == r.dtype && !r.shape.empty() && from.shape.size() == r.shape.size() &&
        from.shape[0] > r.shape[0] && std::equal(r.shape.begin() + 1, r.shape.end(), from.shape.begin() + 1))
      return o;
  }
  return std::nullopt;
}

void report_unmapped_refactored(MapState& state, std::size_t r, std::vector<char>& told) {
  const TensorEntry& entry = state.refactored.tensors[r];
  const auto named = state.original.find(entry.key);
  const TensorEntry* same = named ? &state.original.tensors[*named] : nullptr;
  if (same != nullptr && !state.original.taken[*named] && same->shape != entry.shape) {
    told[*named] = 1;
    state.report("weight-shape", {},
                 "\"" + entry.key + "\" is " + wire::shape_text(same->shape) + " in the original and " +
                     wire::shape_text(entry.shape) + " in the refactored model",
                 "build it with the original's dimensions");
    return;
  }
  if (same != nullptr && !state.original.taken[*named] && same->dtype != entry.dtype) {
    told[*named] = 1;
    state.report("weight-dtype", {},
                 "\"" + entry.key + "\" is " + dtype_name(same->dtype) + " in the original and " +
                     dtype_name(entry.dtype) + " in the refactored model",
                 "build it with the original's dtype");
    return;
  }
  std::string why = std::string("no unmapped ") +
                    (entry.kind == TensorEntry::Kind::parameter ? "parameter" : "buffer") +
                    " of the original has this dtype and shape";
  if (named && state.declared_null[*named])
    why = "weight_map.json maps the original's \"" + entry.key + "\" to null";
  else if (named && state.original.taken[*named])
    why = "the original's \"" + entry.key + "\" feeds another tensor";
  std::string help =
      "a refactored model owns nothing that the original does not: map it in weight_map.json, or remove it";
  if (const auto packed = packed_source(state, entry))
    help = "if it is a part of \"" + state.original.tensors[*packed].key + "\" " +
           wire::shape_text(state.original.tensors[*packed].shape) + ", split that in weight_map.json: {\"" +
           state.original.tensors[*packed].key + "\": [{\"key\": \"" + entry.key + "\", \"rows\": [0, " +
           std::to_string(entry.shape[0]) + "]}, ...]}";
  else if (entry.kind != TensorEntry::Kind::parameter)
    help =
        "compute it in forward from shapes, as plumbing may, or map the original's tensor to it in weight_map.json; "
        "one that feeds several is mapped to a list of keys";
  state.report("weight-unmapped", {},
               "the refactored model's " + kind_text(entry) + " \"" + entry.key + "\" " + type_text(entry) +
                   " takes its values from nothing: " + why,
               std::move(help));
}

// Why leaving `o` out is no error, or "".
std::string excuse_for(const TensorEntry& o, bool probed) {
  if (o.kind == TensorEntry::Kind::parameter) return probed && !o.first_use ? "no run reads it" : "";
  if (!is_floating(dtype_info(o.dtype).kind)) return "a constant that is never refilled";
  if (probed && !o.first_use && (o.kind == TensorEntry::Kind::attribute || !o.persistent)) return "nothing read it";
  return "";
}

bool probed(const std::vector<TensorEntry>& tensors) {
  return std::any_of(tensors.begin(), tensors.end(), [](const TensorEntry& t) { return t.first_use.has_value(); });
}

// Tensors whose bytes all lie inside a mapped one of the same storage: views of what the refactored model has.
std::vector<char> covered_originals(const MapState& state) {
  const auto range = [](const TensorEntry& t) {
    const auto bytes = static_cast<std::int64_t>(dtype_info(t.dtype).bytes);
    const std::int64_t extent =
        t.strides.empty() ? wire::contiguous_bytes(t.shape, 1) : wire::strided_extent(t.shape, t.strides);
    return std::pair(t.storage_offset * bytes, (t.storage_offset + extent) * bytes);
  };
  std::unordered_map<std::int64_t, std::vector<std::pair<std::int64_t, std::int64_t>>> mapped;
  const auto& tensors = state.original.tensors;
  for (std::size_t o = 0; o < tensors.size(); ++o)
    if (state.mapped[o]) mapped[tensors[o].storage].push_back(range(tensors[o]));
  std::vector<char> covered(tensors.size(), 0);
  for (std::size_t o = 0; o < tensors.size(); ++o) {
    const auto found = mapped.find(tensors[o].storage);
    if (found == mapped.end()) continue;
    const auto own = range(tensors[o]);
    covered[o] = own.first < own.second &&
                 std::any_of(found->second.begin(), found->second.end(),
                             [&](const auto& whole) { return whole.first <= own.first && own.second <= whole.second; });
  }
  return covered;
}

void report_unmapped_originals(MapState& state, const std::vector<char>& told, bool was_probed) {
  std::size_t errors = 0;
  for (const std::size_t o : state.original.free()) {
    if (told[o]) continue;
    const TensorEntry& entry = state.original.tensors[o];
    const std::string excuse = excuse_for(entry, was_probed);
    const std::string what = "the original's " + kind_text(entry) + " \"" + entry.key + "\" " + type_text(entry);
    if (!excuse.empty()) {
      state.report("weight-unmapped", {}, what + " has no counterpart in the refactored model: " + excuse,
                   "nothing to do", Severity::note);
    } else if (++errors <= single_findings) {
      state.report(
          "weight-unmapped", {}, what + " goes nowhere",
          "build a child that holds it; if its name differs, or it feeds several, say so in weight_map.json; if no "
          "forward reads it, map it to null");
    }
  }
  if (errors > single_findings)
    state.report("weight-unmapped", {},
                 std::to_string(errors - single_findings) + " more tensors of the original go nowhere",
                 "see the help of those above");
}

}  // namespace

bool report_leftovers(MapState& state) {
  std::map<std::string, Group> groups;
  for (const std::size_t o : state.original.free()) groups[signature(state.original.tensors[o])].originals.push_back(o);
  for (const std::size_t r : state.refactored.free())
    groups[signature(state.refactored.tensors[r])].refactoreds.push_back(r);
  const bool both_probed = probed(state.original.tensors) && probed(state.refactored.tensors);
  bool undecided = false;
  std::vector<char> told = covered_originals(state);  // also those that a finding names already
  std::vector<std::size_t> without_candidate;
  for (const auto& [unused, group] : groups) {
    if (group.refactoreds.empty()) continue;
    if (group.originals.empty()) {
      without_candidate.insert(without_candidate.end(), group.refactoreds.begin(), group.refactoreds.end());
      continue;
    }
    undecided = true;
    for (const std::size_t o : group.originals) told[o] = 1;
    report_ambiguous(state, group, both_probed);
  }
  std::sort(without_candidate.begin(), without_candidate.end());
  for (std::size_t i = 0; i < without_candidate.size() && i < single_findings; ++i)
    report_unmapped_refactored(state, without_candidate[i], told);
  if (without_candidate.size() > single_findings)
    state.report("weight-unmapped", {},
                 std::to_string(without_candidate.size() - single_findings) +
                     " more tensors of the refactored model take their values from nothing",
                 "see the help of those above");
  const bool original_probed = probed(state.original.tensors);
  // A float buffer that state_dict() does not hold may be left out only if nothing reads it: a probe knows.
  // So does it of a parameter, where nothing else is wrong: a refactored model that lacks its shape may not run at all.
  for (const std::size_t o : state.original.free())
    if (without_candidate.empty() || state.original.tensors[o].kind != TensorEntry::Kind::parameter)
      undecided = undecided || (!told[o] && excuse_for(state.original.tensors[o], original_probed) !=
                                              excuse_for(state.original.tensors[o], true));
  report_unmapped_originals(state, told, original_probed);
  return undecided && !both_probed;
}

}  // namespace decomp
