// The parser's answers: whatever passes validation is judged by the grammar and by custody without a crash, and every finding
// says something at a place.

#include "checks/children.h"
#include "checks/custody.h"
#include "checks/grammar.h"
#include "core/error.h"
#include "core/facts.h"
#include "fuzz.h"

using namespace decomp;
using decomp::fuzz::require;

namespace {

void check_findings(const std::vector<Finding>& findings) {
  for (const Finding& f : findings) {
    require(!f.rule.empty() && !f.message.empty(), "a finding without rule or message");
    require(f.where.line >= 0 && f.where.column >= 0, f.rule + " lies before the file");
  }
}

void check_grammar(const GrammarResult& result) {
  check_findings(result.findings);
  for (const auto& [first, last] : result.dropped) require(1 <= first && first <= last, "a dropped range that is none");
}

}  // namespace

DECOMP_FUZZ_JSON

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Facts facts;
  try {
    facts = parse_facts("fuzzed.py", fuzz::text_of(data, size));
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::infrastructure, "an answer that is no tree is an error of another kind");
    return 0;
  }
  const auto findings = facts_findings(facts);
  check_findings(findings);
  if (!findings.empty()) return 0;  // such a file is judged no further
  const auto licensed = probes_in(facts);
  const GrammarResult refactored = check_refactored_grammar(facts, {"first", "second"}, licensed);
  check_grammar(refactored);
  check_grammar(check_component_grammar(facts, {"second"}, {}));
  check_grammar(check_source_grammar(facts));
  check_findings(check_state_writes(refactored, facts));
  require(check_state_writes(refactored, facts).size() <= refactored.state_writes.size(), "more findings than writes");
  may_vary(facts);
  imports_outside_world(facts);
  mentions_attribute(facts, "weight");

  const CodeForm form = code_form(facts);
  require(form.identity == code_identity(facts), "one file has two identities");
  require(explain_difference(form, form).empty(), "a file differs from itself");
  require(form.words.empty() || code_similarity(form, form) > 0.999, "a file is unlike itself");
  return 0;
}
