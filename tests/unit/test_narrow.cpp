// The first sample of a batch.

#include "tensor/narrow.h"

#include <catch2/catch.hpp>

using namespace decomp;

namespace {

Json tensor(std::vector<int> shape, int offset) {
  int bytes = 4;
  for (int d : shape) bytes *= d;
  return {{"k", "tensor"}, {"dtype", "float32"}, {"shape", shape}, {"offset", offset}, {"nbytes", bytes}};
}

Json list(std::vector<Json> items) { return {{"k", "list"}, {"items", items}}; }
Json trees(std::vector<Json> args) { return {{"args", list(args)}, {"kwargs", {{"k", "dict"}, {"keys", Json::array()}, {"items", Json::array()}}}}; }

}  // namespace

TEST_CASE("every tensor of the batch is cut to its first sample where it lies") {
  const Json small = first_sample(trees({tensor({4, 3}, 64), list({tensor({4}, 128), tensor({3, 4}, 192)})}));
  CHECK(small["args"]["items"][0] == tensor({1, 3}, 64));
  CHECK(small["args"]["items"][1]["items"][0] == tensor({1}, 128));
  CHECK(small["args"]["items"][1]["items"][1] == tensor({3, 4}, 192));  // no batch along its first dimension
}

TEST_CASE("there is no smaller run of one sample, of a number, of nothing") {
  CHECK(first_sample(trees({tensor({1, 8}, 0)})).is_null());
  CHECK(first_sample(trees({tensor({}, 0)})).is_null());
  CHECK(first_sample(trees({tensor({0, 8}, 0)})).is_null());
  CHECK(first_sample(trees({})).is_null());
}
