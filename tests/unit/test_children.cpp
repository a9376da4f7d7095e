// What one tape says about the children, what is read, and where two runs part.

#include "checks/children.h"
#include "checks/faces.h"
#include "checks/numbers.h"
#include "checks/reads.h"
#include "tape_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

const std::set<std::string> both_files = {"first_file", "second_file"};

std::vector<Finding> judge(const Tape& tape) { return check_children({}, tape, two_children, both_files); }

bool is_about(const std::vector<Finding>& findings, const std::string& file) {
  return findings.size() == 1 && findings[0].where.file == file;
}

}  // namespace

TEST_CASE("children that share the work are children") {
  Tape tape = Pen().input("x").in(1).op({"linear", {"x"}, {"h"}}).in(2).op({"relu", {"h"}, {"y"}}).returns({"y"});
  CHECK(rules_of(judge(tape)) == Names{});
}

TEST_CASE("a child that does all the work is its parent in disguise") {
  Pen pen;
  pen.input("x")
      .in(1)
      .op({"linear", {"x"}, {"h"}})
      .op({"relu", {"h"}, {"r"}})
      .in(2)
      .op(view_of("flatten", "r", "y"))
      .op({"dropout", {"y"}, {"z"}});
  auto findings = judge(pen.returns({"z"}));
  CHECK(rules_of(findings) == Names{"custody-parent-in-disguise"});
  CHECK(is_about(findings, "first_file"));
  CHECK(findings.at(0).message.find("2 operations") != std::string::npos);
}

TEST_CASE("arithmetic is work: a child without the parent's addition is not the parent") {
  Pen pen;
  pen.input("x").in(1).op({"linear", {"x"}, {"h"}}).in(2).op({"neg", {"h"}, {"n"}});
  CHECK(rules_of(judge(pen.returns({"n"}))) == Names{});
  pen = Pen();
  pen.input("x")
      .in(1)
      .op({"linear", {"x"}, {"h"}})
      .in(2)
      .op(view_of("view", "h", "n"))
      .in(0)
      .op({"add", {"x", "n"}, {"y"}});
  CHECK(rules_of(judge(pen.returns({"y"}))) == Names{});
}

TEST_CASE("a file of children/ that never runs") {
  Tape tape = Pen().input("x").in(0).op({"neg", {"x"}, {"n"}}).in(1).op({"relu", {"n"}, {"y"}}).returns({"y"});
  auto findings = judge(tape);
  CHECK(rules_of(findings) == Names{"step-child-unused"});
  CHECK(is_about(findings, "second_file"));
}

TEST_CASE("a child that is called and does nothing did run") {
  Tape tape = Pen().input("x").in(0).op({"neg", {"x"}, {"n"}}).in(2).in(1).op({"relu", {"n"}, {"y"}}).returns({"y"});
  CHECK(rules_of(judge(tape)) == Names{});
}

TEST_CASE("a refactored model without children took nothing apart") {
  Tape tape = run_of({{"linear", {"x"}, {"y"}}}, 0);
  auto findings = check_children({}, tape, plain_model, {});
  CHECK(rules_of(findings) == Names{"step-no-children"});
  CHECK(is_about(findings, ""));
}

TEST_CASE("a module belongs to the outermost child file on its way down") {
  Json modules = Json::array();
  for (auto [path, type] : std::vector<std::pair<const char*, const char*>>{
           {"", "__decomp_root__.RefactoredModel"},
           {"blocks", "torch.nn.modules.container.ModuleList"},
           {"blocks.0", "children.block.Model"},
           {"blocks.0.norm", "norm.Model"},
           {"blocks.0.norm.inner", "torch.nn.modules.normalization.LayerNorm"},
           {"norm", "norm.Model"},
           {"normal", "torch.nn.modules.linear.Linear"}})
    modules.push_back({{"path", path}, {"type", type}});
  auto instances = module_instances(modules, {"block", "norm"});
  REQUIRE(instances.size() == 7);
  Names components, children;
  for (const ModuleInstance& m : instances) {
    components.push_back(m.component);
    children.push_back(m.child);
  }
  CHECK(components == Names{"", "", "blocks.0", "blocks.0", "blocks.0", "norm", ""});
  CHECK(children == Names{"", "", "block", "block", "block", "norm", ""});
}

TEST_CASE("each input that the original's result depends on is read") {
  auto run = [](bool reads_mask, bool uses_mask) {
    Pen pen;
    pen.input("x").input("mask").in(1).op({"linear", {"x"}, {"h"}});
    if (reads_mask) pen.op({"masked_fill", {"h", "mask"}, {"f"}});
    return pen.returns({reads_mask && uses_mask ? "f" : "h"});
  };
  const ReadNames none;
  CHECK(rules_of(check_reads(run(true, true), run(true, true), none)) == Names{});
  auto findings = check_reads(run(true, true), run(false, false), none);
  CHECK(rules_of(findings) == Names{"conservation-input"});
  CHECK(findings[0].message.find("input tensor 1") != std::string::npos);
  CHECK(rules_of(check_reads(run(true, false), run(false, false), none)) == Names{});  // the original throws it away
}

TEST_CASE("each weight that the original's result depends on is read") {
  auto run = [](bool reads) {
    Pen pen;
    pen.input("x").weight("w", 0).weight("b", 1).in(1).op({"linear", {"x", "w"}, {"h"}});
    if (reads)
      pen.op({"add", {"h", "b"}, {"y"}});
    else
      pen.op({"add", {"h", "constants"}, {"y"}});
    return pen.returns({"y"});
  };
  ReadNames names = {{"w", "b"}, {"child.w", "child.b"}, {{"w", "child.w"}, {"b", "child.b"}}, {}};
  CHECK(rules_of(check_reads(run(true), run(true), names)) == Names{});
  auto findings = check_reads(run(true), run(false), names);
  CHECK(rules_of(findings) == Names{"weight-unused"});
  CHECK(findings[0].message.find("`child.b` is mapped from `b`") != std::string::npos);
  CHECK(rules_of(check_reads(run(false), run(false), names)) == Names{});
}

TEST_CASE("one of several copies of a tied weight may go unread") {
  Tape tape = Pen().input("x").weight("w", 0).in(1).op({"linear", {"x", "w"}, {"y"}}).returns({"y"});
  ReadNames names = {{"w"}, {"head.w", "embed.w"}, {{"w", "embed.w"}, {"w", "head.w"}}, {}};
  CHECK(rules_of(check_reads(tape, tape, names)) == Names{});
}

TEST_CASE("a weight that is mapped to null is one that nothing reads") {
  Tape tape = Pen().input("x").weight("w", 0).in(1).op({"linear", {"x", "w"}, {"y"}}).returns({"y"});
  Tape without = Pen().input("x").in(1).op({"linear", {"x", "constants"}, {"y"}}).returns({"y"});
  ReadNames names = {{"w"}, {}, {}, {"w"}};
  CHECK(rules_of(check_reads(tape, without, names)) == Names{"weight-unmapped"});
  CHECK(rules_of(check_reads(without, without, names)) == Names{});
}

namespace {

const std::vector<Op> layers = {
    {"linear", {"x"}, {"a"}}, {"add", {"a", "x"}, {"s"}}, {"relu", {"s"}, {"b"}}, {"linear", {"b"}, {"c"}}};

std::string divergence(const std::vector<Op>& refactored, int instance = 1) {
  return first_divergence(run_of(layers, 0), run_of(refactored, instance), two_children);
}

}  // namespace

TEST_CASE("the first operation whose result departs is named with its child") {
  auto ops = layers;
  ops[2].out = {"b2"};
  ops[3].out = {"c2"};
  CHECK(divergence(ops) ==
        "child `first` (first_file): relu (compute operation 2) is the first whose result departs from the original's");
  CHECK(
      divergence(ops, 0) ==
      "the refactored model itself: relu (compute operation 2) is the first whose result departs from the original's");
}

TEST_CASE("another operation at the same place ends what can be told") {
  auto ops = layers;
  ops[2].name = "gelu";
  CHECK(divergence(ops) ==
        "compute operation 2 is relu in the original and gelu in the refactored model (child `first` (first_file)); "
        "what departs before it "
        "cannot be told");
}

TEST_CASE("a result of another size departs") {
  auto ops = layers;
  ops[3].shape = {2, 3};
  CHECK(divergence(ops) ==
        "child `first` (first_file): linear (compute operation 3) returns [2, 3], the original's [4]");
}

TEST_CASE("a difference that no compute operation shows lies around the children") {
  CHECK(divergence(layers) ==
        "no compute operation departs: the difference is in the arithmetic, indexing or assembly around the children");
}

TEST_CASE("operations at the end that one side lacks") {
  auto ops = layers;
  ops.pop_back();
  CHECK(divergence(ops) == "all common compute operations agree; the original makes 3, the refactored model 2");
}

namespace {

// `first` is a linear child and `second` one that computes tanh, each called twice.
const std::vector<ModuleInstance> two_files = {
    {},
    {.path = "first", .child = "first_file", .component = "first", .file = "first_file"},
    {.path = "second", .child = "second_file", .component = "second", .file = "second_file"}};

Pen one_call_of_each() {
  Pen pen;
  pen.input("x").in(1).op({"linear", {"x"}, {"a"}}).in(2).op({"tanh", {"a"}, {"b"}});
  return pen;
}

}  // namespace

TEST_CASE("work that moves into a sibling for one call is found") {
  Pen moved = one_call_of_each();
  moved.in(1).op({"linear", {"b"}, {"c"}}).op({"tanh", {"c"}, {"d"}}).in(2);
  auto findings = check_faces(moved.returns({"d"}), two_files);
  CHECK(rules_of(findings) == Names{"custody-child-differs"});
  CHECK(is_about(findings, "first_file"));
}

TEST_CASE("a child that does more in one call is no two-faced one while every sibling works") {
  Pen more = one_call_of_each();
  more.in(1).op({"linear", {"b"}, {"c"}}).op({"tanh", {"c"}, {"d"}}).in(2).op({"tanh", {"d"}, {"e"}});
  CHECK(rules_of(check_faces(more.returns({"e"}), two_files)) == Names{});
  Pen idle = one_call_of_each();
  idle.in(1).op({"linear", {"b"}, {"c"}}).in(2);
  CHECK(rules_of(check_faces(idle.returns({"c"}), two_files)) == Names{});
}

TEST_CASE("an epsilon that one side adds must stand on the other") {
  const auto run = [](const std::vector<Op>& ops) { return run_of(ops, 1); };
  const Op log = {"log", {"s"}, {"y"}};
  const Op with = {"add", {"x"}, {"s"}, {"other=1e-12"}}, without = {"abs", {"x"}, {"s"}};
  CHECK(lost_epsilon(run({with, log}), run({without, log}), false)->of_original);
  CHECK_FALSE(lost_epsilon(run({without, log}), run({with, log}), false)->of_original);
  CHECK_FALSE(lost_epsilon(run({with, log}), run({with, log}), true));
  const Op whole = {"layer_norm", {"x"}, {"y"}, {"eps=1e-05"}}, written = {"add", {"x"}, {"y"}, {"other=1e-05"}};
  CHECK_FALSE(lost_epsilon(run({whole}), run({written}), false));
  CHECK(lost_epsilon(run({whole}), run({log}), false)->number == "1e-05");
}

TEST_CASE("a weight that only the refactored model writes is state") {
  const ReadNames names{{"w"}, {"child.w"}, {{"w", "child.w"}}, {}};
  const auto run = [](bool writes) {
    Pen pen;
    pen.input("x").weight("w", 0).in(1);
    if (writes) pen.op({"add_", {"w", "x"}, {"w2"}});
    Tape tape = pen.op({"matmul", {"x", "w"}, {"y"}}).returns({"y"});
    if (writes) tape.entries[0].out[0].weight = 0;
    return tape;
  };
  CHECK(rules_of(check_reads(run(false), run(true), names)) == Names{"conservation-state"});
  CHECK(rules_of(check_reads(run(true), run(true), names)) == Names{});
}
