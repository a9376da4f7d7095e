// What is mapped without a word, and what is not.

#include "weight_map_support.h"

#include <algorithm>

using namespace decomp;
using namespace decomp::test;

TEST_CASE("equal names of equal shape and dtype are mapped") {
  const Model model =
      Model().parameter("a.weight", {2, 3}).parameter("a.bias", {2}).buffer("mask", {2}, "bool", {1, 0});
  const WeightMap map = map_models(model, model);
  CHECK(lines(map) ==
        Lines{"a.bias<-a.bias (equal name)", "a.weight<-a.weight (equal name)", "mask<-mask (equal name)"});
  CHECK(map.findings.empty());
  CHECK(map.unmapped_original.empty());
  CHECK(map.unmapped_refactored.empty());
  CHECK_FALSE(map.needs_first_use);
}

TEST_CASE("models without weights map to nothing") {
  const WeightMap map = map_models(Model(), Model());
  CHECK(map.by_refactored.empty());
  CHECK(map.findings.empty());
}

TEST_CASE("paths: components added or removed at the end") {
  const Model original = Model()
                             .parameter("q_proj.weight", square)
                             .parameter("k_proj.weight", square)
                             .parameter("out.linear.weight", square);
  const Model refactored = Model()
                               .parameter("k_proj.linear.weight", square)
                               .parameter("q_proj.linear.weight", square)
                               .parameter("out.weight", square);
  const WeightMap map = map_models(original, refactored);
  CHECK(lines(map) == Lines{"k_proj.linear.weight<-k_proj.weight (path)", "out.weight<-out.linear.weight (path)",
                            "q_proj.linear.weight<-q_proj.weight (path)"});
  CHECK(map.findings.empty());
}

TEST_CASE("paths: the nearest enclosing module counts, also the model itself") {
  const Model original = Model().parameter("scale", {4}).parameter("block.scale", {4});
  const Model refactored = Model().parameter("block.norm.scale", {4}).parameter("kernel.scale", {4});
  CHECK(lines(map_models(original, refactored)) ==
        Lines{"block.norm.scale<-block.scale (path)", "kernel.scale<-scale (path)"});
}

TEST_CASE("paths: intermediate names dropped and added, with the layer's index kept") {
  Model original, refactored;
  for (const char* layer : {"0", "1", "2"}) {
    original.parameter(std::string("layers.") + layer + ".mlp.up.weight", {8, 4})
        .parameter(std::string("layers.") + layer + ".mlp.up.bias", {8});
    refactored.parameter(std::string("layers.") + layer + ".up.linear.weight", {8, 4})
        .parameter(std::string("layers.") + layer + ".up.linear.bias", {8});
  }
  const WeightMap map = map_models(original, refactored);
  CHECK(map.findings.empty());
  REQUIRE(map.by_refactored.size() == 6);
  CHECK(map.by_refactored.at("layers.1.up.linear.weight").original == "layers.1.mlp.up.weight");
  CHECK(map.by_refactored.at("layers.2.up.linear.bias").original == "layers.2.mlp.up.bias");
}

TEST_CASE("paths: a path that contains the other in order is enough among several") {
  const Model original = Model().parameter("net.up.weight", square).parameter("net.down.weight", square);
  const Model refactored =
      Model().parameter("net.mlp.down.linear.weight", square).parameter("net.mlp.up.linear.weight", square);
  CHECK(lines(map_models(original, refactored)) ==
        Lines{"net.mlp.down.linear.weight<-net.down.weight (path)", "net.mlp.up.linear.weight<-net.up.weight (path)"});
}

TEST_CASE("paths: the last part, the shape and the dtype must agree") {
  const Model original = Model().parameter("fc.weight", square);
  CHECK(map_models(original, Model().parameter("fc.linear.kernel", square)).by_refactored.empty());
  CHECK(map_models(original, Model().parameter("fc.linear.weight", {4, 5})).by_refactored.empty());
  CHECK(map_models(original, Model().parameter("fc.linear.weight", square, "float64")).by_refactored.empty());
}

TEST_CASE("never shape alone: one tensor left on each side needs more than its shape") {
  const Model original = Model().parameter("alpha.weight", square);
  const Model refactored = Model().parameter("beta.weight", square);
  const WeightMap map = map_models(original, refactored);
  CHECK(map.by_refactored.empty());
  CHECK(map.needs_first_use);
  const Finding finding = only_finding(map);
  CHECK(finding.rule == "weight-ambiguous");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.message ==
        "1 refactored parameter float32 [4, 4], \"beta.weight\", could take the values of \"alpha.weight\" of the "
        "original; their names do "
        "not say which");
  CHECK(finding.help == "write a weight_map.json next to refactored.py: {\"alpha.weight\": \"beta.weight\"}");
}

TEST_CASE("order of first use decides between equal shapes registered in another order") {
  const Model original =
      Model().parameter("wq", square).use(5).parameter("wk", square).use(2).parameter("wv", square).use(9);
  const Model refactored = Model()
                               .parameter("first.weight", square)
                               .use(1)
                               .parameter("third.weight", square)
                               .use(7)
                               .parameter("second.weight", square)
                               .use(3);
  const WeightMap map = map_models(original, refactored);
  CHECK(lines(map) == Lines{"first.weight<-wk (order of first use)", "second.weight<-wq (order of first use)",
                            "third.weight<-wv (order of first use)"});
  CHECK(map.findings.empty());
  CHECK_FALSE(map.needs_first_use);
}

TEST_CASE("order of first use counts within one shape and dtype only") {
  const Model original =
      Model().parameter("a", {2}).use(0).parameter("b", {3}).use(1).parameter("c", {2}, "float64").use(2);
  const Model refactored =
      Model().parameter("z", {2}, "float64").use(0).parameter("y", {3}).use(1).parameter("x", {2}).use(2);
  CHECK(lines(map_models(original, refactored)) ==
        Lines{"x<-a (order of first use)", "y<-b (order of first use)", "z<-c (order of first use)"});
}

TEST_CASE("order of first use: unequal numbers, unused tensors and simultaneous uses are ambiguous") {
  const Model two = Model().parameter("a", square).use(0).parameter("b", square).use(1);
  CHECK(rules(map_models(two, Model().parameter("x", square).use(0))) == Lines{"weight-ambiguous"});
  CHECK(rules(map_models(two, Model().parameter("x", square).use(0).parameter("y", square))) ==
        Lines{"weight-ambiguous"});
  CHECK(rules(map_models(two, Model().parameter("x", square).use(0).parameter("y", square).use(0))).size() == 1);
  const WeightMap probed = map_models(two, Model().parameter("x", square).use(0));
  CHECK_FALSE(probed.needs_first_use);
  CHECK(probed.findings[0].message ==
        "1 refactored parameter float32 [4, 4], \"x\", could take the values of \"a\", \"b\" of the original; their "
        "names do not say which, "
        "nor does the order in which the two models first use them");
}

TEST_CASE("order of first use: an original that nothing reads may be left out") {
  const Model original = Model().parameter("a", square).use(0).parameter("unused", square);
  const WeightMap map = map_models(original, Model().parameter("x", square).use(0));
  CHECK(lines(map) == Lines{"x<-a (order of first use)"});
  CHECK(map.unmapped_original == Lines{"unused"});
  const Finding finding = only_finding(map);
  CHECK(finding.rule == "weight-unmapped");
  CHECK(finding.severity == Severity::note);
  CHECK(finding.message == "the original's parameter \"unused\" float32 [4, 4] has no counterpart in the refactored model: no run reads it");
}

TEST_CASE("order of first use: tensors used by one operation are told apart by their last part") {
  const Model original = Model().parameter("cell.b_hh", {4}).use(3).parameter("cell.b_ih", {4}).use(3);
  const Model refactored = Model().parameter("k.b_ih", {4}).use(1).parameter("k.b_hh", {4}).use(1);
  CHECK(lines(map_models(original, refactored)) ==
        Lines{"k.b_hh<-cell.b_hh (order of first use)", "k.b_ih<-cell.b_ih (order of first use)"});
  const Model renamed = Model().parameter("k.one", {4}).use(1).parameter("k.two", {4}).use(1);
  CHECK(map_models(original, renamed).by_refactored.empty());
}

TEST_CASE("ties of the original feed several refactored tensors") {
  const Model original =
      Model().parameter("embed.weight", {10, 4}).use(0).parameter("head.weight", {10, 4}).tie("embed.weight").use(0);
  SECTION("by name, one key each") {
    const Model refactored = Model().parameter("embed.weight", {10, 4}).parameter("head.linear.weight", {10, 4});
    CHECK(lines(map_models(original, refactored)) ==
          Lines{"embed.weight<-embed.weight (equal name)", "head.linear.weight<-head.weight (path)"});
  }
  SECTION("by order of first use, where all candidates are one tensor") {
    const Model refactored =
        Model().parameter("x.w", {10, 4}).use(0).parameter("y.w", {10, 4}).use(7).parameter("z.w", {10, 4}).use(9);
    const WeightMap map = map_models(original, refactored);
    CHECK(lines(map) == Lines{"x.w<-embed.weight (order of first use)", "y.w<-head.weight (order of first use)",
                              "z.w<-head.weight (order of first use)"});
    CHECK(map.findings.empty());
  }
  SECTION("one refactored tensor for both names leaves none over") {
    const WeightMap map = map_models(original, Model().parameter("embed.weight", {10, 4}));
    CHECK(map.findings.empty());
    CHECK(map.unmapped_original.empty());
  }
}

TEST_CASE("a probe that saw only the first of tied names counts for all of them") {
  const Model original = Model()
                             .parameter("embed.weight", square)
                             .use(0)
                             .parameter("head.weight", square)
                             .tie("embed.weight")
                             .parameter("w", square)
                             .use(1);
  const Model refactored =
      Model().parameter("embed.weight", square).use(0).parameter("x", square).use(1).parameter("y", square).use(2);
  // Left: head.weight (first used at 0, as embed.weight) and w on one side, x and y on the other.
  CHECK(lines(map_models(original, refactored)) == Lines{"embed.weight<-embed.weight (equal name)",
                                                         "x<-head.weight (order of first use)",
                                                         "y<-w (order of first use)"});
}

TEST_CASE("one untied original does not feed two refactored tensors by itself") {
  const Model original = Model().parameter("embed.weight", {10, 4}).use(0);
  const Model refactored = Model().parameter("embed.weight", {10, 4}).use(0).parameter("head.weight", {10, 4}).use(4);
  const WeightMap map = map_models(original, refactored);
  const Finding finding = only_finding(map);
  CHECK(finding.rule == "weight-unmapped");
  CHECK(map.unmapped_refactored == Lines{"head.weight"});
  const WeightMap told = map_models(original, refactored, R"({"embed.weight": ["embed.weight", "head.weight"]})");
  CHECK(told.findings.empty());
  CHECK(lines(told) == Lines{"embed.weight<-embed.weight (explicit)", "head.weight<-embed.weight (explicit)"});
}

TEST_CASE("ties of the refactored model") {
  SECTION("one memory under two names takes one source") {
    const Model original = Model().parameter("norm.weight", {4});
    const Model refactored = Model().parameter("norm.weight", {4}).parameter("again.weight", {4}).tie("norm.weight");
    const WeightMap map = map_models(original, refactored);
    CHECK(lines(map) == Lines{"again.weight<-norm.weight (tied)", "norm.weight<-norm.weight (equal name)"});
    CHECK(map.findings.empty());
  }
  SECTION("two tensors of the original do not fit into one memory") {
    const Model original = Model().parameter("a", {4}).parameter("b", {4});
    const Model refactored = Model().parameter("a", {4}).parameter("b", {4}).tie("a");
    const Finding finding = only_finding(map_models(original, refactored));
    CHECK(finding.rule == "weight-not-one-to-one");
    CHECK(finding.message ==
          "the refactored model ties \"a\" and \"b\" to one tensor, but they take the values of two: \"a\" and \"b\"");
  }
  SECTION("tied on both sides") {
    const Model model = Model().parameter("a", {4}).parameter("b", {4}).tie("a");
    CHECK(map_models(model, model).findings.empty());
  }
}

TEST_CASE("a parameter and a buffer are not taken for one another without a word") {
  const Model original = Model().parameter("fc.scale", {4});
  const Model refactored = Model().buffer("fc.k.scale", {4}, "float32", {1, 1, 1, 1});
  CHECK(map_models(original, refactored).by_refactored.empty());
  CHECK(map_models(original, refactored, R"({"fc.scale": "fc.k.scale"})").findings.empty());
}

TEST_CASE("buffers without a common name are mapped by their constructed value, if it is unique") {
  const Model original =
      Model().buffer("bias", {2, 2}, "float32", {1, 0, 1, 1}).buffer("freqs", {2, 2}, "float32", {1, 2, 3, 4});
  SECTION("unique values") {
    const Model refactored = Model()
                                 .buffer("k.cos", {2, 2}, "float32", {1, 2, 3, 4})
                                 .buffer("k.mask", {2, 2}, "float32", {1, 0, 1, 1}, false);
    const WeightMap map = map_models(original, refactored);
    CHECK(lines(map) == Lines{"k.cos<-freqs (equal value)", "k.mask<-bias (equal value)"});
    CHECK(map.findings.empty());
  }
  SECTION("another value is no counterpart") {
    const Model refactored =
        Model().buffer("k.cos", {2, 2}, "float32", {1, 2, 3, 5}).buffer("k.mask", {2, 2}, "float32", {1, 0, 1, 1});
    const WeightMap map = map_models(original, refactored);
    CHECK(lines(map) == Lines{"k.mask<-bias (equal value)"});
    CHECK(map.unmapped_refactored == Lines{"k.cos"});
    CHECK(rules(map) == Lines{"weight-ambiguous"});
  }
  SECTION("several equal float buffers are left to the order of first use") {
    const Model two = Model().buffer("m0", {2}, "float32", {1, 0}).use(0).buffer("m1", {2}, "float32", {1, 0}).use(1);
    const Model other = Model().buffer("k1", {2}, "float32", {1, 0}).use(5).buffer("k0", {2}, "float32", {1, 0}).use(2);
    CHECK(lines(map_models(two, other)) == Lines{"k0<-m0 (order of first use)", "k1<-m1 (order of first use)"});
  }
  SECTION("a float buffer never feeds two by its value") {
    const Model shared = Model().buffer("mask", {2}, "float32", {1, 0});
    const Model each = Model().buffer("a.m", {2}, "float32", {1, 0}).buffer("b.m", {2}, "float32", {1, 0});
    const WeightMap map = map_models(shared, each);
    CHECK(map.by_refactored.empty());
    CHECK(rules(map) == Lines{"weight-ambiguous"});
  }
}

TEST_CASE("integer and bool buffers are never refilled, so any equal one will do, several times") {
  const Model original = Model().buffer("position_ids", {3}, "int64", {0, 1, 2});
  const Model refactored = Model()
                               .buffer("position_ids", {3}, "int64", {0, 1, 2})
                               .buffer("k.ids", {3}, "int64", {0, 1, 2})
                               .buffer("k.attribute", {3}, "int64", {0, 1, 2}, false, "attribute");
  CHECK(lines(map_models(original, refactored)) == Lines{"k.attribute<-position_ids (equal value)",
                                                         "k.ids<-position_ids (equal value)",
                                                         "position_ids<-position_ids (equal name)"});
  const Model other = Model().buffer("position_ids", {3}, "int64", {0, 1, 2}).buffer("k.ids", {3}, "int64", {0, 1, 3});
  const Finding finding = only_finding(map_models(original, other));
  CHECK(finding.rule == "weight-unmapped");
  CHECK(finding.message.find("\"k.ids\" int64 [3] takes its values from nothing") != std::string::npos);
}

TEST_CASE("an equal name keeps a buffer whose constructed values differ") {
  const Model original = Model().buffer("mask", {2}, "float32", {1, 0});
  const WeightMap map = map_models(original, Model().buffer("mask", {2}, "float32", {0, 0}));
  CHECK(lines(map) == Lines{"mask<-mask (equal name)"});
  CHECK(map.findings.empty());
}

TEST_CASE("a value that only the map supplies is warned of where state_dict() would not supply it") {
  const auto mask = [](std::vector<double> values, bool persistent, const char* kind = "buffer") {
    return Model().buffer("mask", {2}, "float32", values, persistent, kind);
  };
  const WeightMap map = map_models(mask({1, 0}, false), mask({1, 1}, false));
  CHECK(map.constructed_differently == Lines{"mask"});
  const Finding finding = only_finding(map);
  CHECK(finding.rule == "weight-constructed");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.message ==
        "the refactored model's buffer \"mask\" float32 [2] is constructed with other values than the original's "
        "\"mask\", and state_dict() "
        "does not hold it: it was proved with the original's values only");
  CHECK(map_models(mask({1, 0}, true), mask({1, 1}, false, "attribute")).constructed_differently == Lines{"mask"});
  CHECK(map_models(mask({1, 0}, false), mask({1, 1}, true)).findings.empty());         // state_dict() transfers it
  CHECK(map_models(mask({1, 0}, false), mask({1, 0}, false)).findings.empty());        // equal
  CHECK(map_models(mask({1, 3}, false), mask({1, 3.00001}, false)).findings.empty());  // another way to compute it
  Model alias, other;
  alias.parameter("w", {2}).buffer("view", {2}, "float32", {1, 2}, false, "attribute").tie("w");
  other.parameter("w", {2}).buffer("view", {2}, "float32", {5, 6}, false, "attribute").tie("w");
  CHECK(map_models(alias, other).findings.empty());  // initial values of a parameter
}

TEST_CASE("thousands of equal tensors are mapped quickly and rightly") {
  Model original, refactored;
  for (int layer = 0; layer < 40; ++layer)
    for (int expert = 0; expert < 64; ++expert) {
      const std::string at = std::to_string(layer) + ".experts." + std::to_string(expert);
      original.parameter("layers." + at + ".ffn.up.weight", square);
      refactored.parameter("layers." + at + ".up.linear.weight", square);
    }
  const WeightMap map = map_models(original, refactored);
  CHECK(map.findings.empty());
  CHECK(map.by_refactored.at("layers.17.experts.63.up.linear.weight").original == "layers.17.experts.63.ffn.up.weight");
}
