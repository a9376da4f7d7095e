#include <catch2/catch.hpp>

#include <deque>

#include "checks/custody_chain.h"
#include "python_facts.h"

using namespace decomp;

namespace {

// A component whose code is told apart by one number.
std::string component(const std::string& number) {
  return "import torch\n\n\nclass Model(torch.nn.Module):\n    def forward(self, x):\n        return x * " + number +
         "\n\n\ndef get_inputs():\n    return [torch.ones(2, 3)]\n";
}

// Components 0 to 9, and 10, which is no component: parsed once.
const CodeForm* form(std::size_t number) {
  static const std::vector<Facts> facts = [] {
    std::vector<std::string> sources;
    for (int i = 0; i < 10; ++i) sources.push_back(component(std::to_string(i)));
    sources.push_back("class Model(:\n");
    return python_facts(sources);
  }();
  static const std::deque<CodeForm> forms = [] {
    std::deque<CodeForm> made;
    for (const Facts& f : facts) made.push_back(code_form(f));
    return made;
  }();
  return &forms[number];
}

CustodyFile file(const std::string& shown, int number, int level = -1) {
  const std::string name = shown.substr(shown.rfind('/') + 1);
  return {shown, name.substr(0, name.rfind('.')), number < 0 ? nullptr : form(static_cast<std::size_t>(number)), level};
}

// A step from component `original` to components `children`, each named after its number.
CustodyStep step(const std::string& name, int original, std::vector<int> children,
                 CustodyStep::Verdict verdict = CustodyStep::passed) {
  CustodyStep made{name, verdict, file(name + "/original.py", original), {}};
  for (int child : children) made.children.push_back(file(name + "/children/c" + std::to_string(child) + ".py", child));
  return made;
}

// The level folders of the named components, {number, level}.
std::vector<CustodyFile> levels(const std::vector<std::pair<int, int>>& numbers) {
  std::vector<CustodyFile> files;
  for (const auto& [number, level] : numbers)
    files.push_back(file("level_" + std::to_string(level) + "/c" + std::to_string(number) + ".py", number, level));
  return files;
}

using Named = std::vector<std::pair<std::string, std::string>>;

Named named(const std::vector<Finding>& findings) {
  Named list;
  for (const Finding& f : findings) list.emplace_back(f.rule, f.where.file);
  return list;
}

Named all(const CustodyVerdict& verdict) {
  Named list;
  for (const auto& findings : verdict.steps)
    for (const auto& f : named(findings)) list.push_back(f);
  for (const auto& f : named(verdict.others)) list.push_back(f);
  return list;
}

CustodyFile source() { return file("model.py", 0); }

}  // namespace

TEST_CASE("custody chain: steps in any order that begin at the source are silent") {
  CustodyCase custody{source(),
                      {step("s1", 2, {4, 5}), step("s2", 0, {1, 2}), step("s3", 1, {3})},
                      levels({{3, 0}, {4, 0}, {5, 0}, {1, 1}, {2, 1}, {0, 3}})};
  const CustodyVerdict verdict = judge_custody_chain(custody);
  CHECK(all(verdict).empty());
  CHECK(verdict.undecided == std::vector<bool>{false, false, false});
}

TEST_CASE("custody chain: an original that nobody made") {
  const CustodyVerdict verdict = judge_custody_chain({source(), {step("s1", 0, {1}), step("s2", 7, {3})}, {}});
  CHECK(all(verdict) == Named{{"custody-original-unknown", "s2/original.py"}});
  const Finding& finding = verdict.steps[1][0];
  CHECK(finding.where.line == 6);
  CHECK(finding.where.column == 20);
  // All are equally near; the source is named first.
  CHECK(finding.message ==
        "this original is neither the source model nor a component that a step of this decomposition made; the nearest "
        "is model.py, "
        "from which it departs in class Model: it has `7` (line 6) where that file has `0` (line 6)");
}

TEST_CASE("custody chain: a component does not come from the step that takes it apart") {
  CHECK(all(judge_custody_chain({source(), {step("s1", 0, {1}), step("s2", 2, {2, 3})}, {}})) ==
        Named{{"custody-parent-not-accepted", "s2/original.py"}});
}

TEST_CASE("custody chain: steps in a circle are not accepted") {
  CHECK(all(judge_custody_chain({source(), {step("s1", 0, {1}), step("s2", 2, {3}), step("s3", 3, {2})}, {}})) ==
        Named{{"custody-parent-not-accepted", "s2/original.py"}, {"custody-parent-not-accepted", "s3/original.py"}});
  // The same circle, entered from the source.
  CHECK(all(judge_custody_chain({source(), {step("s1", 0, {2}), step("s2", 2, {3}), step("s3", 3, {2})}, {}})).empty());
}

TEST_CASE("custody chain: what rests on a step that fails is not accepted, whatever it says itself") {
  const CustodyVerdict verdict = judge_custody_chain(
      {source(), {step("s1", 0, {1}, CustodyStep::failed), step("s2", 1, {2}), step("s3", 2, {3})}, {}});
  CHECK(all(verdict) ==
        Named{{"custody-parent-not-accepted", "s2/original.py"}, {"custody-parent-not-accepted", "s3/original.py"}});
  CHECK(verdict.steps[1][0].message == "this original is made only by what is no accepted step: s1 (fails)");
  CHECK(verdict.steps[2][0].message ==
        "this original is made only by what is no accepted step: s2 (its own original is not from an accepted step)");
  // Another step that makes the component will do.
  CHECK(all(judge_custody_chain(
                {source(), {step("s1", 0, {1}, CustodyStep::failed), step("s2", 1, {2}), step("s4", 0, {1})}, {}}))
            .empty());
}

TEST_CASE("custody chain: what rests on a step that could not be judged is not decided") {
  const CustodyVerdict verdict = judge_custody_chain(
      {source(), {step("s1", 0, {1}, CustodyStep::undecided), step("s2", 1, {2}), step("s3", 7, {3})}, {}});
  CHECK(all(verdict) ==
        Named{{"custody-not-decided", "s2/original.py"}, {"custody-original-unknown", "s3/original.py"}});
  CHECK(verdict.undecided == std::vector<bool>{false, true, false});
  // Children that could not be read may be anything.
  CustodyStep unread = step("s1", 0, {}, CustodyStep::undecided);
  unread.children.push_back(file("s1/children/x.py", -1));
  CHECK(judge_custody_chain({source(), {unread, step("s3", 7, {3})}, {}}).undecided == std::vector<bool>{false, true});
}

TEST_CASE("custody chain: files without a tree are nobody's copy") {
  CHECK(all(judge_custody_chain({file("model.py", 10), {step("s1", 0, {1})}, {}})) ==
        Named{{"custody-original-unknown", "s1/original.py"}});
  CHECK(all(judge_custody_chain({source(), {step("s1", 10, {1}, CustodyStep::failed)}, {}}))
            .empty());  // its own finding stands
}

TEST_CASE("custody chain: every component above the kernels has one step") {
  const auto files = levels({{3, 0}, {1, 1}, {2, 1}, {0, 3}});
  CHECK(all(judge_custody_chain({source(), {step("s1", 0, {1, 2}), step("s2", 1, {3})}, files})) ==
        Named{{"custody-component-without-step", "level_1/c2.py"}});
  CHECK(all(judge_custody_chain(
            {source(), {step("s1", 0, {1, 2}), step("s2", 1, {3}), step("s3", 2, {3}), step("s4", 2, {3})}, files})) ==
        Named{{"custody-component-with-two-steps", "level_1/c2.py"}});
  // A step that fails is there; that it fails is its own finding.
  CHECK(all(judge_custody_chain(
                {source(), {step("s1", 0, {1, 2}), step("s2", 1, {3}), step("s3", 2, {3}, CustodyStep::failed)}, files}))
            .empty());
  // Only the accepted one of two counts.
  CHECK(all(judge_custody_chain({source(),
                                 {step("s1", 0, {1, 2}), step("s2", 1, {3}), step("s3", 2, {3}, CustodyStep::failed),
                                  step("s4", 2, {3})},
                                 files}))
            .empty());
}

TEST_CASE("custody chain: equal components under two names may have a step each") {
  auto files = levels({{3, 0}, {1, 1}, {0, 3}});
  files.insert(files.begin() + 2, file("level_1/copy.py", 1, 1));
  const auto steps = [](int count) {
    std::vector<CustodyStep> made{step("s1", 0, {1})};
    for (int i = 0; i < count; ++i) made.push_back(step("t" + std::to_string(i), 1, {3}));
    return made;
  };
  CHECK(all(judge_custody_chain({source(), steps(1), files})).empty());
  CHECK(all(judge_custody_chain({source(), steps(2), files})).empty());
  CHECK(all(judge_custody_chain({source(), steps(3), files})) ==
        Named{{"custody-component-with-two-steps", "level_1/c1.py"}});
}

TEST_CASE("custody chain: the level folders hold what was proved") {
  auto files = levels({{1, 1}, {0, 3}});
  files.insert(files.begin(), file("level_0/c3.py", 8, 0));  // the name of component 3, the code of another
  const CustodyVerdict differs = judge_custody_chain({source(), {step("s1", 0, {1}), step("s2", 1, {3})}, files});
  CHECK(all(differs) == Named{{"custody-copy-differs", "level_0/c3.py"}});
  CHECK(differs.others[0].message ==
        "level_0/c3.py is not the component that was proved as s2/children/c3.py; it departs in class Model: it has "
        "`8` (line 6) where "
        "that file has `3` (line 6)");
  CHECK(all(judge_custody_chain(
            {source(), {step("s1", 0, {1}), step("s2", 1, {3, 4})}, levels({{3, 0}, {1, 1}, {0, 3}})})) ==
        Named{{"custody-child-not-in-levels", "s2/children/c4.py"}});
  // Under another name it is there, too.
  auto renamed = levels({{1, 1}, {0, 3}});
  renamed.insert(renamed.begin(), file("level_0/linear_3x3_fp32.py", 3, 0));
  CHECK(all(judge_custody_chain({source(), {step("s1", 0, {1}), step("s2", 1, {3})}, renamed})).empty());
}

TEST_CASE("custody chain: a kernel that no step uses is a warning") {
  const CustodyVerdict verdict = judge_custody_chain({source(), {step("s1", 0, {3})}, levels({{3, 0}, {4, 0}, {0, 3}})});
  CHECK(all(verdict) == Named{{"custody-kernel-without-parent", "level_0/c4.py"}});
  CHECK(verdict.others[0].severity == Severity::warning);
}

TEST_CASE("custody chain: without a source the level folders are judged all the same") {
  CHECK(
      all(judge_custody_chain({std::nullopt, {step("s1", 5, {1})}, levels({{1, 1}, {2, 1}, {5, 3}})})) ==
      Named{{"custody-component-without-step", "level_1/c1.py"}, {"custody-component-without-step", "level_1/c2.py"}});
}
