// The tape by itself: classes of operators, fingerprints, which operations reach a result.

#include "tape_support.h"

#include <cmath>
#include <limits>

#include "core/rules.h"

using namespace decomp;
using namespace decomp::test;

TEST_CASE("an operator that no list names is compute") {
  for (const char* op :
       {"aten::linear", "aten::relu", "aten::mean", "aten::sum", "aten::where", "aten::cumsum", "aten::abs",
        "aten::maximum", "aten::sort", "aten::scatter_add", "aten::randn", "aten::rand_like", "aten::bernoulli",
        "aten::an_operator_that_comes_next_year", "torchvision::nms", "no_namespace"}) {
    INFO(op);
    CHECK(op_class(op) == OpClass::compute);
  }
}

TEST_CASE("plumbing, arithmetic and identity are lists") {
  for (const char* op : {"aten::view", "aten::cat", "aten::index_select", "aten::to", "aten::masked_fill", "aten::lt",
                         "aten::zeros", "aten::clone", "aten::gather", "aten::triu", "aten::item"})
    CHECK(op_class(op) == OpClass::plumbing);
  for (const char* op :
       {"aten::add", "aten::sub", "aten::rsub", "aten::mul", "aten::div", "aten::neg", "aten::pow", "aten::remainder"})
    CHECK(op_class(op) == OpClass::arithmetic);
  for (const char* op : {"aten::dropout", "aten::feature_dropout", "aten::native_dropout"})
    CHECK(op_class(op) == OpClass::identity);
}

TEST_CASE("no operator is in two classes") {
  std::map<std::string, int> seen;
  for (const char* list : {"plumbing", "arithmetic", "identity"})
    for (const Json& name : rule_data("ops").at(list)) {
      INFO(name);
      CHECK(++seen[name.get<std::string>()] == 1);
    }
}

TEST_CASE("the in-place form of an operator is the operator") {
  CHECK(op_base_name("aten::add_") == "add");
  CHECK(op_base_name("aten::relu_") == "relu");
  CHECK(op_base_name("torchvision::roi_align") == "roi_align");
  CHECK(op_base_name("relu") == "relu");
  CHECK(op_base_name("aten::__ior__") == "__ior__");  // these underscores are the name
  CHECK(op_class("aten::masked_fill_") == OpClass::plumbing);
  CHECK(op_class("aten::mul_") == OpClass::arithmetic);
  CHECK(op_class("aten::sigmoid_") == OpClass::compute);
}

TEST_CASE("fingerprints agree within a part of their own size") {
  TapeRef a = labelled("y", {4});
  CHECK(same_print(a, a, 0));
  CHECK(same_print(a, labelled("y", {4}, "float32", 1e-5), 2e-4));
  CHECK_FALSE(same_print(a, labelled("y", {4}, "float32", 1e-3), 2e-4));
  CHECK_FALSE(same_print(a, labelled("z", {4}), 2e-4));
  CHECK_FALSE(same_print(a, labelled("0", {4}), 2e-4));
}

TEST_CASE("a fingerprint that is missing, NaN or counts other infinities agrees with nothing") {
  TapeRef a = labelled("y", {4});
  TapeRef without = a;
  without.has_print = false;
  CHECK_FALSE(same_print(a, without, 1));
  CHECK_FALSE(same_print(without, without, 1));
  TapeRef infinite = a;
  infinite.nonfinite = 2;
  CHECK_FALSE(same_print(a, infinite, 1));
  CHECK(same_print(infinite, infinite, 0));
  TapeRef nan = a;
  nan.print[0] = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(same_print(nan, nan, 1));
}

TEST_CASE("zeros do not say how they were made") {
  CHECK(informative(labelled("y", {4})));
  CHECK_FALSE(informative(labelled("0", {4})));
  TapeRef infinite = labelled("0", {4});
  infinite.nonfinite = 4;
  CHECK(informative(infinite));
  TapeRef without = labelled("y", {4});
  without.has_print = false;
  CHECK_FALSE(informative(without));
}

TEST_CASE("what reaches no result is not live") {
  Tape tape = run_of({{"linear", {"x"}, {"a"}}, {"sigmoid", {"x"}, {"b"}}, {"relu", {"a"}, {"y"}}}, 0);
  CHECK(live_entries(tape) == std::vector<bool>{true, false, true});
}

TEST_CASE("liveness follows views, which keep their value's number") {
  Tape tape = run_of({{"linear", {"x"}, {"a"}}, view_of("transpose", "a", "a.T")}, 0);
  CHECK(live_entries(tape) == std::vector<bool>{true, true});
}

TEST_CASE("a value that Python takes is live: it may steer everything") {
  Tape tape = run_of({{"sum", {"x"}, {"a"}}, {"is_nonzero", {"a"}, {}}, {"relu", {"x"}, {"y"}}}, 0);
  CHECK(live_entries(tape) == std::vector<bool>{true, true, true});
}

TEST_CASE("a product of zeros carries nothing on") {
  std::vector<Op> ghost = {
      {"gelu", {"x"}, {"a"}}, {"mul", {"a", "nought"}, {"0"}}, {"relu", {"x"}, {"b"}}, {"add", {"b", "0"}, {"y"}}};
  CHECK(live_entries(run_of(ghost, 0)) == std::vector<bool>{false, true, true, true});
  ghost[1].name = "mul_";
  CHECK(live_entries(run_of(ghost, 0))[0] == false);
  ghost[1].out = ghost[3].in = {"c"};  // the near miss: the product is not zero
  CHECK(live_entries(run_of(ghost, 0)) == std::vector<bool>{true, true, false, true});
}

TEST_CASE("zeros of another operation are a result like any other") {
  // relu of negative numbers
  Tape tape = run_of({{"linear", {"x"}, {"a"}}, {"relu", {"a"}, {"0"}}, {"add", {"x", "0"}, {"y"}}}, 0);
  CHECK(live_entries(tape) == std::vector<bool>{true, true, true});
}

TEST_CASE("a tape is read from what the worker sends") {
  Json wire = {{"entries",
                {{{"op", "aten::add"},
                  {"at", 2},
                  {"in", {{{"i", 0}, {"s", {2, 3}}, {"d", "float32"}, {"w", 7}}}},
                  {"args", {"alpha=1"}},
                  {"out", {{{"i", 1}, {"s", {2, 3}}, {"d", "float32"}, {"f", {0.5, 1.5, -0.25, 2.0}}, {"n", 1}}}},
                  {"inner", {"aten::add_"}}}}},
               {"calls", {0, 2}},
               {"inputs", {0}},
               {"outputs", {1, -1}},
               {"balanced", true},
               {"threads", 0}};
  Tape tape = decode_tape(wire);
  REQUIRE(tape.entries.size() == 1);
  const TapeEntry& e = tape.entries[0];
  CHECK(e.op == "aten::add");
  CHECK(e.instance == 2);
  CHECK(e.in[0].weight == 7);
  CHECK(e.in[0].numel() == 6);
  CHECK_FALSE(e.in[0].has_print);
  CHECK(e.out[0].print == std::array<double, 4>{0.5, 1.5, -0.25, 2.0});
  CHECK(e.out[0].nonfinite == 1);
  CHECK(e.args == Names{"alpha=1"});
  CHECK(e.inner == Names{"aten::add_"});
  CHECK(tape.outputs == std::vector<std::int64_t>{1, -1});
  for (const char* field : {"entries", "calls", "inputs", "outputs", "balanced", "threads"}) {
    Json broken = wire;
    broken.erase(field);
    INFO(field);
    CHECK_THROWS_AS(decode_tape(broken), std::invalid_argument);
  }
  wire["entries"][0]["in"][0]["s"] = "2x3";
  CHECK_THROWS_AS(decode_tape(wire), std::invalid_argument);
}

TEST_CASE("a fingerprint that JSON could not carry agrees with nothing") {
  Json wire = {{"entries",
                {{{"op", "aten::exp"},
                  {"at", 0},
                  {"in", Json::array()},
                  {"args", Json::array()},
                  {"out", {{{"i", 1}, {"s", {1}}, {"d", "float32"}, {"f", {nullptr, nullptr, 1.0, 1.0}}}}}}}},
               {"calls", Json::array()},
               {"inputs", Json::array()},
               {"outputs", {1}},
               {"balanced", true},
               {"threads", 0}};
  TapeRef ref = decode_tape(wire).entries[0].out[0];
  CHECK(std::isnan(ref.print[0]));
  CHECK_FALSE(same_print(ref, ref, 1));
}
