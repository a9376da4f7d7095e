// Phase 0: the weights and the outputs of a wrapper beside those of its native model.

#include "weight_map_support.h"

#include "tensor/wrapper_outputs.h"
#include "tensor/wrapper_weights.h"

using namespace decomp;
using namespace decomp::test;

namespace {

WrapperMap wrapped(const Model& native, const Model& wrapper) { return map_wrapper_weights(native.describe(), wrapper.describe()); }

Value leaf(const std::string& text) {
  Value value;
  value.kind = Value::Kind::integer;
  value.text = text;
  return value;
}

Value container(Value::Kind kind, std::vector<Value> items, std::vector<std::string> keys = {}) {
  Value value;
  value.kind = kind;
  value.items = std::move(items);
  value.keys = std::move(keys);
  return value;
}

std::vector<std::string> pairs(const AlignedOutputs& aligned) {
  std::vector<std::string> lines;
  for (const OutputPair& pair : aligned.pairs) lines.push_back(pair.path + ": " + pair.native->text + "=" + pair.wrapper->text);
  return lines;
}

}  // namespace

TEST_CASE("a wrapper that holds the model as an attribute adds a prefix") {
  const Model native = Model().parameter("embed.weight", {5, 4}).parameter("head.weight", {5, 4});
  const Model wrapper = Model().parameter("model.embed.weight", {5, 4}).parameter("model.head.weight", {5, 4});
  const WrapperMap map = wrapped(native, wrapper);
  CHECK(map.prefix.added == "model.");
  CHECK(lines(map.map) == Lines{"model.embed.weight<-embed.weight (prefix)", "model.head.weight<-head.weight (prefix)"});
  CHECK(map.native_mapped == 2);
  CHECK(map.wrapper_mapped == 2);
  CHECK(map.enough());
  const WrapperMap back = wrapped(wrapper, native);
  CHECK(back.prefix.stripped == "model.");
  CHECK(lines(back.map) == Lines{"embed.weight<-model.embed.weight (prefix)", "head.weight<-model.head.weight (prefix)"});
}

TEST_CASE("no prefix where the names agree as they are, and none that makes two names one") {
  const Model same = Model().parameter("a.weight", {2, 2}).parameter("b.weight", {2, 2});
  CHECK(wrapped(same, same).prefix.added.empty());
  CHECK(lines(wrapped(same, same).map) == Lines{"a.weight<-a.weight (equal name)", "b.weight<-b.weight (equal name)"});
  const Model native = Model().parameter("model.a.weight", {2, 3}).parameter("model.b.weight", {3, 2}).parameter("a.weight", {7});
  const WrapperMap map = wrapped(native, Model().parameter("a.weight", {2, 3}).parameter("b.weight", {3, 2}));
  for (const auto& [key, target] : map.map.by_refactored) CHECK(target.original != "a.weight");
  CHECK(std::count(map.native_left.begin(), map.native_left.end(), "a.weight") == 1);
}

TEST_CASE("more than 95 % of the parameters of both sides, by count") {
  Model native, wrapper;
  for (int i = 0; i < 20; ++i) native.parameter("layer" + std::to_string(i) + ".weight", {i + 2});
  for (int i = 0; i < 19; ++i) wrapper.parameter("layer" + std::to_string(i) + ".weight", {i + 2});
  const WrapperMap at = wrapped(native, wrapper);
  CHECK(at.native_mapped == 19);
  CHECK(at.native_parameters == 20);
  CHECK(at.native_left == std::vector<std::string>{"layer19.weight"});
  CHECK_FALSE(at.enough());  // 95 % is not more than 95 %
  native.parameter("more.weight", {99});
  wrapper.parameter("more.weight", {99}).parameter("layer19.weight", {21});
  CHECK(wrapped(native, wrapper).enough());
}

TEST_CASE("buffers that state_dict() does not hold, and tied weights, are not missed") {
  const Model native = Model().parameter("embed.weight", {5, 4}).parameter("head.weight", {5, 4}).tie("embed.weight").buffer("positions", {2}, "int64", {0, 1}, false);
  const WrapperMap map = wrapped(native, Model().parameter("embed.weight", {5, 4}).parameter("head.weight", {5, 4}).tie("embed.weight"));
  CHECK(map.native_left.empty());
  CHECK(map.wrapper_left.empty());
  CHECK(map.enough());
}

TEST_CASE("outputs by name where both have names") {
  const Value native = container(Value::Kind::namedtuple, {leaf("1"), leaf("2"), container(Value::Kind::tuple, {leaf("3")})}, {"logits", "hidden", "layers"});
  const Value wrapper = container(Value::Kind::namedtuple, {leaf("20"), leaf("10")}, {"hidden", "logits"});
  const AlignedOutputs aligned = align_outputs(native, wrapper);
  CHECK(pairs(aligned) == std::vector<std::string>{"output.logits: 1=10", "output.hidden: 2=20"});
  CHECK(aligned.left_out == std::vector<std::string>{"output.layers[0]"});
  CHECK(aligned.unknown.empty());
  const Value more = container(Value::Kind::namedtuple, {leaf("10"), leaf("7")}, {"logits", "loss"});
  CHECK(align_outputs(native, more).unknown == std::vector<std::string>{"output.loss"});
}

TEST_CASE("outputs in order where one side has no names; None is no output") {
  const Value native = container(Value::Kind::namedtuple, {leaf("1"), Value(), leaf("2")}, {"logits", "loss", "hidden"});
  const AlignedOutputs both = align_outputs(native, container(Value::Kind::tuple, {leaf("10"), leaf("20")}));
  CHECK(pairs(both) == std::vector<std::string>{"output.logits: 1=10", "output.hidden: 2=20"});
  const AlignedOutputs one = align_outputs(native, leaf("10"));
  CHECK(pairs(one) == std::vector<std::string>{"output.logits: 1=10"});
  CHECK(one.left_out == std::vector<std::string>{"output.hidden"});
  CHECK(align_outputs(leaf("1"), container(Value::Kind::list, {leaf("1"), leaf("2")})).unknown == std::vector<std::string>{"output[1]"});
}
