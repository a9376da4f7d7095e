// Declared equivalences (rules/equivalences.json): other ways of writing an operation that conserve it, and those that
// do not.

#include "tape_support.h"

#include <set>

#include "core/rules.h"

using namespace decomp;
using namespace decomp::test;

namespace {

using Ops = std::vector<Op>;

struct Form {
  const char* name;  // of the composite; nullptr: no composite may be used
  Ops whole, written;
};

void both_ways(const std::vector<Form>& forms) {
  for (const Form& form : forms) {
    DYNAMIC_SECTION(form.name << ": " << form.whole.front().name) {
      for (bool swapped : {false, true}) {
        auto result = swapped ? conserve(form.written, form.whole) : conserve(form.whole, form.written);
        INFO((swapped ? "written out in the original" : "written out in the child"));
        CHECK(rules_of(result) == Names{});
        CHECK(result.equivalences == Names{form.name});
      }
    }
  }
}

const Op softmax = {"softmax", {"x"}, {"y"}, {"dim=-1"}};
const Ops shifted_softmax = {{"amax", {"x"}, {"m"}, {"dim=[-1]"}},
                             {"sub", {"x", "m"}, {"d"}},
                             {"exp", {"d"}, {"e"}},
                             {"sum", {"e"}, {"s"}, {"dim=[-1]"}},
                             {"div", {"e", "s"}, {"y"}}};
const Ops naive_softmax = {{"exp", {"x"}, {"e"}}, {"sum", {"e"}, {"s"}, {"dim=[-1]"}}, {"div", {"e", "s"}, {"y"}}};

Op with(Op op, const std::string& name, const Names& args) {
  op.name = name;
  op.args = args;
  return op;
}

}  // namespace

TEST_CASE("an operation may be written out in a child, or be whole there and written out in the original") {
  both_ways({
      {"softmax written out", {softmax}, shifted_softmax},
      {"softmax written out", {softmax}, {{"log_softmax", {"x"}, {"l"}, {"dim=-1"}}, {"exp", {"l"}, {"y"}}}},
      {"linear as matrix product and addition",
       {{"linear", {"x", "w", "b"}, {"y"}}},
       {view_of("t", "w", "w.T"), {"mm", {"x", "w.T"}, {"p"}}, {"add", {"p", "b"}, {"y"}}}},
      {"attention written out",
       {{"scaled_dot_product_attention", {"q", "k", "v"}, {"y"}, {"is_causal=False"}}},
       {view_of("transpose", "k", "k.T"),
        {"matmul", {"q", "k.T"}, {"s"}},
        {"div", {"s"}, {"t"}},
        {"softmax", {"t"}, {"p"}, {"dim=-1"}},
        {"matmul", {"p", "v"}, {"y"}}}},
      {"layer norm written out",
       {{"layer_norm", {"x"}, {"y"}, {"eps=1e-05"}}},
       {{"mean", {"x"}, {"m"}},
        {"sub", {"x", "m"}, {"d"}},
        {"pow", {"d"}, {"q"}, {"exponent=2"}},
        {"mean", {"q"}, {"v"}},
        {"add", {"v"}, {"a"}},
        {"rsqrt", {"a"}, {"r"}},
        {"mul", {"d", "r"}, {"y"}}}},
      {"RMS norm written out",
       {{"rms_norm", {"x"}, {"y"}, {"eps=1e-06"}}},
       {{"pow", {"x"}, {"q"}, {"exponent=2"}},
        {"mean", {"q"}, {"v"}},
        {"add", {"v"}, {"a"}},
        {"rsqrt", {"a"}, {"r"}},
        {"mul", {"x", "r"}, {"y"}}}},
      {"SiLU as x * sigmoid(x)", {{"silu", {"x"}, {"y"}}}, {{"sigmoid", {"x"}, {"s"}}, {"mul", {"x", "s"}, {"y"}}}},
      {"GELU by its error function",
       {{"gelu", {"x"}, {"y"}, {"approximate='none'"}}},
       {{"mul", {"x"}, {"a"}}, {"erf", {"a"}, {"e"}}, {"add", {"e"}, {"o"}}, {"mul", {"x", "o"}, {"y"}}}},
      {"GELU by tanh",
       {{"gelu", {"x"}, {"y"}, {"approximate='tanh'"}}},
       {{"pow", {"x"}, {"c"}, {"exponent=3"}},
        {"add", {"x", "c"}, {"a"}},
        {"tanh", {"a"}, {"t"}},
        {"mul", {"x", "t"}, {"y"}}}},
      {"GLU by sigmoid",
       {{"glu", {"x"}, {"y"}, {"dim=-1"}}},
       {view_of("slice", "x", "x.a"),
        view_of("slice", "x", "x.b"),
        {"sigmoid", {"x.b"}, {"s"}},
        {"mul", {"x.a", "s"}, {"y"}}}},
      {"Mish by softplus and tanh",
       {{"mish", {"x"}, {"y"}}},
       {{"softplus", {"x"}, {"p"}}, {"tanh", {"p"}, {"t"}}, {"mul", {"x", "t"}, {"y"}}}},
      {"leaky ReLU, PReLU, ELU by where",
       {{"leaky_relu", {"x"}, {"y"}, {"negative_slope=0.2"}}},
       {{"gt", {"x"}, {"g"}}, {"mul", {"x"}, {"n"}}, {"where", {"g", "x", "n"}, {"y"}}}},
      {"mean as sum over count",
       {{"mean", {"x"}, {"y"}, {"dim=[1]"}}},
       {{"sum", {"x"}, {"s"}, {"dim=[1]"}}, {"div", {"s"}, {"y"}}}},
      {"maximum over a dimension",
       {{"amax", {"x"}, {"y"}, {"dim=[1]"}}},
       {{"max", {"x"}, {"y", "indices"}, {"dim=1"}}}},
      {"cross entropy written out",
       {{"cross_entropy_loss", {"x", "t"}, {"y"}, {"reduction=1"}}},
       {{"log_softmax", {"x"}, {"l"}, {"dim=1"}}, {"nll_loss_nd", {"l", "t"}, {"y"}, {"reduction=1"}}}},
      {"recurrent layer opened",
       {{"lstm_cell", {"x", "h", "c"}, {"y", "c1"}}},
       {{"linear", {"x", "w"}, {"g1"}},
        {"linear", {"h", "u"}, {"g2"}},
        {"add", {"g1", "g2"}, {"g"}},
        {"sigmoid", {"g"}, {"i"}},
        {"tanh", {"g"}, {"n"}},
        {"mul", {"i", "n"}, {"c1"}},
        {"tanh", {"c1"}, {"tc"}},
        {"mul", {"i", "tc"}, {"y"}}}},
      {"variance written out",
       {{"var", {"x"}, {"y"}, {"correction=0"}}},
       {{"mean", {"x"}, {"m"}}, {"sub", {"x", "m"}, {"d"}}, {"square", {"d"}, {"q"}}, {"mean", {"q"}, {"y"}}}},
      {"cumulative sum as product with a triangle",
       {{"cumsum", {"x"}, {"y"}, {"dim=1"}}},
       {{"matmul", {"x", "triangle"}, {"y"}}}},
      {"top values by sorting",
       {{"topk", {"x"}, {"y", "i"}, {"k=2"}}},
       {{"sort", {"x"}, {"all", "order"}, {"descending=True"}},
        {"slice", {"all"}, {"y"}, {}, {4}, "float32", true},
        {"slice", {"order"}, {"i"}, {}, {4}, "float32", true}}},
      {"square and reciprocal root", {{"rsqrt", {"x"}, {"y"}}}, {{"sqrt", {"x"}, {"r"}}, {"reciprocal", {"r"}, {"y"}}}},
      {"square and reciprocal root", {{"sqrt", {"x"}, {"y"}}}, {{"pow", {"x"}, {"y"}, {"exponent=0.5"}}}},
      {"multiplication and addition fused",
       {{"addcmul", {"x", "a", "b"}, {"y"}, {"value=1"}}},
       {{"mul", {"a", "b"}, {"p"}}, {"add", {"x", "p"}, {"y"}}}},
      {"embedding as indexing", {{"embedding", {"w", "x"}, {"y"}}}, {{"index", {"w", "x"}, {"y"}}}},
      {"negative log likelihood by gathering",
       {{"nll_loss_nd", {"l", "t"}, {"y"}, {"reduction=0"}}},
       {{"gather", {"l", "t"}, {"g"}}, {"neg", {"g"}, {"y"}}}},
      {"mean squared error by arithmetic",
       {{"mse_loss", {"x", "t"}, {"y"}, {"reduction=1"}}},
       {{"sub", {"x", "t"}, {"d"}}, {"pow", {"d"}, {"q"}, {"exponent=2"}}, {"mean", {"q"}, {"y"}}}},
  });
}

TEST_CASE("a form that fails over the dtype's range is none") {
  SECTION("softmax without the maximum overflows") {
    for (bool swapped : {false, true}) {
      auto result = swapped ? conserve(naive_softmax, {softmax}) : conserve({softmax}, naive_softmax);
      INFO((swapped ? "naive in the original" : "naive in the child"));
      CHECK_FALSE(rules_of(result).empty());
    }
  }
  SECTION("log of softmax underflows") {
    Op whole = with(softmax, "log_softmax", {"dim=-1"});
    CHECK_FALSE(rules_of(conserve({whole}, {{"softmax", {"x"}, {"p"}, {"dim=-1"}}, {"log", {"p"}, {"y"}}})).empty());
  }
  SECTION("logarithm of a sum of exponentials overflows") {
    Op whole = {"logsumexp", {"x"}, {"y"}, {"dim=[-1]"}};
    CHECK_FALSE(
        rules_of(conserve({whole}, {{"exp", {"x"}, {"e"}}, {"sum", {"e"}, {"s"}}, {"log", {"s"}, {"y"}}})).empty());
    CHECK(rules_of(conserve({whole}, {{"amax", {"x"}, {"m"}},
                                      {"sub", {"x", "m"}, {"d"}},
                                      {"exp", {"d"}, {"e"}},
                                      {"sum", {"e"}, {"s"}},
                                      {"log", {"s"}, {"l"}},
                                      {"add", {"l", "m"}, {"y"}}})) == Names{});
  }
}

TEST_CASE("a relative is another operation") {
  CHECK_FALSE(rules_of(conserve({softmax}, {{"log_softmax", {"x"}, {"other"}, {"dim=-1"}}})).empty());
  CHECK_FALSE(rules_of(conserve({{"gelu", {"x"}, {"y"}, {"approximate='none'"}}},
                                {{"gelu", {"x"}, {"y"}, {"approximate='tanh'"}}}))
                  .empty());
  CHECK_FALSE(rules_of(conserve({{"sigmoid", {"x"}, {"y"}}}, {{"hardsigmoid", {"x"}, {"y"}}})).empty());
  CHECK_FALSE(
      rules_of(conserve({{"silu", {"x"}, {"y"}}}, {{"tanh", {"x"}, {"t"}}, {"mul", {"x", "t"}, {"y"}}})).empty());
  CHECK_FALSE(rules_of(conserve({{"max_pool2d", {"x"}, {"y"}}}, {{"avg_pool2d", {"x"}, {"y"}}})).empty());
  CHECK_FALSE(rules_of(conserve({{"layer_norm", {"x"}, {"y"}}}, {{"rms_norm", {"x"}, {"y"}}})).empty());
}

TEST_CASE("a form whose value is another one is none") {
  Ops written = shifted_softmax;
  written.back().out = {"other"};
  CHECK_FALSE(rules_of(conserve({softmax}, written)).empty());
  CHECK_FALSE(
      rules_of(conserve({{"silu", {"x"}, {"y"}}}, {{"sigmoid", {"x"}, {"s"}}, {"mul", {"h", "s"}, {"z"}}})).empty());
}

TEST_CASE("arithmetic alone stands for no operation") {
  for (const char* op : {"relu", "tanh", "sigmoid", "softmax", "matmul", "linear", "layer_norm", "gelu", "mean", "sum",
                         "exp", "abs", "max_pool2d"}) {
    INFO(op);
    CHECK_FALSE(
        rules_of(conserve({{op, {"x"}, {"y"}}}, {{"mul", {"x", "x"}, {"p"}}, {"add", {"p", "x"}, {"y"}}})).empty());
    CHECK_FALSE(rules_of(conserve({{op, {"x"}, {"y"}}}, {{"index_select", {"table", "x"}, {"y"}}})).empty());
  }
}

TEST_CASE("a root by arithmetic is an approximation") {
  for (const char* op : {"sqrt", "rsqrt"}) {
    INFO(op);
    CHECK_FALSE(
        rules_of(conserve({{op, {"x"}, {"y"}}},
                          {{"div", {"x", "guess"}, {"q"}}, {"add", {"q", "guess"}, {"s"}}, {"mul", {"s"}, {"y"}}}))
            .empty());
  }
  CHECK(rules_of(conserve({{"square", {"x"}, {"y"}}}, {{"mul", {"x", "x"}, {"y"}}})) == Names{});
  CHECK(rules_of(conserve({{"reciprocal", {"x"}, {"y"}}}, {{"div", {"one", "x"}, {"y"}}})) == Names{});
}

TEST_CASE("a form without compute stands inside a child; only declared ones may stand in the parent") {
  Ops lookup = {{"index", {"w", "x"}, {"y"}}};
  Op embedding = {"embedding", {"w", "x"}, {"y"}};
  CHECK(rules_of(conserve({embedding}, lookup, 1)) == Names{});
  CHECK(rules_of(conserve({embedding}, lookup, 0)) == Names{"conservation-missing"});
  Ops fused = {{"mul", {"a", "b"}, {"p"}}, {"add", {"x", "p"}, {"y"}}};
  CHECK(rules_of(conserve({{"addcmul", {"x", "a", "b"}, {"y"}}}, fused, 0)) == Names{"conservation-missing"});
}

TEST_CASE("the bounds of a clamp are compared, not its name") {
  Op relu = {"relu", {"x"}, {"y"}};
  Op relu6 = {"relu6", {"x"}, {"y"}};
  Op hard = {"hardtanh", {"x"}, {"y"}, {"min_val=0", "max_val=6"}};
  auto same = [](const Op& a, const Op& b) { return rules_of(conserve({a}, {b})) == Names{}; };
  CHECK(same(relu, {"clamp_min", {"x"}, {"y"}, {"min=0"}}));
  CHECK(same(relu, {"clamp", {"x"}, {"y"}, {"min=0.0"}}));
  CHECK(same(relu, {"relu_", {"x"}, {"y"}}));
  CHECK(same(relu, {"threshold", {"x"}, {"y"}, {"threshold=0", "value=0"}}));
  CHECK(same(relu6, hard));
  CHECK(same(hard, {"clip", {"x"}, {"y"}, {"min=0", "max=6"}}));
  CHECK(same({"clamp", {"x"}, {"y"}, {"max=2.5"}}, {"clamp_max", {"x"}, {"y"}, {"max=2.5"}}));
  CHECK_FALSE(same(relu, relu6));
  CHECK_FALSE(same(relu6, {"hardtanh", {"x"}, {"y"}, {"min_val=-1", "max_val=6"}}));
  CHECK_FALSE(same(relu, {"clamp_min", {"x"}, {"y"}, {"min=1e-6"}}));
  CHECK_FALSE(same(relu, {"clamp", {"x"}, {"y"}, {"min=0", "max=10000"}}));
  CHECK_FALSE(same(relu, {"threshold", {"x"}, {"y"}, {"threshold=0", "value=-1"}}));
  CHECK_FALSE(same(relu, {"clamp_max", {"x"}, {"y"}, {"max=0"}}));
}

TEST_CASE("the slope of a leaky ReLU is compared") {
  Op a = {"leaky_relu", {"x"}, {"y"}, {"negative_slope=0.01"}},
     b = {"leaky_relu", {"x"}, {"y"}, {"negative_slope=0.02"}};
  CHECK(rules_of(conserve({a}, {b})) == Names{"conservation-argument"});
  CHECK(rules_of(conserve({a}, {with(a, "leaky_relu_", a.args)})) == Names{});
}

TEST_CASE("matrix products are one operation by any name") {
  for (const char* name : {"mm", "bmm", "matmul", "mv", "dot", "linalg_matmul"}) {
    INFO(name);
    auto result = conserve({{"matmul", {"x", "w"}, {"y"}}}, {{name, {"x", "w"}, {"y"}}});
    CHECK(rules_of(result) == Names{});
    CHECK(result.equivalences.empty());
  }
  CHECK_FALSE(rules_of(conserve({{"matmul", {"x", "w"}, {"y"}}}, {{"mm", {"x", "w"}, {"other"}}})).empty());
}

TEST_CASE("an operation and its in-place form are one") {
  for (const char* name : {"sigmoid", "tanh", "clamp", "silu", "exp"}) {
    INFO(name);
    CHECK(rules_of(conserve({{name, {"x"}, {"y"}}}, {{std::string(name) + "_", {"x"}, {"y"}}})) == Names{});
  }
}

TEST_CASE("one packed projection may be three, and three may be one") {
  Ops packed = {{"linear", {"x", "w"}, {"qkv"}, {}, {2, 12}},
                view_of("slice", "qkv", "q", {2, 4}),
                view_of("slice", "qkv", "k", {2, 4}),
                view_of("slice", "qkv", "v", {2, 4})};
  Ops split = {{"linear", {"x", "wq"}, {"q"}, {}, {2, 4}},
               {"linear", {"x", "wk"}, {"k"}, {}, {2, 4}},
               {"linear", {"x", "wv"}, {"v"}, {}, {2, 4}}};
  Op attention = {"scaled_dot_product_attention", {"q", "k", "v"}, {"y"}, {}, {2, 4}};
  auto judged = [&](Ops a, Ops b) {
    a.push_back(attention);
    b.push_back(attention);
    return conserve(a, b);
  };
  const Names used = {"one packed operation as several, or another layout of its result"};
  auto result = judged(packed, split);
  CHECK(rules_of(result) == Names{});
  CHECK(result.equivalences == used);
  result = judged(split, packed);
  CHECK(rules_of(result) == Names{});
  CHECK(result.equivalences == used);
  SECTION("of which one is another projection") {
    split[1].out = {"not k"};
    CHECK_FALSE(rules_of(judged(packed, split)).empty());
    CHECK_FALSE(rules_of(judged(split, packed)).empty());
  }
  SECTION("of which one is another operation") {
    split[1].name = "layer_norm";
    CHECK_FALSE(rules_of(judged(split, packed)).empty());
  }
  SECTION("of which one is changed by arithmetic on the way") {
    packed[2] = {"mul", {"qkv"}, {"k"}, {}, {2, 4}};
    CHECK_FALSE(rules_of(judged(split, packed)).empty());
  }
}

TEST_CASE("a result in another layout is the same result") {
  Ops a = {{"matmul", {"p", "v"}, {"heads"}}, {"linear", {"heads", "w"}, {"y"}}};
  Ops b = {
      {"matmul", {"p", "v"}, {"heads.T"}}, view_of("transpose", "heads.T", "heads"), {"linear", {"heads", "w"}, {"y"}}};
  CHECK(rules_of(conserve(a, b)) == Names{});
  b[1].out = {"other"};
  CHECK_FALSE(rules_of(conserve(a, b)).empty());
}

TEST_CASE("an operation that is made once is not made twice, whatever views there are of its result") {
  Ops twice = {{"sigmoid", {"x"}, {"a"}}, {"sigmoid", {"x"}, {"a"}}, {"add", {"a", "a"}, {"y"}}};
  Ops once = {{"sigmoid", {"x"}, {"a"}}, view_of("view", "a", "a"), {"add", {"a", "a"}, {"y"}}};
  CHECK_FALSE(rules_of(conserve(twice, once)).empty());
  CHECK_FALSE(rules_of(conserve(once, twice)).empty());
}

TEST_CASE("both sides may be written out, in different ways") {
  Ops two_means = {{"mean", {"x"}, {"m"}},    {"sub", {"x", "m"}, {"d"}}, {"mul", {"d", "d"}, {"q"}},
                   {"mean", {"q"}, {"v"}},    {"add", {"v"}, {"a"}},      {"rsqrt", {"a"}, {"r"}},
                   {"mul", {"d", "r"}, {"y"}}};
  Ops variance = {{"mean", {"x"}, {"m"}}, {"sub", {"x", "m"}, {"d"}}, {"var", {"x"}, {"v"}, {"unbiased=False"}},
                  {"add", {"v"}, {"a"}},  {"sqrt", {"a"}, {"s"}},     {"div", {"d", "s"}, {"y"}}};
  CHECK(rules_of(conserve(two_means, variance)) == Names{});
  CHECK(rules_of(conserve(variance, two_means)) == Names{});
  variance[3].out = {"another epsilon"};
  variance[3].in = variance[4].in = {"another epsilon"};
  variance[4].out = {"s2"};
  variance[5] = {"div", {"d", "s2"}, {"z"}};
  CHECK_FALSE(rules_of(conserve(two_means, variance)).empty());
}

TEST_CASE("zeros match no composite: they do not say how they were made") {
  CHECK_FALSE(
      rules_of(conserve({{"silu", {"x"}, {"0"}}}, {{"sigmoid", {"z"}, {"s"}}, {"mul", {"z", "s"}, {"0"}}})).empty());
}

TEST_CASE("the names in the rule file are those that operations are known by") {
  const Json& file = rule_data("equivalences");
  auto names = file.at("names").get<std::map<std::string, std::string>>();
  for (const auto& [alias, name] : names) {
    INFO(alias << " -> " << name);
    CHECK(names.count(name) == 0);  // no chains
    CHECK(op_base_name(alias) == alias);
  }
  std::set<std::string> titles;
  for (const Json& c : file.at("composites")) {
    INFO(c.at("name"));
    CHECK(titles.insert(c.at("name").get<std::string>()).second);
    for (const char* list : {"whole", "parts", "requires_any"})
      for (const Json& n : c.value(list, Json::array())) {
        auto name = n.get<std::string>();
        INFO(list << ": " << name);
        CHECK(names.count(name) == 0);  // an alias never matches: operations are renamed first
        CHECK(op_base_name(name) == name);
      }
    auto parts = c.at("parts").get<std::set<std::string>>();
    for (const Json& n : c.value("requires_any", Json::array())) CHECK(parts.count(n.get<std::string>()) == 1);
    for (const auto& [key, unused] : c.items())
      CHECK(std::set<std::string>{"name", "whole", "parts", "requires_any", "without_compute", "anywhere", "chain", "range", "unless",
                                  "kernel_needs", "any_result"}
                .count(key) == 1);
  }
}
