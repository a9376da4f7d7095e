// Conservation on tapes written by hand: what must be found, and the near miss that must not.

#include "tape_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

const Op linear = {"linear", {"x", "w"}, {"h"}};
const Op relu = {"relu", {"h"}, {"y"}};

Op layer_norm(const std::string& eps) {
  return {"layer_norm", {"x"}, {"y"}, {"normalized_shape=[4]", "eps=" + eps, "cudnn_enable=True"}};
}

bool mentions(const ConservationResult& result, const std::string& text) {
  for (const Finding& f : result.findings)
    if (f.message.find(text) != std::string::npos) return true;
  for (const Finding& f : result.findings) UNSCOPED_INFO(f.message);
  return false;
}

}  // namespace

TEST_CASE("the same operations on the same values are conserved") {
  auto result = conserve({linear, relu}, {linear, relu});
  CHECK(rules_of(result) == Names{});
  CHECK(result.equivalences.empty());
}

TEST_CASE("order does not matter, number does") {
  Op a = {"sigmoid", {"x"}, {"a"}}, b = {"tanh", {"x"}, {"b"}}, sum = {"add", {"a", "b"}, {"y"}};
  CHECK(rules_of(conserve({a, b, sum}, {b, a, sum})) == Names{});
  CHECK(rules_of(conserve({a, a, b, sum}, {a, b, sum})) == Names{"conservation-missing"});
  CHECK(rules_of(conserve({a, b, sum}, {a, b, sum, a}, 1, "y")) == Names{"conservation-extra"});
}

TEST_CASE("a model without any operation conserves nothing and misses nothing") {
  CHECK(rules_of(check_conservation(Pen().input("x").returns({"x"}), Pen().input("x").returns({"x"}), plain_model,
                                    two_children)) == Names{});
}

TEST_CASE("an operation that is not made is missing, also where arithmetic makes its value") {
  auto result = conserve({linear, relu}, {linear, {"gt", {"h"}, {"mask"}}, {"mul", {"h", "mask"}, {"y"}}});
  CHECK(rules_of(result) == Names{"conservation-missing"});
  CHECK(mentions(result, "the original's relu -> float32 [4] (in the model itself) is not made by any child"));
}

TEST_CASE("an operation that the original does not make is extra") {
  auto result = conserve({linear}, {linear, {"sigmoid", {"h"}, {"s"}}});
  CHECK(rules_of(result) == Names{"conservation-extra"});
  CHECK(mentions(result, "runs sigmoid -> float32 [4] in `first` (first_file.py), which the original does not"));
}

TEST_CASE("another scalar argument is another operation, although tolerance hides it") {
  auto result = conserve({layer_norm("1e-05")}, {layer_norm("1e-06")});
  CHECK(rules_of(result) == Names{"conservation-argument"});
  CHECK(mentions(result, "eps=1e-05"));
  CHECK(mentions(result, "eps=1e-06"));
  CHECK(rules_of(conserve({layer_norm("1e-05")}, {layer_norm("1e-05")})) == Names{});
}

TEST_CASE("arguments that change no result in evaluation are not compared") {
  Op a = {"batch_norm", {"x"}, {"y"}, {"training=False", "momentum=0.1", "eps=1e-05", "cudnn_enabled=True"}};
  Op b = {"batch_norm", {"x"}, {"y"}, {"training=False", "momentum=0.9", "eps=1e-05", "cudnn_enabled=False"}};
  CHECK(rules_of(conserve({a}, {b})) == Names{});
  b.args[2] = "eps=0.001";
  CHECK(rules_of(conserve({a}, {b})) == Names{"conservation-argument"});
}

TEST_CASE("the order of a norm is compared, its name p notwithstanding") {
  Op a = {"norm", {"x"}, {"y"}, {"p=2", "dim=[1]"}}, b = a;
  b.args[0] = "p=1";
  CHECK(rules_of(conserve({a}, {b})) == Names{"conservation-argument"});
  Op mean = {"var", {"x"}, {"y"}, {"dim=[1]", "unbiased=True"}}, biased = mean;
  biased.args[1] = "unbiased=False";
  CHECK(rules_of(conserve({mean}, {biased})) == Names{"conservation-argument"});
}

TEST_CASE("a dimension is counted from either end") {
  auto softmax = [](const std::string& dim, const Shape& in) {
    Pen pen;
    pen.input("x", in).in(1).op({"softmax", {"x"}, {"y"}, {"dim=" + dim}, in});
    return pen.returns({"y"});
  };
  auto judged = [&](const Tape& a, const Tape& b) {
    return rules_of(check_conservation(a, b, plain_model, two_children));
  };
  CHECK(judged(softmax("-1", {2, 3, 4}), softmax("2", {2, 3, 4})) == Names{});
  CHECK(judged(softmax("-1", {2, 3, 4}), softmax("1", {6, 4})) == Names{});  // leading dimensions merged
  CHECK(judged(softmax("-1", {2, 3, 4}), softmax("1", {2, 3, 4})) == Names{"conservation-argument"});
}

TEST_CASE("leading dimensions may be merged") {
  Op three = linear, two = linear;
  three.shape = {2, 3, 4};
  two.shape = {6, 4};
  CHECK(rules_of(conserve({three}, {two})) == Names{});
  two.shape = {6, 5};
  CHECK(rules_of(conserve({three}, {two})) == Names{"conservation-missing", "conservation-extra"});
}

TEST_CASE("another value is no conservation: an operation on zeros, or on another input") {
  // The kernel runs relu on zeros and passes its input on.
  Op ghost = {"relu", {"zeros"}, {"0"}};
  auto result = conserve({linear, relu}, {linear, ghost, {"add", {"h", "0"}, {"y"}}});
  CHECK(rules_of(result) == Names{"conservation-value"});
  CHECK(mentions(result, "computes another value than the original's"));
  CHECK(rules_of(conserve({linear, relu}, {linear, {"relu", {"h"}, {"other"}}})) == Names{"conservation-value"});
}

TEST_CASE("rounding that spreads is no other value, within what the dtype rounds to") {
  auto judged = [](const std::string& dtype, double error) {
    Op op = {"linear", {"x"}, {"y"}, {}, {4}, dtype};
    Tape b = Pen().input("x").in(1).off_by(error).op(op).returns({"y"});
    return rules_of(check_conservation(run_of({op}, 0), b, plain_model, two_children));
  };
  CHECK(judged("float32", 5e-5) == Names{});
  CHECK(judged("float32", 5e-4) == Names{"conservation-value"});
  CHECK(judged("bfloat16", 5e-3) == Names{});
  CHECK(judged("bfloat16", 1e-1) == Names{"conservation-value"});
  CHECK(judged("float64", 1e-8) == Names{});
  CHECK(judged("float64", 5e-5) == Names{"conservation-value"});
}

TEST_CASE("another dtype is another operation") {
  Op half = linear;
  half.dtype = "float16";
  CHECK(rules_of(conserve({linear}, {half})) == Names{"conservation-value"});
}

TEST_CASE("a result that the original uses and the refactored model throws away") {
  Op a = {"sigmoid", {"x"}, {"a"}};
  auto result = conserve({a, {"mul", {"x", "a"}, {"y"}}}, {a, {"mul", {"x", "constants"}, {"y"}}});
  CHECK(rules_of(result) == Names{"conservation-unused"});
  CHECK(mentions(result, "the result of sigmoid in `first` (first_file.py) reaches no output"));
  // The near miss: the original throws it away too.
  CHECK(rules_of(conserve({a, relu}, {a, relu})) == Names{});
}

TEST_CASE("a result that only meets zeros is thrown away") {
  Op gelu = {"gelu", {"x"}, {"g"}, {"approximate='none'"}};
  std::vector<Op> original = {gelu, {"add", {"x", "g"}, {"y"}}};
  std::vector<Op> ghost = {gelu, {"mul", {"g", "nought"}, {"0"}}, {"add", {"stored", "0"}, {"y"}}};
  CHECK(rules_of(conserve(original, ghost)) == Names{"conservation-unused"});
  ghost[1].out = {"g.scaled"};
  ghost[2].in = {"x", "g.scaled"};
  CHECK(rules_of(conserve(original, ghost)) == Names{});
}

TEST_CASE("compute belongs into children, arithmetic and plumbing may stand between them") {
  Pen pen;
  pen.input("x")
      .in(1)
      .op(linear)
      .in(0)
      .op({"add", {"h", "x"}, {"s"}})
      .op(view_of("transpose", "s", "s.T"))
      .op({"relu", {"s.T"}, {"y"}});
  Tape original =
      run_of({linear, {"add", {"h", "x"}, {"s"}}, view_of("transpose", "s", "s.T"), {"relu", {"s.T"}, {"y"}}}, 0);
  auto result = check_conservation(original, pen.returns({"y"}), plain_model, two_children);
  CHECK(rules_of(result) == Names{"tape-compute-outside-child"});
  CHECK(mentions(result, "runs relu in the model itself, outside every child"));
}

TEST_CASE("an operation outside of every module, or in a module that decomp does not know, is outside") {
  for (int instance : {-1, 7}) {
    Tape b = Pen().input("x").in(instance).op(linear).returns({"h"});
    CHECK(rules_of(check_conservation(run_of({linear}, 0), b, plain_model, two_children)) ==
          Names{"tape-compute-outside-child"});
  }
}

TEST_CASE("a tape that does not balance, or saw other threads, proves nothing") {
  for (bool threads : {false, true})
    for (bool on_original : {false, true}) {
      Tape a = run_of({linear}, 0), b = run_of({linear}, 1);
      Tape& broken = on_original ? a : b;
      if (threads)
        broken.threads = 3;
      else
        broken.balanced = false;
      auto result = check_conservation(a, b, plain_model, two_children);
      CHECK(rules_of(result) == Names{"tape-unbalanced"});
      CHECK(mentions(result, on_original ? "the original" : "the refactored model"));
    }
}

TEST_CASE("operators that torch does not own are refused in the refactored model") {
  Op own = {"mylib::fused", {"x"}, {"y"}};
  CHECK(rules_of(conserve({own}, {own})) == Names{"tape-foreign-operator"});
  Op vision = {"torchvision::nms", {"x"}, {"y"}};
  CHECK(rules_of(conserve({vision}, {vision})) == Names{});
}

TEST_CASE("arithmetic that stands for operations is conserved: fractional and tensor exponents, remainders of floats") {
  auto missing = [](const Op& op) {
    return rules_of(conserve({op, linear}, {{"mul", {"x", "x"}, {op.out[0]}}, linear}, 1));
  };
  CHECK(missing({"pow", {"x"}, {"p"}, {"exponent=0.5"}}) == Names{"conservation-missing"});
  CHECK(missing({"pow", {"x", "e"}, {"p"}}) == Names{"conservation-missing"});
  CHECK(missing({"__rpow__", {"x"}, {"p"}, {"other=2"}}) == Names{"conservation-missing"});
  CHECK(missing({"remainder", {"x"}, {"p"}, {"other=3"}}) == Names{"conservation-missing"});
  CHECK(missing({"pow", {"x"}, {"p"}, {"exponent=2"}}) == Names{});
  Tape integers = Pen()
                      .input("x")
                      .op({"arange", {}, {"i"}, {}, {4}, "int64"})
                      .op({"remainder", {"i"}, {"r"}, {"other=3"}, {4}, "int64"})
                      .returns({"r"});
  CHECK(rules_of(check_conservation(integers, Pen().input("x").returns({"x"}), plain_model, two_children)) == Names{});
}

TEST_CASE("a flood of findings is cut, and counted") {
  std::vector<Op> many;
  for (int i = 0; i < 9; ++i) many.push_back({"sigmoid", {"x"}, {"s" + std::to_string(i)}});
  auto result = conserve({linear}, [&] {
    auto ops = many;
    ops.push_back(linear);
    return ops;
  }());
  Names expected(6, "conservation-extra");
  expected.push_back("conservation-extra");
  CHECK(rules_of(result) == expected);
  CHECK(result.findings.back().severity == Severity::note);
  CHECK(result.findings.back().message == "3 more findings of this rule");
}

TEST_CASE("every finding says what to do") {
  for (const auto& result : {conserve({linear, relu}, {linear}), conserve({linear}, {linear, relu}),
                             conserve({layer_norm("1")}, {layer_norm("2")})})
    for (const Finding& f : result.findings) {
      CHECK(f.severity == Severity::error);
      CHECK(f.help.size() > 10);
    }
}
