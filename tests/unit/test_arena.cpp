#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/error.h"
#include "tensor/random_values.h"
#include "tensor/weights.h"
#include "tensor_support.h"

using namespace decomp;

namespace {

using Shape = std::vector<std::int64_t>;

class Model {
 public:
  Model& parameter(const std::string& key, const Shape& shape, const std::string& dtype = "float32",
                   const std::string& owner = "m.Linear") {
    tensors_.push_back({{"key", key},
                        {"kind", "parameter"},
                        {"dtype", dtype},
                        {"shape", shape},
                        {"storage", tensors_.size()},
                        {"storage_offset", 0},
                        {"persistent", true},
                        {"owner", owner}});
    return *this;
  }
  Model& buffer(const std::string& key, const Shape& shape, const std::string& dtype, const std::string& bytes) {
    parameter(key, shape, dtype);
    set("kind", "buffer");
    return set("value", file_.add(dtype, shape, bytes));
  }
  Model& set(const char* field, const Json& value) {
    tensors_.back()[field] = value;
    return *this;
  }
  ModelDescription describe() const { return decode_description(Json{{"tensors", tensors_}}, file_.file()); }

 private:
  Json tensors_ = Json::array();
  test::TensorFile file_;
};

// The arena as a job sees it.
class View {
 public:
  explicit View(const WeightArena& arena) : arena_(arena), file_(MappedFile::map(arena.fd())) {}
  const std::byte* at(const std::string& key) const { return file_->data() + arena_.offset(key); }
  template <typename T>
  std::vector<double> values(const std::string& key, std::size_t count) const {
    std::vector<double> all(count);
    for (std::size_t i = 0; i < count; ++i) all[i] = to_double(reinterpret_cast<const T*>(at(key))[i]);
    return all;
  }
  std::string bytes(const std::string& key, std::size_t count) const {
    return {reinterpret_cast<const char*>(at(key)), count};
  }
  std::string all() const { return {reinterpret_cast<const char*>(file_->data()), file_->size()}; }

 private:
  const WeightArena& arena_;
  std::shared_ptr<MappedFile> file_;
};

double mean(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x;
  return sum / static_cast<double>(v.size());
}

double deviation(const std::vector<double>& v) {
  const double m = mean(v);
  double sum = 0;
  for (const double x : v) sum += (x - m) * (x - m);
  return std::sqrt(sum / static_cast<double>(v.size()));
}

std::vector<double> sorted(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v;
}

Model small_model() {
  return Model()
      .parameter("fc.weight", {64, 32})
      .parameter("fc.bias", {64})
      .buffer("mask", {4, 4}, "float32", test::encode("float32", {1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1}));
}

}  // namespace

TEST_CASE("equal seeds give equal bytes, other seeds other values everywhere") {
  const ModelDescription model = small_model().describe();
  const WeightArena a = WeightArena::fill(model, 7), b = WeightArena::fill(model, 7), c = WeightArena::fill(model, 8);
  CHECK(View(a).all() == View(b).all());
  CHECK(View(a).bytes("fc.weight", 64 * 32 * 4) != View(c).bytes("fc.weight", 64 * 32 * 4));
  CHECK(View(a).bytes("fc.bias", 64 * 4) != View(c).bytes("fc.bias", 64 * 4));
  CHECK(View(a).bytes("mask", 64) != View(c).bytes("mask", 64));
}

TEST_CASE("a tensor's values do not depend on its neighbours") {
  const WeightArena a = WeightArena::fill(Model().parameter("x", {10, 10}).describe(), 3);
  const WeightArena b = WeightArena::fill(
      Model().parameter("before", {33}).parameter("x", {10, 10}).parameter("after", {5}).describe(), 3);
  CHECK(View(a).bytes("x", 400) == View(b).bytes("x", 400));
}

TEST_CASE("tensors are aligned, in the file, and do not overlap") {
  Model model;
  for (int i = 1; i < 40; ++i) model.parameter("p" + std::to_string(i), {i}, i % 2 == 0 ? "float64" : "bfloat16");
  model.parameter("empty", {0, 3}).parameter("scalar", {}).set("constant", 2.0);
  const ModelDescription description = model.describe();
  const WeightArena arena = WeightArena::fill(description, 1);
  std::uint64_t end = 0;
  for (const TensorEntry& entry : description.tensors) {
    INFO(entry.key);
    const std::uint64_t offset = arena.offset(entry.key);
    CHECK(offset % 64 == 0);
    CHECK(offset >= end);
    std::uint64_t bytes = c10::elementSize(entry.dtype);
    for (const std::int64_t size : entry.shape) bytes *= static_cast<std::uint64_t>(size);
    end = offset + bytes;
    CHECK(end <= arena.bytes());
  }
  struct stat status {};
  REQUIRE(::fstat(arena.fd(), &status) == 0);
  CHECK(static_cast<std::uint64_t>(status.st_size) == arena.bytes());
  CHECK_THROWS_AS(arena.offset("nobody"), std::out_of_range);
}

TEST_CASE("the arena is sealed: it cannot be written, grown or shrunk, and can be mapped privately") {
  const WeightArena arena = WeightArena::fill(small_model().describe(), 1);
  const int seals = ::fcntl(arena.fd(), F_GET_SEALS);
  CHECK((seals & F_SEAL_WRITE) != 0);
  CHECK((seals & F_SEAL_SHRINK) != 0);
  CHECK((seals & F_SEAL_GROW) != 0);
  CHECK(::write(arena.fd(), "x", 1) == -1);
  CHECK(::ftruncate(arena.fd(), 0) == -1);
  CHECK(::ftruncate(arena.fd(), 1 << 20) == -1);
  CHECK(::mmap(nullptr, arena.bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, arena.fd(), 0) == MAP_FAILED);
  void* copy = ::mmap(nullptr, arena.bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE, arena.fd(), 0);
  REQUIRE(copy != MAP_FAILED);
  const std::string before = View(arena).all();
  std::memset(copy, 7, arena.bytes());
  CHECK(View(arena).all() == before);
  ::munmap(copy, arena.bytes());
}

TEST_CASE("a model without weights has an arena that can be mapped") {
  const WeightArena arena = WeightArena::fill(ModelDescription{}, 1);
  CHECK(arena.bytes() == 64);
  CHECK_NOTHROW(MappedFile::map(arena.fd()));
  CHECK(arena.entries_for_original({}).empty());
}

TEST_CASE("moving an arena keeps the file with one owner") {
  WeightArena a = WeightArena::fill(small_model().describe(), 1);
  const int fd = a.fd();
  WeightArena b = std::move(a);
  CHECK(b.fd() == fd);
  CHECK(a.fd() == -1);
  a = WeightArena::fill(small_model().describe(), 2);
  const int other = a.fd();
  b = std::move(a);
  CHECK(b.fd() == other);
  CHECK(View(b).bytes("fc.bias", 8).size() == 8);
}

TEST_CASE("parameters are scaled by fan-in, biases are small") {
  const Model model = Model()
                          .parameter("linear.weight", {300, 400})
                          .parameter("conv.weight", {64, 32, 3, 3}, "float32", "torch.nn.modules.conv.Conv2d")
                          .parameter("conv1d.weight", {64, 32, 5}, "float32", "torch.nn.modules.conv.Conv1d")
                          .parameter("positions", {1, 197, 768})
                          .parameter("linear.bias", {4096})
                          .parameter("lstm.bias_ih_l0", {4096});
  const WeightArena arena = WeightArena::fill(model.describe(), 5);
  const View view(arena);
  CHECK(deviation(view.values<float>("linear.weight", 120000)) == Approx(1 / std::sqrt(400.0)).epsilon(0.02));
  CHECK(deviation(view.values<float>("conv.weight", 18432)) == Approx(1 / std::sqrt(288.0)).epsilon(0.03));
  CHECK(deviation(view.values<float>("conv1d.weight", 10240)) == Approx(1 / std::sqrt(160.0)).epsilon(0.04));
  CHECK(deviation(view.values<float>("positions", 151296)) == Approx(1 / std::sqrt(768.0)).epsilon(0.02));
  CHECK(deviation(view.values<float>("linear.bias", 4096)) == Approx(0.2).epsilon(0.05));
  CHECK(deviation(view.values<float>("lstm.bias_ih_l0", 4096)) == Approx(0.2).epsilon(0.05));
  CHECK(std::fabs(mean(view.values<float>("linear.weight", 120000))) < 0.001);
}

TEST_CASE("scales stay near where their author put them and keep their sign") {
  const Model model = Model()
                          .parameter("norm.weight", {4096}, "float32", "torch.nn.modules.normalization.LayerNorm")
                          .parameter("rms.weight", {4096}, "float32", "x.RMSNorm")
                          .set("constant", 1.0)
                          .parameter("gemma.weight", {4096}, "float32", "x.GemmaRMSNorm")
                          .set("constant", 0.0)
                          .parameter("norm.bias", {4096}, "float32", "torch.nn.modules.normalization.LayerNorm")
                          .set("constant", 0.0)
                          .parameter("gamma", {4096}, "float32", "x.Block")
                          .set("constant", 1e-6)
                          .parameter("temperature", {4096}, "float32", "x.Attention")
                          .set("constant", -8.0)
                          .parameter("residual.weight", {64, 64}, "float32", "m.Linear")
                          .set("constant", 0.0);
  const WeightArena arena = WeightArena::fill(model.describe(), 5);
  const View view(arena);
  const auto check = [&](const char* key, double center, double spread) {
    INFO(key);
    const auto values = view.values<float>(key, 4096);
    CHECK(mean(values) == Approx(center).margin(0.03 * std::max(1.0, std::fabs(center))));
    CHECK(deviation(values) == Approx(spread).epsilon(0.06));
    if (center != 0.0) CHECK(std::all_of(values.begin(), values.end(), [&](double v) { return v * center > 0; }));
  };
  check("norm.weight", 1.0, 0.2);
  check("rms.weight", 1.0, 0.2);
  check("gemma.weight", 0.0, 0.2);
  check("norm.bias", 0.0, 0.2);
  check("gamma", 0.1, 0.02);
  check("temperature", -8.0, 1.6);
  check("residual.weight", 0.0, 1.0 / 8);
}

TEST_CASE("running statistics are plausible, counters stay") {
  const Model model =
      Model()
          .buffer("bn.running_mean", {4096}, "float32", test::encode("float32", std::vector<double>(4096, 0.0)))
          .buffer("bn.running_var", {4096}, "float32", test::encode("float32", std::vector<double>(4096, 1.0)))
          .buffer("bn.num_batches_tracked", {}, "int64", test::encode("int64", {3}));
  const WeightArena arena = WeightArena::fill(model.describe(), 5);
  const View view(arena);
  const auto variance = view.values<float>("bn.running_var", 4096);
  CHECK(*std::min_element(variance.begin(), variance.end()) >= 0.5);
  CHECK(*std::max_element(variance.begin(), variance.end()) <= 1.5);
  CHECK(mean(variance) == Approx(1.0).margin(0.02));
  CHECK(deviation(view.values<float>("bn.running_mean", 4096)) == Approx(0.2).epsilon(0.05));
  CHECK(view.values<std::int64_t>("bn.num_batches_tracked", 1) == std::vector<double>{3});
  const WeightArena constructed = WeightArena::fill(model.describe(), 5, true);
  CHECK(View(constructed).values<float>("bn.running_var", 4096) == std::vector<double>(4096, 1.0));
}

TEST_CASE("float buffers are permuted: a mask stays a mask and never stays the same") {
  struct Row {
    const char* dtype;
    std::vector<double> values;
  };
  std::vector<double> mask(64 * 64);
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = i % 64 <= i / 64 ? 1 : 0;
  const std::vector<Row> rows = {{"float32", mask},           {"float16", mask},
                                 {"float64", {1, 2}},         {"bfloat16", {0, 0, 0, 1}},
                                 {"float8_e5m2", {1, 2, 4}},  {"complex64", {1, 2, 3, 4, 5, 6}},
                                 {"complex128", {1, 0, 0, 1}}};
  for (const Row& row : rows) {
    INFO(row.dtype);
    const std::int64_t parts = std::string(row.dtype).rfind("complex", 0) == 0 ? 2 : 1;
    const std::string bytes = test::encode(row.dtype, row.values);
    const Model model = Model().buffer("b", {static_cast<std::int64_t>(row.values.size()) / parts}, row.dtype, bytes);
    for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
      const WeightArena arena = WeightArena::fill(model.describe(), seed);
      const std::string permuted = View(arena).bytes("b", bytes.size());
      CHECK(permuted != bytes);
      const std::size_t size = bytes.size() / (row.values.size() / static_cast<std::size_t>(parts));
      std::multiset<std::string> before, after;
      for (std::size_t i = 0; i < bytes.size(); i += size) {
        before.insert(bytes.substr(i, size));
        after.insert(permuted.substr(i, size));
      }
      CHECK(before == after);
    }
    const WeightArena constructed = WeightArena::fill(model.describe(), 1, true);
    CHECK(View(constructed).bytes("b", bytes.size()) == bytes);
  }
}

TEST_CASE("constant buffers, integers and bools stay as constructed") {
  const Model model = Model()
                          .buffer("ones", {5}, "float32", test::encode("float32", {1, 1, 1, 1, 1}))
                          .buffer("ids", {4}, "int64", test::encode("int64", {3, 1, 2, 0}))
                          .buffer("causal", {4}, "bool", test::encode("bool", {1, 0, 0, 1}))
                          .buffer("scale", {}, "float64", test::encode("float64", {0.125}))
                          .buffer("packed", {3}, "int8", std::string("\1\2\3"))
                          .set("kind", "parameter")
                          .parameter("flags", {3}, "int32")
                          .set("constant", -7.0)
                          .parameter("allowed", {3}, "bool")
                          .set("constant", 1.0);
  const WeightArena arena = WeightArena::fill(model.describe(), 11);
  const View view(arena);
  CHECK(view.values<float>("ones", 5) == std::vector<double>{1, 1, 1, 1, 1});
  CHECK(view.values<std::int64_t>("ids", 4) == std::vector<double>{3, 1, 2, 0});
  CHECK(view.bytes("causal", 4) == std::string("\1\0\0\1", 4));
  CHECK(view.values<double>("scale", 1) == std::vector<double>{0.125});
  CHECK(view.bytes("packed", 3) == "\1\2\3");
  CHECK(view.values<std::int32_t>("flags", 3) == std::vector<double>{-7, -7, -7});
  CHECK(view.bytes("allowed", 3) == "\1\1\1");
}

TEST_CASE("every floating dtype is filled with finite values of the right size") {
  for (const DtypeInfo& info : wire_dtypes()) {
    if (!is_floating(info.kind)) continue;
    INFO(info.name);
    const WeightArena arena = WeightArena::fill(Model().parameter("w", {64, 16}, info.name).describe(), 2);
    const View view(arena);
    visit_components(info.type, [&]<typename T>(std::type_identity<T>, int components) {
      if constexpr (is_float_component<T>) {
        const auto values = view.values<T>("w", 1024 * static_cast<std::size_t>(components));
        CHECK(
            std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v) && std::fabs(v) < 1.5; }));
        CHECK(std::set<double>(values.begin(), values.end()).size() > (info.bytes == 1 ? 8u : 100u));
        const double per_part = components == 2 ? 0.25 / std::sqrt(2.0) : 0.25;
        if (info.type != at::ScalarType::Float8_e8m0fnu) CHECK(deviation(values) == Approx(per_part).epsilon(0.1));
      }
    });
  }
}

TEST_CASE("names that share memory share bytes; the parameter decides") {
  Model model;
  model.parameter("embed.weight", {100, 8}).parameter("head.weight", {100, 8}).set("storage", 0);
  model.buffer("alias", {8}, "float32", std::string(32, '\0')).set("storage", 0).set("storage_offset", 16);
  const WeightArena arena = WeightArena::fill(model.describe(), 1);
  CHECK(arena.offset("embed.weight") == arena.offset("head.weight"));
  CHECK(arena.offset("alias") == arena.offset("embed.weight") + 64);
  CHECK(View(arena).bytes("alias", 32) == View(arena).bytes("embed.weight", 96).substr(64));
  CHECK(View(arena).bytes("alias", 32) != std::string(32, '\0'));
  CHECK(arena.bytes() == 3200);
}

TEST_CASE("views into one storage keep their places, also far from its start") {
  Model model;
  model.parameter("a", {10}).set("storage", 5).set("storage_offset", 1'000'000'007);
  model.parameter("b", {10}).set("storage", 5).set("storage_offset", 1'000'000'017);
  const WeightArena arena = WeightArena::fill(model.describe(), 1);
  CHECK(arena.offset("b") == arena.offset("a") + 40);
  CHECK(arena.offset("a") % 64 == 1'000'000'007ull * 4 % 64);
  CHECK(arena.bytes() < 256);
  CHECK(View(arena).bytes("a", 40) != View(arena).bytes("b", 40));
}

TEST_CASE("tensors that overlap in part are filled in one order, whatever the threads do") {
  Model model;
  model.parameter("a", {6'000'000}).set("storage", 1);
  model.parameter("b", {6'000'000}).set("storage", 1).set("storage_offset", 3'000'000);
  const ModelDescription description = model.describe();
  const WeightArena first = WeightArena::fill(description, 1);
  for (int i = 0; i < 3; ++i) {
    const WeightArena again = WeightArena::fill(description, 1);
    CHECK(View(first).all() == View(again).all());
  }
}

TEST_CASE("strided tensors: a transposed tie, and a buffer constructed with strides") {
  Model model;
  model.parameter("w", {3, 5});
  model.parameter("w_t", {5, 3}).set("storage", 0).set("strides", {1, 5});
  std::vector<double> table = {1, 2, 3, 4, 5, 6};
  model.buffer("columns", {2, 3}, "float32", test::encode("float32", table)).set("strides", {1, 2});
  model.buffer("expanded", {2, 3}, "float32", test::encode("float32", {1, 2, 3, 1, 2, 3})).set("strides", {0, 1});
  const ModelDescription description = model.describe();
  const WeightArena arena = WeightArena::fill(description, 1, true);
  const View view(arena);
  CHECK(arena.offset("w") == arena.offset("w_t"));
  CHECK(view.values<float>("columns", 6) == std::vector<double>{1, 4, 2, 5, 3, 6});
  CHECK(view.values<float>("expanded", 3) == std::vector<double>{1, 2, 3});
  const WeightArena fresh = WeightArena::fill(description, 1);
  CHECK(sorted(View(fresh).values<float>("columns", 6)) == sorted(table));
  CHECK(View(fresh).values<float>("columns", 6) != std::vector<double>{1, 4, 2, 5, 3, 6});
  CHECK(View(fresh).values<float>("expanded", 3) == std::vector<double>{1, 2, 3});
  const Json entries = arena.entries_for_original(description);
  CHECK_FALSE(entries[0].contains("strides"));
  CHECK(entries[1]["strides"] == Json({1, 5}));
}

TEST_CASE("no two rows of a large tensor are equal, nor two tensors of one shape") {
  struct Row {
    Shape shape;
    std::size_t row_bytes;
  };
  const std::vector<Row> rows = {{{3000, 1000}, 4000},
                                 {{40, 1'048'573}, 4 * 1'048'573},  // a row as long as the block
                                 {{10, 524'288}, 4 * 524'288},
                                 {{1'200'000, 3}, 12},  // more rows than the block is long
                                 {{2048, 2048}, 8192}};
  for (const Row& row : rows) {
    INFO(row.shape[0] << " x " << row.shape[1]);
    const WeightArena arena =
        WeightArena::fill(Model().parameter("a", row.shape).parameter("b", row.shape).describe(), 9);
    const View view(arena);
    std::vector<std::string_view> all;
    for (const char* key : {"a", "b"})
      for (std::int64_t i = 0; i < row.shape[0]; ++i)
        all.emplace_back(reinterpret_cast<const char*>(view.at(key)) + static_cast<std::size_t>(i) * row.row_bytes,
                         row.row_bytes);
    std::sort(all.begin(), all.end());
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  }
}

TEST_CASE("large tensors are as random as small ones") {
  const WeightArena arena = WeightArena::fill(Model().parameter("w", {3000, 1000}).describe(), 9);
  const auto values = View(arena).values<float>("w", 3'000'000);
  CHECK(mean(values) == Approx(0.0).margin(1e-4));
  CHECK(deviation(values) == Approx(1 / std::sqrt(1000.0)).epsilon(0.01));
  CHECK(values[0] != values[1'048'573 + 1]);
}

TEST_CASE("normal numbers: moments, tails, bounds") {
  const float* quantiles = normal_quantiles();
  double sum = 0, squares = 0, fourth = 0, largest = 0;
  int beyond_two = 0;
  const int count = 1 << 20;
  RandomStream stream(1, "test");
  for (int i = 0; i < count; ++i) {
    const double x = static_cast<double>(normal_from_bits(quantiles, static_cast<std::uint32_t>(stream.next())));
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
    largest = std::max(largest, std::fabs(x));
    beyond_two += std::fabs(x) > 2;
  }
  CHECK(sum / count == Approx(0.0).margin(0.005));
  CHECK(squares / count == Approx(1.0).epsilon(0.01));
  CHECK(fourth / count == Approx(3.0).epsilon(0.03));
  CHECK(beyond_two / static_cast<double>(count) == Approx(0.0455).epsilon(0.03));
  CHECK(largest <= largest_normal);
  CHECK(normal_from_bits(quantiles, 0) >= -largest_normal);
  CHECK(normal_from_bits(quantiles, 0xffffffffu) <= largest_normal);
  CHECK(normal_from_bits(quantiles, 0x80000000u) == Approx(0.0).margin(1e-6));
}

TEST_CASE("entries for a job: offsets, rows, ties") {
  const Model original = Model().parameter("qkv", {6, 4}).parameter("bias", {6}, "float64");
  const Model refactored =
      Model().parameter("v", {2, 4}).parameter("qk", {4, 4}).parameter("b", {6}, "float64").parameter("own", {9});
  WeightMap map;
  map.by_refactored["v"] = {"qkv", 4, 6, "explicit"};
  map.by_refactored["qk"] = {"qkv", 0, 4, "explicit"};
  map.by_refactored["b"] = {"bias", -1, -1, "explicit"};
  const WeightArena arena = WeightArena::fill(original.describe(), 1);
  const Json entries = arena.entries_for_refactored(refactored.describe(), map);
  REQUIRE(entries.size() == 3);
  CHECK(entries[0] ==
        Json{{"key", "v"}, {"offset", arena.offset("qkv") + 64}, {"dtype", "float32"}, {"shape", {2, 4}}});
  CHECK(entries[1]["offset"] == arena.offset("qkv"));
  CHECK(entries[2] == Json{{"key", "b"}, {"offset", arena.offset("bias")}, {"dtype", "float64"}, {"shape", {6}}});
  const Json own = arena.entries_for_original(original.describe());
  CHECK(own[0] == Json{{"key", "qkv"}, {"offset", arena.offset("qkv")}, {"dtype", "float32"}, {"shape", {6, 4}}});
}

TEST_CASE("rows of a strided tensor") {
  Model original;
  original.parameter("w", {4, 3}).set("strides", {1, 4});
  WeightMap map;
  map.by_refactored["low"] = {"w", 2, 4, "explicit"};
  const WeightArena arena = WeightArena::fill(original.describe(), 1);
  const Json entries = arena.entries_for_refactored(Model().parameter("low", {2, 3}).describe(), map);
  CHECK(entries[0]["offset"] == arena.offset("w") + 8);
  CHECK(entries[0]["strides"] == Json({1, 4}));
}

TEST_CASE("weights that the machine cannot hold are no finding but a broken machine") {
  const ModelDescription model = Model().parameter("w", {std::int64_t{1} << 44}).describe();
  try {
    WeightArena::fill(model, 1);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::infrastructure);
    CHECK(std::string(error.what()).find("use a machine with more memory") != std::string::npos);
  }
}
