#include <catch2/catch.hpp>

#include "checks/tree_flow.h"

using namespace decomp;

namespace {

TapeRef value(std::int64_t id, int weight = -1) {
  TapeRef ref;
  ref.id = id;
  ref.shape = {2, 2};
  ref.dtype = "float32";
  ref.weight = weight;
  return ref;
}

TapeEntry entry(const std::string& op, int instance, const std::vector<TapeRef>& in, std::int64_t out) {
  TapeEntry e;
  e.op = "aten::" + op;
  e.instance = instance;
  e.in = in;
  e.out = {value(out)};
  return e;
}

// Instance 0 is the parent, 1 and 2 are the components "a" and "b".
const std::vector<ModuleInstance> modules = {{"", "", "", "", ""}, {"a", "a", "", "a", "a"}, {"b", "b", "", "b", "b"}};

}  // namespace

TEST_CASE("a tensor flows through the parent's plumbing and arithmetic") {
  Tape tape;
  tape.inputs = {1};
  tape.entries = {entry("linear", 1, {value(1), value(9, 0)}, 2), entry("reshape", 0, {value(2)}, 3), entry("add", 0, {value(3), value(1)}, 4),
                  entry("relu", 2, {value(4)}, 5)};
  tape.outputs = {5};
  const Flow flow = recorded_flow(tape, modules, {{"a", 1}, {"b", 1}});
  CHECK(flow.carries(flow_parent, 0));
  CHECK(flow.carries(0, 1));
  CHECK(flow.carries(flow_parent, 1));  // the residual
  CHECK_FALSE(flow.carries(1, 0));
  CHECK(flow.carries(1, flow_parent));
  CHECK_FALSE(flow.carries(0, flow_parent));
}

TEST_CASE("what a component hands on without an operation, or never reads, is left open") {
  Tape tape;
  tape.inputs = {1, 2};
  tape.entries = {entry("relu", 2, {value(1)}, 3)};
  tape.outputs = {3};
  const Flow flow = recorded_flow(tape, modules, {{"a", 1}, {"b", 2}});
  CHECK(flow.open[0]);                  // ran no operation
  CHECK(flow.open[1]);                  // received two tensors and read one
  CHECK_FALSE(recorded_flow(tape, modules, {{"a", 1}, {"b", 1}}).open[1]);
}

TEST_CASE("a component that returns a view of its input leaves the value to the others") {
  Tape tape;
  tape.inputs = {1};
  tape.entries = {entry("view", 1, {value(1)}, 1), entry("relu", 2, {value(1)}, 2)};
  tape.outputs = {2};
  const Flow flow = recorded_flow(tape, modules, {{"a", 1}, {"b", 1}});
  CHECK(flow.carries(0, 1));
  CHECK(flow.carries(flow_parent, 1));
}

TEST_CASE("what the parent makes from nothing counts as its own") {
  Tape tape;
  tape.inputs = {1};
  tape.entries = {entry("arange", 0, {}, 2), entry("embedding", 1, {value(2), value(9, 0)}, 3)};
  const Flow flow = recorded_flow(tape, modules, {{"a", 1}});
  CHECK(flow.carries(flow_parent, 0));
}
