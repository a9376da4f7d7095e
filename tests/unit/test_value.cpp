#include <catch2/catch.hpp>

#include <limits>

#include "core/error.h"
#include "tensor_support.h"

using namespace decomp;
using Catch::Matchers::Contains;
using decomp::test::TensorFile;

namespace {

Json node(const char* text) { return Json::parse(text); }

Json tensor_node(const std::string& dtype, const Json& shape, const Json& offset, const Json& nbytes) {
  return {{"k", "tensor"}, {"dtype", dtype}, {"shape", shape}, {"offset", offset}, {"nbytes", nbytes}};
}

Json nested(int depth) {
  Json value = {{"k", "none"}};
  for (int i = 0; i < depth; ++i) {
    Json items = Json::array();
    items.push_back(std::move(value));
    value = {{"k", "list"}, {"items", std::move(items)}};
  }
  return value;
}

}  // namespace

TEST_CASE("every wire dtype goes through its name and back") {
  REQUIRE(wire_dtypes().size() == 21);
  for (const DtypeInfo& info : wire_dtypes()) {
    INFO(info.name);
    CHECK(dtype_from_name(info.name) == info.type);
    CHECK(dtype_name(info.type) == info.name);
    CHECK(info.bytes == c10::elementSize(info.type));
  }
}

TEST_CASE("dtypes without plain elements are refused with the reason") {
  CHECK_THROWS_WITH(dtype_from_name("quint8"), Contains("quantized"));
  CHECK_THROWS_WITH(dtype_name(at::kQInt8), Contains("quantized"));
  CHECK_THROWS_WITH(dtype_from_name("uint4"), Contains("packs several values"));
  CHECK_THROWS_WITH(dtype_from_name("float4_e2m1fn_x2"), Contains("packs several values"));
  CHECK_THROWS_WITH(dtype_name(at::ScalarType::Bits8), Contains("uint8"));
  CHECK_THROWS_WITH(dtype_from_name("float33"), Contains("\"float33\" is no dtype"));
  CHECK_THROWS_AS(dtype_name(at::ScalarType::Undefined), std::invalid_argument);
}

TEST_CASE("a tensor aliases its file and keeps it alive") {
  TensorFile file;
  file.add("float32", {2}, test::encode("float32", {7, 8}));
  const Json second = file.add("float32", {2, 3}, test::encode("float32", {1, 2, 3, 4, 5, 6}));
  Value value;
  {
    auto mapping = file.file();
    value = decode_value(second, mapping);
    CHECK(value.tensor.const_data_ptr() == mapping->data() + 64);
  }
  REQUIRE(value.kind == Value::Kind::tensor);
  CHECK(value.tensor.is_contiguous());
  CHECK(value.tensor.sizes() == at::IntArrayRef({2, 3}));
  CHECK(value.tensor.const_data_ptr<float>()[5] == 6.0f);
}

TEST_CASE("tensors of every dtype, empty ones and those without dimensions") {
  for (const DtypeInfo& info : wire_dtypes()) {
    INFO(info.name);
    CHECK(test::tensor(info.name, {}, std::string(info.bytes, '\0')).tensor.dim() == 0);
    CHECK(test::tensor(info.name, {3, 0, 2}, "").tensor.numel() == 0);
    const Value value = test::tensor(info.name, {2, 1}, std::string(2 * info.bytes, '\1'));
    CHECK(value.tensor.scalar_type() == info.type);
    CHECK(value.tensor.nbytes() == 2 * info.bytes);
  }
}

TEST_CASE("an empty tensor in an empty file") {
  const Value value = decode_value(tensor_node("float32", {0}, 0, 0), test::mapped(""));
  CHECK(value.tensor.numel() == 0);
}

TEST_CASE("hostile tensors are refused") {
  const auto file = test::mapped(std::string(256, 'x'));
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  struct Row {
    Json tensor;
    const char* message;
  };
  const std::vector<Row> rows = {
      {tensor_node("float32", {-1, 4}, 0, 16), "\"shape\" holds -1, outside 0"},
      {tensor_node("float32", {std::int64_t{1} << 32, std::int64_t{1} << 32}, 0, 0),
       "more bytes than can be addressed"},
      {tensor_node("float32", {0, huge, huge}, 0, 0), "more bytes than can be addressed"},
      {tensor_node("float64", {std::int64_t{1} << 61}, 0, 0), "more bytes than can be addressed"},
      {tensor_node("float32", {18446744073709551615u}, 0, 0), "outside 0 to 9223372036854775807"},
      {tensor_node("float32", {2.0}, 0, 8), "no integer"},
      {tensor_node("float32", "2", 0, 8), "\"shape\" is no list"},
      {tensor_node("float32", std::vector<int>(65, 1), 0, 4), "65 dimensions"},
      {tensor_node("float32", {2}, 0, 4), "has 8 bytes, not 4"},
      {tensor_node("float32", {2}, -64, 8), "\"offset\""},
      {tensor_node("float32", {2}, 32, 8), "no multiple of 64"},
      {tensor_node("float32", {2}, 256, 8), "past the end"},
      {tensor_node("float32", {17}, 192, 68), "past the end"},
      {tensor_node("float32", {2}, huge - 63, 8), "past the end"},
      {tensor_node("float32", {0}, 320, 0), "past the end"},
      {tensor_node("float32", {2}, 0, 18446744073709551615u), "\"nbytes\""},
      {tensor_node("qint8", {2}, 0, 2), "quantized"},
      {node(R"({"k":"tensor","dtype":"float32","shape":[2],"offset":0})"), "\"nbytes\" is missing"},
      {node(R"({"k":"tensor","dtype":7,"shape":[2],"offset":0,"nbytes":8})"), "\"dtype\" is no string"},
  };
  for (const Row& row : rows) {
    INFO(row.tensor.dump());
    CHECK_THROWS_AS(decode_value(row.tensor, file), std::invalid_argument);
    CHECK_THROWS_WITH(decode_value(row.tensor, file), Contains(row.message));
  }
  CHECK_THROWS_WITH(decode_value(tensor_node("float32", {0}, 0, 0), nullptr), Contains("without a tensor file"));
  CHECK_NOTHROW(decode_value(tensor_node("float32", {16}, 192, 64), file));
}

TEST_CASE("a file that another process could still change is not mapped") {
  CHECK_THROWS_AS(test::mapped("x", F_SEAL_GROW | F_SEAL_WRITE), Error);
  CHECK_THROWS_AS(test::mapped("x", F_SEAL_SHRINK | F_SEAL_GROW), Error);
  CHECK_NOTHROW(test::mapped("x", F_SEAL_SHRINK | F_SEAL_WRITE));
}

TEST_CASE("containers and scalars") {
  const Value value = decode_value(node(R"({"k":"dict","keys":["s:a","i:-3","b:true","n:","s:"],"items":[
      {"k":"list","items":[{"k":"int","v":"-12345678901234567890123"},{"k":"bool","v":false}]},
      {"k":"tuple","items":[]},
      {"k":"namedtuple","type":"Out","keys":["x","y"],"items":[{"k":"none"},{"k":"str","v":"é\u0000"}]},
      {"k":"dataclass","type":"Out","keys":[],"items":[]},
      {"k":"complex","v":["-0x1.8p+1","nan"]}]})"),
                                   nullptr);
  REQUIRE(value.kind == Value::Kind::dict);
  CHECK(value.keys == std::vector<std::string>{"s:a", "i:-3", "b:true", "n:", "s:"});
  CHECK(value.items[0].items[0].text == "-12345678901234567890123");
  CHECK(value.items[0].items[1].text == "false");
  CHECK(value.items[1].kind == Value::Kind::tuple);
  CHECK(value.items[2].type == "Out");
  CHECK(value.items[2].items[1].text == std::string("é\0", 3));
  CHECK(value.items[3].kind == Value::Kind::dataclass);
  CHECK(value.items[4].text == "-0x1.8p+1 nan");
  const Value other = decode_value(node(R"({"k":"dtype","v":"torch.float32"})"), nullptr);
  CHECK(other.kind == Value::Kind::other);
  CHECK(other.type == "dtype");
}

TEST_CASE("hostile containers and scalars are refused") {
  struct Row {
    const char* text;
    const char* message;
  };
  const std::vector<Row> rows = {
      {R"([])", "expected an object"},
      {R"({"k":"object"})", "no kind of value"},
      {R"({"v":"1"})", "\"k\" is missing"},
      {R"({"k":"list"})", "\"items\" is missing"},
      {R"({"k":"list","items":{}})", "no list"},
      {R"({"k":"dict","keys":["s:a"],"items":[]})", "1 keys for 0 items"},
      {R"({"k":"dict","keys":["s:a","s:a"],"items":[{"k":"none"},{"k":"none"}]})", "appears twice"},
      {R"({"k":"dict","keys":["a"],"items":[{"k":"none"}]})", "no dict key"},
      {R"({"k":"dict","keys":["i:01"],"items":[{"k":"none"}]})", "no dict key"},
      {R"({"k":"dict","keys":["b:True"],"items":[{"k":"none"}]})", "no dict key"},
      {R"({"k":"dict","keys":[1],"items":[{"k":"none"}]})", "a key is no string"},
      {R"({"k":"namedtuple","keys":[],"items":[]})", "\"type\" is missing"},
      {R"({"k":"namedtuple","type":"T","keys":["x","x"],"items":[{"k":"none"},{"k":"none"}]})", "appears twice"},
      {R"({"k":"bool","v":1})", "neither true nor false"},
      {R"({"k":"int","v":12})", "no string"},
      {R"({"k":"int","v":"1e3"})", "no integer"},
      {R"({"k":"int","v":"-"})", "no integer"},
      {R"({"k":"int","v":"-0"})", "no integer"},
      {R"({"k":"float","v":1.5})", "no string"},
      {R"({"k":"float","v":"1.5"})", "no hexadecimal float"},
      {R"({"k":"float","v":"0x"})", "no hexadecimal float"},
      {R"({"k":"float","v":"0x-1p+0"})", "no hexadecimal float"},
      {R"({"k":"float","v":"0x1p+0 "})", "no hexadecimal float"},
      {R"({"k":"float","v":"-nan"})", "no hexadecimal float"},
      {R"({"k":"float","v":"0x1p+1024"})", "no hexadecimal float"},
      {R"({"k":"complex","v":["0x1p+0"]})", "two parts"},
      {R"({"k":"str","v":null})", "no string"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK_THROWS_AS(decode_value(node(row.text), nullptr), std::invalid_argument);
    CHECK_THROWS_WITH(decode_value(node(row.text), nullptr), Contains(row.message));
  }
}

TEST_CASE("the smallest and largest floats are read") {
  for (const char* text :
       {"0x1p-1074", "0x0.0000000000001p-1022", "0x1.fffffffffffffp+1023", "-0x0p+0", "inf", "-inf"}) {
    INFO(text);
    CHECK_NOTHROW(decode_value(Json{{"k", "float"}, {"v", text}}, nullptr));
  }
}

TEST_CASE("depth and number of values are bounded") {
  CHECK_NOTHROW(decode_value(nested(200), nullptr));
  CHECK_THROWS_WITH(decode_value(nested(201), nullptr), Contains("deeper than 200"));
  Json many = {{"k", "list"}, {"items", Json::array()}};
  const Json none = {{"k", "none"}};
  for (int i = 0; i < 1'000'000; ++i) many["items"].push_back(none);
  CHECK_THROWS_WITH(decode_value(many, nullptr), Contains("more than 1000000 values"));
  many["items"].erase(many["items"].size() - 1);
  CHECK_NOTHROW(decode_value(many, nullptr));
}

TEST_CASE("messages about hostile text stay UTF-8") {
  const std::string text = std::string(39, 'x') + "\u00e9\u00e9\u00e9";
  try {
    decode_value(Json{{"k", text}}, nullptr);
    FAIL("accepted");
  } catch (const std::invalid_argument& error) {
    CHECK(std::string(error.what()) == "\"" + std::string(39, 'x') + "...\" is no kind of value");
    CHECK_NOTHROW(Json(error.what()).dump());
  }
}

TEST_CASE("trees that were damaged at random are decoded or refused, never anything else") {
  TensorFile file;
  const Json good = {{"k", "dict"},
                     {"keys", {"s:a", "i:1"}},
                     {"items",
                      {file.add("float32", {2, 3}, std::string(24, 'a')),
                       {{"k", "namedtuple"},
                        {"type", "T"},
                        {"keys", {"x"}},
                        {"items", {file.add("complex64", {}, std::string(8, 'b'))}}}}}};
  const auto mapping = file.file();
  const std::string text = good.dump();
  const std::string alphabet = "0123456789-:,[]{}\"abdefiklmnpstx.+";
  std::uint64_t state = 1;
  const auto next = [&](std::size_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>((state >> 33) % bound);
  };
  int decoded = 0, refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = text;
    for (std::size_t n = 1 + next(3); n > 0; --n) {
      const std::size_t at = next(damaged.size());
      if (next(3) == 0)
        damaged.erase(at, 1 + next(4));
      else
        damaged[at] = alphabet[next(alphabet.size())];
    }
    const Json tree = Json::parse(damaged, nullptr, false);
    if (tree.is_discarded()) continue;
    try {
      const Value value = decode_value(tree, mapping);
      for (const Value& item : value.items)
        if (item.tensor.defined()) CHECK(item.tensor.nbytes() <= mapping->size());
      ++decoded;
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  }
  CHECK(decoded > 10);
  CHECK(refused > 1000);
}
