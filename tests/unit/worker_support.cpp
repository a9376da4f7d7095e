#include "worker_support.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "core/memfd.h"

namespace decomp::test {

Worker& worker() {
  static Worker shared(spawn_worker({DECOMP_BINARY, "", false}));
  return shared;
}

JobSpec model_spec() {
  JobSpec spec;
  spec.kind = "model";
  spec.limits.wall_seconds = 60;
  return spec;
}

std::string model_source(const std::string& forward, const std::string& init) {
  const auto indented = [](const std::string& body) {
    std::string text = "        ";
    for (const char c : body) text += c == '\n' ? std::string("\n        ") : std::string(1, c);
    return text + "\n";
  };
  return "import torch\nimport torch.nn as nn\n\n\nclass Model(nn.Module):\n    def __init__(self):\n        super().__init__()\n" +
         indented(init) + "\n    def forward(self, x):\n" + indented(forward) +
         "\n\ndef get_inputs():\n    return [torch.arange(4, dtype=torch.float32)]\n\n\ndef get_init_inputs():\n    return []\n";
}

ModelJob::ModelJob(const std::string& source, bool built, const JobSpec& spec) : job(worker().start(spec)) {
  const Json file = {{"name", "__decomp_root__"}, {"path", "step/original.py"}, {"source", source}, {"dropped", Json::array()}};
  const Json loaded = ask({{"cmd", "load"}, {"files", Json::array({file})}});
  if (!built) return;
  INFO(loaded.dump());
  REQUIRE_FALSE(loaded.contains("error"));
  const Json answer = ask({{"cmd", "build"}, {"class", "Model"}, {"seed", 0}, {"leave_out", false}});
  INFO(answer.dump());
  REQUIRE_FALSE(answer.contains("error"));
  description = answer.at("description");
  if (answer.contains("need")) fetch(answer);
}

Json ModelJob::ask(const Json& command, const std::vector<int>& fds) { return job->request(command, fds).body; }

std::string ModelJob::fetch(const Json& reply) {
  const auto size = reply.at("need").get<std::size_t>();
  const UniqueFd file = create_memfd("tensors", size);
  REQUIRE(ask({{"cmd", "store"}}, {file.get()}).at("stored") == true);
  std::string bytes(size, '\0');
  REQUIRE(::pread(file.get(), bytes.data(), size, 0) == static_cast<ssize_t>(size));
  return bytes;
}

Json ModelJob::run(std::string* tensors) {
  const Json inputs = ask({{"cmd", "inputs"}, {"seeds", {42}}});
  INFO(inputs.dump());
  REQUIRE(inputs.contains("need"));
  const std::string bytes = fetch(inputs);
  const UniqueFd file = create_memfd("inputs", bytes.size());
  REQUIRE(::pwrite(file.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  REQUIRE(seal_against_writing(file.get()));
  const Json& trial = inputs.at("trials").at(0);
  Json reply = ask({{"cmd", "run"}, {"args", trial.at("args")}, {"kwargs", trial.at("kwargs")}, {"seed", 42}}, {file.get()});
  if (reply.contains("need") && tensors != nullptr) *tensors = fetch(reply);
  return reply;
}

std::vector<float> floats(const Json& node, const std::string& tensors) {
  REQUIRE(node.at("k") == "tensor");
  REQUIRE(node.at("dtype") == "float32");
  std::vector<float> values(node.at("nbytes").get<std::size_t>() / sizeof(float));
  REQUIRE(node.at("offset").get<std::size_t>() + values.size() * sizeof(float) <= tensors.size());
  std::memcpy(values.data(), tensors.data() + node.at("offset").get<std::size_t>(), values.size() * sizeof(float));
  return values;
}

}  // namespace decomp::test
