#include <catch2/catch.hpp>

#include "checks/kernel_fixes.h"

using namespace decomp;

namespace {

FixPlan renamed(const FileTexts& files, const std::vector<KernelRename>& renames) {
  KernelFixes fixes;
  fixes.renames = renames;
  return plan_fixes(files, fixes);
}

std::string rewritten(const std::string& python) {
  const FixPlan plan = renamed({{"steps/step_1/refactored.py", python}}, {{"silu", "silu_fp32"}});
  const auto found = plan.write.find("steps/step_1/refactored.py");
  return found == plan.write.end() ? python : found->second;
}

}  // namespace

TEST_CASE("imports of a renamed kernel are rewritten, other uses of the word are not") {
  CHECK(rewritten("from children.silu import Model as Silu\n") == "from children.silu_fp32 import Model as Silu\n");
  CHECK(rewritten("    from silu import Model\n") == "    from silu_fp32 import Model\n");
  CHECK(rewritten("import silu as silu_mod") == "import silu_fp32 as silu_mod");
  CHECK(rewritten("import children.silu as s\r\n") == "import children.silu_fp32 as s\r\n");
  CHECK(rewritten("import silu\ny = silu.Model()\n") == "import silu_fp32 as silu\ny = silu.Model()\n");
  for (const char* python : {"y = F.silu(x)\n", "self.silu = silu()\n", "from torch.nn.functional import silu\n", "from silus import Model\n", "importing = 'silu'\n", "from\n"})
    CHECK(rewritten(python) == python);
}

TEST_CASE("comments and docstrings name the kernel as it is called now") {
  const FixPlan plan = renamed({{"level_2_layer/block.py", "\"\"\"Children: [norm_2]\"\"\"\nself.norm_2 = '#norm_2'  # norm_2, norm_23\n"}}, {{"norm_2", "rms_norm_8_fp32"}});
  CHECK(plan.write.at("level_2_layer/block.py") == "\"\"\"Children: [rms_norm_8_fp32]\"\"\"\nself.norm_2 = '#norm_2'  # rms_norm_8_fp32, norm_23\n");
}

TEST_CASE("names of files are rewritten where they stand for themselves") {
  const FixPlan plan = renamed({{"decomposition_tree.json", R"({"path": "level_0_kernel/silu.py", "other": "my_silu.py"})"}, {"verification/composition_test.py", "load('relu_2')\n{'silu': Silu()}"}},
                               {{"silu", "silu_fp32"}, {"relu_2", "relu_fp32"}});
  CHECK(plan.write.at("decomposition_tree.json") == R"({"path": "level_0_kernel/silu_fp32.py", "other": "my_silu.py"})");
  CHECK(plan.write.at("verification/composition_test.py") == "load('relu_fp32')\n{'silu': Silu()}");
}

TEST_CASE("names that were swapped are swapped back") {
  const FixPlan plan = renamed({{"level_0_kernel/a.py", "1"}, {"level_0_kernel/b.py", "2"}}, {{"a", "b"}, {"b", "a"}});
  CHECK(plan.refused.empty());
  CHECK(plan.write == FileTexts{{"level_0_kernel/a.py", "2"}, {"level_0_kernel/b.py", "1"}});
  CHECK(plan.remove.empty());
}

TEST_CASE("a file that would be lost is a refusal, and nothing is planned") {
  const FixPlan plan = renamed({{"level_0_kernel/a.py", "1"}, {"level_0_kernel/b.py", "2"}}, {{"a", "b"}});
  REQUIRE(plan.refused.size() == 1);
  CHECK(plan.refused[0] == "level_0_kernel/a.py would become level_0_kernel/b.py, and there is such a file already");
  CHECK(plan.write.empty());
  CHECK(plan.remove.empty());
}

TEST_CASE("two files become one: the kept one comes where only the other was") {
  KernelFixes fixes;
  fixes.renames = {{"keep", "linear_2x2_fp32"}};
  fixes.merges = {{"drop", "keep", {{"projection.weight", "linear.weight"}}, {{"step_2", "up"}}, ""}};
  const std::string map = R"({"w": "up.projection.weight", "v": "down.projection.weight"})";
  const FixPlan plan = plan_fixes({{"level_0_kernel/keep.py", "k"}, {"level_0_kernel/drop.py", "d"}, {"steps/step_1/children/keep.py", "k"}, {"steps/step_2/children/drop.py", "d"},
                                   {"steps/step_2/refactored.py", "from children.drop import Model\n"}, {"steps/step_2/weight_map.json", map}},
                                  fixes);
  CHECK(plan.refused.empty());
  CHECK(plan.write == FileTexts{{"level_0_kernel/linear_2x2_fp32.py", "k"}, {"steps/step_1/children/linear_2x2_fp32.py", "k"}, {"steps/step_2/children/linear_2x2_fp32.py", "k"},
                                {"steps/step_2/refactored.py", "from children.linear_2x2_fp32 import Model\n"},
                                {"steps/step_2/weight_map.json", R"({"w": "up.linear.weight", "v": "down.projection.weight"})"}});
  CHECK(plan.remove == std::set<std::string>{"level_0_kernel/keep.py", "level_0_kernel/drop.py", "steps/step_1/children/keep.py", "steps/step_2/children/drop.py"});
}

TEST_CASE("files whose tensors do not correspond are not merged") {
  ComponentRun one, other;
  one.tensors = {{"weight", "parameter", {2, 3}, "float32"}};
  other.tensors = {{"weight", "parameter", {3, 2}, "float32"}};
  KernelMerge merge{"a", "b", {}, {}, ""};
  pair_keys(one, other, merge);
  CHECK_FALSE(merge.problem.empty());
  KernelFixes fixes;
  fixes.merges = {merge};
  CHECK_FALSE(plan_fixes({{"level_0_kernel/a.py", ""}, {"level_0_kernel/b.py", ""}}, fixes).refused.empty());
}
