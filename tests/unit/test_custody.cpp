#include <catch2/catch.hpp>

#include "checks/custody.h"
#include "python_facts.h"

using namespace decomp;

namespace {

const std::string component = R"(import torch
import torch.nn as nn
import torch.nn.functional as F

EPS = 1e-5
UNUSED = 7


def scale(x):
    return x * EPS


class Inner(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return F.relu(self.fc(x))


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner = Inner(width)

    def forward(self, x):
        return scale(self.inner(x))


def get_inputs():
    return [torch.randn(2, 8)]


def get_init_inputs():
    return [8]
)";

std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& changes) {
  for (const auto& [from, to] : changes) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  }
  return text;
}

struct Case {
  std::string name;
  std::string a, b;
  bool same;
};

Case with(const std::string& name, const std::vector<std::pair<std::string, std::string>>& changes, bool same) {
  return {name, component, replaced(component, changes), same};
}

void check(const std::vector<Case>& cases) {
  std::vector<std::string> sources;
  for (const Case& c : cases) sources.insert(sources.end(), {c.a, c.b});
  const std::vector<Facts> facts = python_facts(sources);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(cases[i].name << "\n" << cases[i].a << "\n--- against ---\n" << cases[i].b);
    const Facts& a = facts[2 * i];
    const Facts& b = facts[2 * i + 1];
    REQUIRE(a.module().is("Module"));
    REQUIRE(b.module().is("Module"));
    CHECK((code_identity(a) == code_identity(b)) == cases[i].same);
    CHECK(explain_difference(a, b).empty() == cases[i].same);
    CHECK(explain_difference(b, a).empty() == cases[i].same);
  }
}

}  // namespace

TEST_CASE("custody: a constant of the module is what it is worth") {
  const std::string inputs = "return [torch.randn(2, 8)]";
  const auto inputs_as = [&](const std::string& name, const std::string& text, bool same, const std::string& before = "") {
    return with(name, {{inputs, text}, {"UNUSED = 7\n", "UNUSED = 7\n" + before}}, same);
  };
  check({
      inputs_as("a constant", "return [torch.randn(ROWS, 8)]", true, "ROWS = 2\n"),
      inputs_as("another value", "return [torch.randn(ROWS, 8)]", false, "ROWS = 3\n"),
      inputs_as("arithmetic", "return [torch.randn(ROWS, 4 * ROWS)]", true, "ROWS = 2\n"),
      inputs_as("a constant of a constant", "return [torch.randn(ROWS, WIDTH)]", true, "ROWS = 2\nWIDTH = ROWS * 2 ** 2\n"),
      inputs_as("with an annotation", "return [torch.randn(ROWS, 8)]", true, "ROWS: int = 2\n"),
      inputs_as("a float is no integer", "return [torch.randn(ROWS, 8)]", false, "ROWS = 2.0\n"),
      inputs_as("true is no integer", "return [torch.randn(2, 8) * 1]", false),
      inputs_as("bound twice", "return [torch.randn(ROWS, 8)]", false, "ROWS = 2\nROWS = 2\n"),
      inputs_as("changed later", "return [torch.randn(ROWS, 8)]", false, "ROWS = 1\nROWS += 1\n"),
      inputs_as("changed by a function", "return [torch.randn(ROWS, 8)]", false, "ROWS = 2\ndef grow():\n    global ROWS\n    ROWS = 3\n"),
      inputs_as("hidden by a local name", "ROWS = 3\n    return [torch.randn(ROWS, 8)]", false, "ROWS = 2\n"),
      inputs_as("a tuple of sizes", "return [torch.randn((2, 8))]", true),
      inputs_as("a list of sizes", "return [torch.randn([2, 8])]", true),
      inputs_as("a tuple that is a constant", "return [torch.zeros(*SHAPE)]", false, "SHAPE = (2, 8)\n"),
      inputs_as("the default dtype, written", "return [torch.randn(2, 8, dtype=torch.float32)]", true),
      inputs_as("another dtype", "return [torch.randn(2, 8, dtype=torch.float64)]", false),
      inputs_as("the default dtype, changed", "return [torch.randn(2, 8, dtype=torch.float32)]", false, "torch.set_default_dtype(torch.float64)\n"),
      with("a helper's constant, in its place", {{"return x * EPS", "return x * 1e-5"}}, true),
      with("the same float, written otherwise", {{"return x * EPS", "return x * 0.00001"}}, true),
      with("another float", {{"return x * EPS", "return x * 1e-6"}}, false),
      with("a negative number", {{"EPS = 1e-5", "EPS = -(-1e-5)"}}, true),
      with("constructor values", {{"return [8]", "return [WIDTH]"}, {"UNUSED = 7", "WIDTH = 8"}}, true),
  });
}

TEST_CASE("custody: what does not count") {
  check({
      {"the file itself", component, component, true},
      with("a docstring of the file", {{"import torch\n", "\"\"\"Component: x\"\"\"\nimport torch\n"}}, true),
      with("docstrings of class and function",
           {{"class Model(nn.Module):\n", "class Model(nn.Module):\n    \"\"\"A model.\"\"\"\n\n"},
            {"def scale(x):\n", "def scale(x):\n    'Scales.'\n"}},
           true),
      with("comments and layout", {{"return [8]", "# width\n    return [\n        8,\n    ]"}}, true),
      with("annotations",
           {{"def forward(self, x):", "def forward(self, x: torch.Tensor) -> torch.Tensor:"},
            {"EPS = 1e-5", "EPS: float = 1e-5"}},
           true),
      with("the name of the model class", {{"class Model(", "class RefactoredModel("}}, true),
      with("unused imports", {{"import torch\n", "import torch\nimport math\nfrom typing import Optional\n"}}, true),
      with("from torch import nn", {{"import torch.nn as nn", "from torch import nn"}}, true),
      with("torch.nn.functional spelled out",
           {{"import torch.nn.functional as F\n", ""}, {"F.relu", "torch.nn.functional.relu"}}, true),
      with("another alias", {{"functional as F", "functional as fn"}, {"F.relu", "fn.relu"}}, true),
      with("a function imported",
           {{"functional as F", "functional as F\nfrom torch.nn.functional import relu"}, {"F.relu", "relu"}}, true),
      with("what nothing uses", {{"UNUSED = 7", "UNUSED = 8\n\ndef unused(x):\n    return x\n"}}, true),
      with("run_tests, the declared shapes and the main block",
           {{"return [8]",
             "return [8]\n\n\ndef get_expected_output_shape():\n    return [(2, 8)]\n\n\n@torch.no_grad()\ndef "
             "run_tests():"
             "\n    print(Model(*get_init_inputs())(*get_inputs()))\n    return True\n\n\nif __name__ == '__main__':\n"
             "    import sys\n\n    sys.exit(0 if run_tests() else 1)"}},
           true),
      with("a path prologue",
           {{"EPS",
             "import sys\nfrom pathlib import Path\n\nHERE = Path(__file__).resolve().parent\nsys.path.insert(0, "
             "str(HERE))\nEPS"}},
           true),
      with("the order of definitions",
           {{"EPS = 1e-5\nUNUSED = 7\n\n\ndef scale(x):\n    return x * EPS\n", ""},
            {"return [8]", "return [8]\n\ndef scale(x):\n    return x * EPS\n\nEPS = 1e-5\n"}},
           true),
      with("another way to write a number", {{"1e-5", "0.00001"}}, true),
      with("pass", {{"super().__init__()\n        self.fc", "super().__init__()\n        pass\n        self.fc"}},
           true),
      with("constructor values left out", {{"return [8]", "return []"}}, false),
      {"no constructor values: said or left out", replaced(component, {{"return [8]", "return []"}}),
       replaced(component, {{"\n\ndef get_init_inputs():\n    return [8]\n", ""}}), true},
      with("no keyword inputs, said", {{"return [8]", "return [8]\n\ndef get_input_kwargs():\n    return {}"}}, true),
  });
}

TEST_CASE("custody: what counts") {
  check({
      with("a constant that a helper uses", {{"EPS = 1e-5", "EPS = 1e-6"}}, false),
      with("a constant's kind", {{"return [8]", "return [8.0]"}}, false),
      with("the class", {{"return scale(self.inner(x))", "return scale(scale(self.inner(x)))"}}, false),
      with("a helper function", {{"x * EPS", "x + EPS"}}, false),
      with("a helper class", {{"nn.Linear(width, width)", "nn.Linear(width, width, bias=False)"}}, false),
      with("smaller inputs", {{"torch.randn(2, 8)", "torch.randn(1, 8)"}}, false),
      with("other constructor values", {{"return [8]", "return [16]"}}, false),
      with("keyword inputs", {{"return [8]", "return [8]\n\ndef get_input_kwargs():\n    return {'scale': 2}"}}, false),
      with("another function under the same alias", {{"import torch.nn.functional as F", "import torch.special as F"}},
           false),
      with("a default", {{"def scale(x):", "def scale(x, y=0):"}}, false),
      with("a decorator", {{"def scale(x):", "@torch.no_grad()\ndef scale(x):"}}, false),
      with("a base class", {{"class Model(nn.Module)", "class Model(Inner)"}}, false),
      with("a local name", {{"def scale(x):\n    return x * EPS", "def scale(x):\n    EPS = 2\n    return x * EPS"}},
           false),
      with("statements of the module that do something", {{"UNUSED = 7", "torch.set_default_dtype(torch.float64)"}},
           false),
      with("a value that is computed, even if nothing uses it", {{"UNUSED = 7", "UNUSED = torch.rand(3)"}}, false),
      with("a method put into a class from outside", {{"def get_inputs", "Inner.forward = scale\n\n\ndef get_inputs"}},
           false),
      with("an annotation that runs code", {{"def scale(x):", "def scale(x: torch.set_default_dtype(torch.float64)):"}},
           false),
      with("a name bound twice", {{"def get_inputs", "EPS = 1\n\n\ndef get_inputs"}}, false),
      with("a name bound again after an import", {{"EPS = 1e-5", "EPS = 1e-5\nF = torch.special"}}, false),
      with("the else of the main block", {{"UNUSED = 7", "if __name__ == '__main__':\n    pass\nelse:\n    EPS = 2"}},
           false),
  });
}

TEST_CASE("custody: constructs in which a name could mean two things") {
  const std::string tail = "\n\ndef get_inputs():\n    return [torch.ones(3)]\n";
  const std::string head = "import torch\nimport torch.nn as nn\n";
  const auto file = [&](const std::string& middle) { return head + middle + tail; };
  const auto forward = [&](const std::string& before, const std::string& body) {
    return file(before + "\n\nclass Model(nn.Module):\n    def forward(self, x):\n        " + body + "\n");
  };
  check({
      {"a builtin that the module redefines", forward("", "return x * max(1, 2)"),
       forward("def max(a, b):\n    return a", "return x * max(1, 2)"), false},
      {"when the module redefines a builtin", forward("N = max(1, 2)\n\ndef max(a, b):\n    return a", "return x * N"),
       forward("def max(a, b):\n    return a\n\nN = max(1, 2)", "return x * N"), false},
      {"two assignments in another order", forward("N = 1\nN = 2", "return x * N"),
       forward("N = 2\nN = 1", "return x * N"), false},
      {"random constants in another order", forward("A = torch.rand(3)\nB = torch.rand(3)", "return x * A - B"),
       forward("B = torch.rand(3)\nA = torch.rand(3)", "return x * A - B"), false},
      {"an import after code that could see that it is missing",
       forward("import math\n\ndef probe():\n    try:\n        return math.pi\n    except NameError:\n        return "
               "0\n\nN = probe()",
               "return x * N"),
       forward("def probe():\n    try:\n        return math.pi\n    except NameError:\n        return 0\n\nN = "
               "probe()\nimport math",
               "return x * N"),
       false},
      {"a comprehension over a module's name of the same name", forward("n = [1]", "return x * sum([n for n in n])"),
       forward("n = [2]", "return x * sum([n for n in n])"), false},
      {"a counter declared global", forward("n = 1", "global n\n        n = n + 1\n        return x * n"),
       forward("n = 2", "global n\n        n = n + 1\n        return x * n"), false},
      {"a default that names a constant", forward("n = 1", "return (lambda y, k=n: y * k)(x)"),
       forward("n = 2", "return (lambda y, k=n: y * k)(x)"), false},
      {"the namespace read by name", forward("N = 1", "return x * globals()['N']"),
       forward("N = 2", "return x * globals()['N']"), false},
      {"a docstring that is read", forward("", "'1'\n        return x * len(Model.forward.__doc__)"),
       forward("", "'12'\n        return x * len(Model.forward.__doc__)"), false},
      {"a class that tells its name", forward("", "return x * len(type(self).__name__)"),
       replaced(forward("", "return x * len(type(self).__name__)"), {{"class Model", "class RefactoredModel"}}), false},
      {"fields of a dataclass",
       forward("from typing import NamedTuple\n\nclass Out(NamedTuple):\n    a: int\n    b: int", "return Out(x, x)"),
       forward("from typing import NamedTuple\n\nclass Out(NamedTuple):\n    b: int\n    a: int", "return Out(x, x)"),
       false},
      {"a local import", forward("", "from math import pi as k\n        return x * k"),
       forward("", "from math import e as k\n        return x * k"), false},
      {"a model that is imported", head + "from torch.nn import ReLU as Model\n" + tail,
       head + "from torch.nn import SiLU as Model\n" + tail, false},
      {"an import under a condition",
       forward("if torch.cuda.is_available():\n    from math import pi as k\nelse:\n    k = 2", "return x * k"),
       forward("if torch.cuda.is_available():\n    from math import e as k\nelse:\n    k = 2", "return x * k"), false},
      {"everything imported with a star", forward("from math import *", "return x * pi"),
       forward("from cmath import *", "return x * pi"), false},
      {"texts with lone surrogates", forward("S = '\\ud800'", "return x * (S < '\\ud801')"),
       forward("S = '\\ud801'", "return x * (S < '\\ud801')"), false},
  });
}

TEST_CASE("custody: the first difference is named with its place in both files") {
  const std::string other = replaced(component, {{"import torch\n", "\"\"\"A header.\"\"\"\n\nimport torch\n"},
                                                 {"[8]", "[16]"},
                                                 {"return F.relu", "return F.gelu"}});
  const auto facts = python_facts({component, other});
  const auto differences = explain_difference(facts[0], facts[1]);
  REQUIRE(differences.size() == 2);
  CHECK(differences[0].part == "class Inner");
  CHECK(differences[0].a.line == 19);
  CHECK(differences[0].a.column == 16);
  CHECK(differences[0].b.line == 21);
  CHECK(differences[0].text_a == "`torch.nn.functional.relu`");
  CHECK(differences[0].text_b == "`torch.nn.functional.gelu`");
  CHECK(differences[1].part == "get_init_inputs()");
  CHECK(differences[1].a.line == 36);
  CHECK(differences[1].b.line == 38);
  CHECK(differences[1].text_a == "`8`");
  CHECK(differences[1].text_b == "`16`");
}

TEST_CASE("custody: numbers that are sizes, wherever they stand, and nothing where more than that differs") {
  const auto model = [](const std::string& layers, const std::string& result, const std::string& inputs) {
    return "import torch\nfrom torch import nn\n\nHEADS = 4\n\n\nclass Model(nn.Module):\n    def __init__(self):\n        super().__init__()\n        " + layers +
           "\n\n    def forward(self, x):\n        return " + result + "\n\n\ndef get_inputs():\n    return [" + inputs + "]\n";
  };
  const std::string source = model("self.up = nn.Linear(512, 1376)", "self.up(x) * 2", "torch.randn(4, 512)");
  const auto facts = python_facts({source, model("self.up = nn.Linear(64, 172)", "self.up(x) * 2", "torch.randn(4, 64)"),
                                   model("self.up = nn.Linear(512, 1376)", "self.up(x) * 3", "torch.randn(4, 512)"),
                                   model("self.up = nn.Linear(64, 172)", "self.up(x) * 3", "torch.randn(4, 64)"),
                                   model("self.up = nn.Linear(64, 172)", "self.down(x) * 2", "torch.randn(4, 64)"),
                                   model("self.up = nn.ModuleList([nn.Linear(in_features=64, out_features=1376)])", "self.up(x) * 2", "torch.randn(4, 512)")});
  std::vector<CodeForm> forms;
  for (const Facts& f : facts) forms.push_back(code_form(f));
  const auto changes = changed_sizes(forms[1], forms[0]);
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].part == "class Model");
  CHECK(changes[0].a.line == 10);
  CHECK(changes[0].text_a == "`64`");
  CHECK(changes[0].text_b == "`512`");
  CHECK(changes[1].text_b == "`1376`");
  CHECK(changes[2].part == "get_inputs()");
  CHECK(changed_sizes(forms[0], forms[0]).empty());
  for (std::size_t other : {2, 3, 4, 5}) CHECK(changed_sizes(forms[other], forms[0]).empty());  // a factor, another name, another form
}

TEST_CASE("custody: what only one file has is named") {
  const auto facts = python_facts({component, replaced(component, {{"return scale(self.inner(x))", "return self.inner(x)"}})});
  const auto differences = explain_difference(facts[0], facts[1]);
  REQUIRE(differences.size() == 2);
  CHECK(differences[0].part == "scale()");
  CHECK(differences[0].a.line == 9);
  CHECK(differences[0].b.line == 0);
  CHECK(differences[0].text_b == "nothing");
  CHECK(differences[1].part == "class Model");
  CHECK(differences[1].text_a == "`scale`");
}

TEST_CASE("custody: a file without a tree equals nothing, itself included") {
  const auto facts = python_facts({"def f(:\n", "def f(:\n"});
  CHECK(code_identity(facts[0]).empty());
  CHECK_FALSE(explain_difference(facts[0], facts[1]).empty());
}

TEST_CASE("custody: the nearest of many is the one that shares most") {
  const auto facts = python_facts({component, replaced(component, {{"[8]", "[16]"}}), "class Model:\n    pass\n"});
  const CodeForm a = code_form(facts[0]), near = code_form(facts[1]), far = code_form(facts[2]);
  CHECK(code_similarity(a, a) == 1);
  CHECK(code_similarity(a, near) > 0.9);
  CHECK(code_similarity(a, far) < 0.3);
  CHECK(code_similarity(a, far) == code_similarity(far, a));
}
