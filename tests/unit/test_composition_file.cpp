#include <catch2/catch.hpp>

#include <algorithm>

#include "checks/composition_file.h"
#include "python_facts.h"

using namespace decomp;

namespace {

const std::set<std::string> kernels = {"linear_4x4_fp32", "relu_fp32"};
const std::map<std::string, std::string> others = {{"swiglu", "a fusion (level_1_fusion/swiglu.py)"}};

const std::string head = R"(import sys
from pathlib import Path

import torch
import torch.nn as nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from level_0_kernel.linear_4x4_fp32 import Model as Linear
from level_0_kernel.relu_fp32 import Model as Relu
)";

const std::string model = R"(
SCALE = 2


class ComposedModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = Linear()
        self.relu = Relu()

    def forward(self, x):
        return self.relu(self.linear(x)) * SCALE
)";

const std::string test = R"(

def compare(a, b, rtol=1e-4):
    return torch.allclose(a, b, rtol, 1e-5)


if __name__ == "__main__":
    print(compare(torch.ones(2), torch.ones(2)))
)";

CompositionFile read(const std::string& text) { return read_composition(python_facts({text})[0], kernels, others); }

std::vector<std::string> rules(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const Finding& f : findings) ids.push_back(f.rule);
  return ids;
}

std::vector<std::string> kinds(const CompositionFile& file) {
  std::vector<std::string> found;
  for (const Node& statement : file.judged.module().list("body")) found.emplace_back(statement.kind());
  return found;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a composition: the class and what it reaches stay, its test is dropped by lines") {
  const CompositionFile file = read(head + model + test);
  CHECK(rules(file.findings) == Words{});
  CHECK(file.model_class == "ComposedModel");
  CHECK_FALSE(file.takes_arguments);
  CHECK(kinds(file) == Words{"Import", "ImportFrom", "ImportFrom", "Assign", "ClassDef"});
  CHECK(file.judged.module().list("body")[1].text("module") == "children.linear_4x4_fp32");
  const int definition = static_cast<int>(std::count(head.begin(), head.end(), '\n') + std::count(model.begin(), model.end(), '\n')) + 3;
  CHECK(std::count(file.dropped.begin(), file.dropped.end(), std::make_pair(definition, definition + 1)) == 1);
  CHECK(std::count(file.dropped.begin(), file.dropped.end(), std::make_pair(7, 7)) == 1);  // the path
}

TEST_CASE("a composition's class by another name, unless it could be one of several") {
  std::string other = model;
  other.replace(other.find("ComposedModel"), 13, "Whole");
  CHECK(read(head + other).model_class == "Whole");
  const CompositionFile two = read(head + other + "\n\nclass Second(nn.Module):\n    pass\n");
  CHECK(two.model_class.empty());
  CHECK(rules(two.findings) == Words{"composition-no-class"});
  CHECK(two.findings[0].message.find("`Second`, `Whole`") != std::string::npos);
  CHECK(rules(read("import torch\n").findings) == Words{"composition-no-class"});
}

TEST_CASE("a composition of more than kernels") {
  std::string with_fusion = head + "from level_1_fusion.swiglu import Model as Swiglu\n" + model;
  CHECK(rules(read(with_fusion).findings) == Words{});  // imported, not used by the model
  with_fusion.replace(with_fusion.find("self.relu = Relu()"), 18, "self.relu = Swiglu()");
  const CompositionFile file = read(with_fusion);
  CHECK(rules(file.findings) == Words{"composition-not-kernels"});
  CHECK(file.findings[0].message.find("`swiglu`, which is a fusion") != std::string::npos);
  CHECK(file.findings[0].where.line == 10);
}

TEST_CASE("a composition's constructor values and weight map") {
  std::string changed = head + "WEIGHT_MAP = {\n    \"up.weight\": \"linear.linear.weight\",\n    \"gone\": None,\n}\n" + model;
  changed.replace(changed.find("__init__(self)"), 14, "__init__(self, width)");
  const CompositionFile file = read(changed);
  CHECK(file.takes_arguments);
  REQUIRE(file.weight_map.has_value());
  CHECK(Json::parse(*file.weight_map) == Json{{"up.weight", "linear.linear.weight"}, {"gone", nullptr}});
  CHECK(std::count(file.weight_map->begin(), file.weight_map->begin() + static_cast<std::ptrdiff_t>(file.weight_map->find("up.weight")), '\n') == 10);
}

TEST_CASE("a composition's own tolerances: only looser ones are said, each once") {
  CHECK(rules(check_tolerances(read(head + model + test).tolerances, 1e-4, 1e-5)) == Words{});
  const CompositionFile loose = read(head + model + "\nATOL = 1e-2\n" + test + "    torch.testing.assert_close(torch.ones(1), torch.ones(1), rtol=1e-3, atol=ATOL)\n");
  const auto findings = check_tolerances(loose.tolerances, 1e-4, 1e-5);
  CHECK(rules(findings) == Words{"composition-tolerance", "composition-tolerance"});
  CHECK(check_tolerances(loose.tolerances, 1e-3, 1e-2).empty());
}
