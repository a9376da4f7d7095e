// The built worker, seen from the host's side. No torch here: what a job says is JSON, what it ships are bytes.

#include <signal.h>

#include <future>
#include <thread>

#include "core/error.h"
#include "core/facts.h"
#include "core/schema.h"
#include "worker_support.h"

using namespace decomp;
using namespace decomp::test;

namespace {

// Every bad end must leave the worker as it was.
void require_worker_serves() {
  std::string tensors;
  ModelJob job(model_source("return x + 1"));
  const Json reply = job.run(&tensors);
  REQUIRE(floats(reply.at("output"), tensors) == std::vector<float>{1, 2, 3, 4});
}

JobSpec limited(double wall_seconds) {
  JobSpec spec = model_spec();
  spec.limits.wall_seconds = wall_seconds;
  return spec;
}

Json parse(const std::string& source) {
  JobSpec spec;
  spec.kind = "parse";
  return worker().start(spec)->request({{"cmd", "parse"}, {"path", "step/original.py"}, {"source", source}}).body;
}

}  // namespace

TEST_CASE("the worker says its versions") {
  const Json versions = (worker().warm(), worker().versions());
  CHECK(versions.at("torch").get<std::string>().find('.') != std::string::npos);
  CHECK(versions.at("python").get<std::string>().substr(0, 2) == "3.");
}

TEST_CASE("a parse job answers with facts") {
  const Json facts = parse(model_source("return x.reshape(2, 2) @ self.w", "self.w = nn.Parameter(torch.ones(2))")).at("facts");
  CHECK(validate_facts(facts).value_or("") == "");
  CHECK(schema_violation("facts", facts).value_or("") == "");
  CHECK(facts.at("body").size() == 5);
}

TEST_CASE("a parse job answers with a problem for what is no Python") {
  const Json facts = parse("class Model(:\n    pass\n").at("facts");
  CHECK(validate_facts(facts).value_or("") == "");
  CHECK(facts.at("problem").at("kind") == "syntax");
  CHECK(facts.at("problem").at("line") == 1);
}

TEST_CASE("a parse job answers for all the depth that facts may have, and says when it is more") {
  const auto chain = [](int n) {
    std::string text = "if x == 0:\n    pass\n";
    for (int i = 1; i < n; ++i) text += "elif x == " + std::to_string(i) + ":\n    pass\n";
    return text;
  };
  const Json deep = parse(chain(190)).at("facts");
  CHECK(validate_facts(deep).value_or("") == "");
  CHECK(deep.contains("body"));
  CHECK(parse(chain(300)).at("facts").at("problem").at("kind") == "too-deep");
  const Json sum = parse("x = " + std::string(150, '[') + std::string(150, ']') + "\n").at("facts");
  CHECK(validate_facts(sum).value_or("") == "");
}

TEST_CASE("a parse job serves many files") {
  JobSpec spec;
  spec.kind = "parse";
  const auto job = worker().start(spec);
  for (int i = 0; i < 50; ++i) {
    const Json facts = job->request({{"cmd", "parse"}, {"path", "a.py"}, {"source", "x = " + std::to_string(i) + "\n"}}).body.at("facts");
    REQUIRE(facts["body"][0]["value"]["value"]["value"] == std::to_string(i));
  }
}

TEST_CASE("a model job loads, builds, makes inputs and runs") {
  std::string tensors;
  ModelJob job(model_source("return {'y': self.fc(x), 'n': (3, None)}", "self.fc = nn.Linear(4, 2)"));
  REQUIRE(job.description.at("tensors").size() == 2);
  CHECK(job.description["tensors"][0]["key"] == "fc.weight");
  CHECK(job.description["tensors"][0]["shape"] == Json({2, 4}));
  const Json reply = job.run(&tensors);
  const Json& output = reply.at("output");
  CHECK(output["k"] == "dict");
  CHECK(output["keys"] == Json({"s:y", "s:n"}));
  CHECK(floats(output["items"][0], tensors).size() == 2);
  CHECK(output["items"][1]["items"][0]["v"] == "3");
  CHECK(output["items"][1]["items"][1]["k"] == "none");
  CHECK_FALSE(reply.contains("inputs_after"));
  CHECK_FALSE(job.job->sandbox_level().empty());
}

TEST_CASE("a model job computes with the weights that it is given, and cannot change them for others") {
  ModelJob job(model_source("self.w.data.add_(1)\nreturn x * self.w", "self.w = nn.Parameter(torch.zeros(4))"));
  const float given[] = {2, 3, 4, 5};
  const UniqueFd arena = create_memfd("weights", sizeof given);
  REQUIRE(::pwrite(arena.get(), given, sizeof given, 0) == sizeof given);
  REQUIRE(seal_against_writing(arena.get()));
  const Json entries = Json::array({{{"key", "w"}, {"offset", 0}}});
  REQUIRE(job.ask({{"cmd", "weights"}, {"entries", entries}}, {arena.get()}) == Json::object());
  std::string tensors;
  const Json reply = job.run(&tensors);
  CHECK(floats(reply.at("output"), tensors) == std::vector<float>{0, 4, 10, 18});
  float after[4];
  REQUIRE(::pread(arena.get(), after, sizeof after, 0) == sizeof after);
  CHECK(std::equal(given, given + 4, after));
}

TEST_CASE("a model job says when it changed its inputs") {
  ModelJob job(model_source("x[0] = 7\nreturn x + 1"));
  std::string tensors;
  const Json reply = job.run(&tensors);
  REQUIRE(reply.contains("inputs_after"));
  CHECK(floats(reply["inputs_after"]["args"]["items"][0], tensors) == std::vector<float>{7, 1, 2, 3});
}

TEST_CASE("an exception of judged code is an answer, with the frame it came from") {
  ModelJob job(model_source("y = x + 1\nraise ValueError('no ' + 'luck')"));
  const Json error = job.run().at("error");
  CHECK(error["type"] == "ValueError");
  CHECK(error["message"] == "no luck");
  CHECK(error["stage"] == "forward");
  REQUIRE_FALSE(error["frames"].empty());
  CHECK(error["frames"].back()["file"] == "step/original.py");
  CHECK(error["frames"].back()["line"] == 12);
  CHECK(job.run().contains("error"));  // and the job goes on
}

TEST_CASE("SystemExit and KeyboardInterrupt are exceptions like any other") {
  const std::string type = GENERATE(as<std::string>{}, "SystemExit", "KeyboardInterrupt", "GeneratorExit");
  ModelJob job(model_source("raise " + type + "(0)"));
  CHECK(job.run().at("error").at("type") == type);
}

TEST_CASE("an endless loop ends at the wall limit") {
  ModelJob job(model_source("while True:\n    pass"), true, limited(60));
  job.job->set_wall_seconds(0.5);
  std::string message;
  CHECK(failure_of([&] { job.ask({{"cmd", "run"}, {"args", {{"k", "list"}, {"items", Json::array({{{"k", "none"}}})}}},
                                  {"kwargs", {{"k", "none"}}}, {"seed", 1}}); }, &message) == "run-timeout");
  CHECK(message == "took longer than 0.5 s");
  CHECK_FALSE(job.job->alive());
  CHECK(failure_of([&] { job.run(); }) == "run-crash");  // a dead job stays dead
  require_worker_serves();
}

TEST_CASE("an endless loop at import ends at the wall limit") {
  ModelJob job(model_source("return x"), false);
  job.job->set_wall_seconds(0.5);
  const Json file = {{"name", "__decomp_root__"}, {"path", "x.py"}, {"source", "while True: pass\n"}, {"dropped", Json::array()}};
  CHECK(failure_of([&] { job.ask({{"cmd", "load"}, {"files", Json::array({file})}}); }) == "run-timeout");
  require_worker_serves();
}

TEST_CASE("processor time has a limit of its own") {
  JobSpec spec = model_spec();
  spec.limits.cpu_seconds = 1;
  ModelJob job(model_source("while True:\n    pass"), true, spec);
  std::string message;
  CHECK(failure_of([&] { job.run(); }, &message) == "run-cpu-limit");
  CHECK(message == "used more than 1 s of processor time");
  require_worker_serves();
}

TEST_CASE("memory has a limit, and hitting it is an exception of the judged code") {
  JobSpec spec = model_spec();
  spec.limits.memory_bytes = 512u << 20;
  ModelJob job(model_source("held = []\nwhile True:\n    held.append(torch.ones(1 << 22))"), true, spec);
  const Json reply = job.run();
  INFO(reply.dump());
  CHECK(reply.at("error").at("message").get<std::string>().find("memory") != std::string::npos);
  require_worker_serves();
}

TEST_CASE("memory of Python objects has the same limit") {
  JobSpec spec = model_spec();
  spec.limits.memory_bytes = 256u << 20;
  ModelJob job(model_source("held = []\nwhile True:\n    held.append(bytes(1 << 20))"), true, spec);
  const Json reply = job.run();
  INFO(reply.dump());
  CHECK(reply.at("error").at("type") == "MemoryError");
  require_worker_serves();
}

TEST_CASE("a job that ends its process has not answered") {
  std::string message;
  const std::string code = GENERATE(as<std::string>{}, "0", "1", "77");
  ModelJob job(model_source("import os\nos._exit(" + code + ")"));
  CHECK(failure_of([&] { job.run(); }, &message) == "run-exit");
  CHECK(message == "ended the process with exit code " + code + " instead of returning");
  require_worker_serves();
}

TEST_CASE("a job that crashes says by which signal") {
  const auto [code, number] = GENERATE(table<std::string, int>({
      {"import os\nos.abort()", SIGABRT},
      {"import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", SIGSEGV},
      {"import ctypes\nctypes.string_at(8)", SIGSEGV},
      {"import sys\nsys.setrecursionlimit(10**9)\nv = []\nfor _ in range(10**6): v = [v]\nrepr(v)", SIGSEGV},
  }));
  INFO(code);
  ModelJob job(model_source(code));
  std::string message;
  CHECK(failure_of([&] { job.run(); }, &message) == "run-crash");
  CHECK(message.find("signal " + std::to_string(number)) != std::string::npos);
  require_worker_serves();
}

TEST_CASE("a job that kills itself quietly is no timeout and no pass") {
  ModelJob job(model_source("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"));
  CHECK(failure_of([&] { job.run(); }) == "run-crash");
  require_worker_serves();
}

TEST_CASE("a stopped job ends at the wall limit") {
  ModelJob job(model_source("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"));
  job.job->set_wall_seconds(1);
  CHECK(failure_of([&] { job.run(); }) == "run-timeout");
  require_worker_serves();
}

TEST_CASE("a megabyte of prints is too much, and its beginning is kept") {
  const std::string how = GENERATE(as<std::string>{}, "print('y' * (1 << 20))", "import os\nos.write(2, b'y' * (1 << 20))",
                                   "while True:\n    print('yyyyyyyy')");
  INFO(how);
  ModelJob job(model_source(how + "\nreturn x"));
  std::string message;
  CHECK(failure_of([&] { job.run(); }, &message) == "run-output-limit");
  CHECK(message == "printed more than 262144 bytes");
  CHECK(job.job->printed().substr(0, 4) == "yyyy");
  CHECK(job.job->printed().size() <= 64u << 10);
  require_worker_serves();
}

TEST_CASE("a little printing does no harm, and never reaches the protocol") {
  std::string tensors;
  ModelJob job(model_source("print('{\"output\": 1}')\nreturn x * 2"));
  const Json reply = job.run(&tensors);
  CHECK(floats(reply.at("output"), tensors) == std::vector<float>{0, 2, 4, 6});
}

// The judged code finds the socket among its descriptors and writes to it.
TEST_CASE("garbage on the socket ends the job") {
  const std::string garbage = GENERATE(as<std::string>{}, "b'hello\\n'", "b'[1]\\n'", "b'\\xff\\n'");
  ModelJob job(model_source("import os, stat\n"
                            "for fd in range(3, 100):\n"
                            "    try:\n"
                            "        if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, " + garbage + ")\n"
                            "    except OSError: pass\n"
                            "return x"));
  std::string message;
  CHECK(failure_of([&] { job.run(); }, &message) == "run-garbled");
  CHECK_FALSE(job.job->alive());
  require_worker_serves();
}

TEST_CASE("a job that closes its socket and lives on is ended") {
  ModelJob job(model_source("import os, time\nos.closerange(3, 100)\ntime.sleep(1000)"));
  CHECK(failure_of([&] { job.run(); }) == "run-crash");
  require_worker_serves();
}

TEST_CASE("two jobs at once: one that hangs does not hold up the other") {
  ModelJob stuck(model_source("while True:\n    pass"));
  auto answer = std::async(std::launch::async, [&] { return failure_of([&] { stuck.run(); }); });
  require_worker_serves();
  CHECK(answer.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  stuck.job->set_wall_seconds(0.2);  // also while the request waits
  CHECK(answer.get() == "run-timeout");
}

TEST_CASE("the first of two jobs does not see what the second one did") {
  ModelJob a(model_source("return x + len(getattr(torch, 'mark', ''))"));
  ModelJob b(model_source("torch.mark = 'abc'\nreturn x + len(torch.mark)"));
  std::string of_a, of_b;
  const Json reply_b = b.run(&of_b);
  const Json reply_a = a.run(&of_a);
  CHECK(floats(reply_b.at("output"), of_b) == std::vector<float>{3, 4, 5, 6});
  CHECK(floats(reply_a.at("output"), of_a) == std::vector<float>{0, 1, 2, 3});
}

TEST_CASE("a device that is not there is said so") {
  JobSpec spec = model_spec();
  spec.device = "cuda:7";
  ModelJob job(model_source("return x"), false, spec);
  const Json reply = job.ask({{"cmd", "build"}, {"class", "Model"}, {"seed", 0}});
  INFO(reply.dump());
  CHECK(reply.at("error").at("type") == "device");
  CHECK(reply["error"]["message"].get<std::string>().find("cuda:7") != std::string::npos);
}

TEST_CASE("an unknown kind of job, and a binary that is no worker, are errors of the installation") {
  {
    Worker other(spawn_worker({DECOMP_BINARY, "", true}));
    JobSpec spec;
    spec.kind = "nothing";
    const auto job = other.start(spec);
    CHECK_THROWS_AS(job->request({{"cmd", "x"}}), Error);
  }
  CHECK_THROWS_AS(spawn_worker({"/nonexistent/decomp", "", true}), Error);
  Worker broken(spawn_worker({"/bin/false", "", true}));
  CHECK_THROWS_AS(broken.versions(), Error);
}

TEST_CASE("a Python that is not there is said so") {
  Worker broken(spawn_worker({DECOMP_BINARY, "/nonexistent/python", true}));
  try {
    broken.warm();
    broken.versions();
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::infrastructure);
    INFO(error.what());
    CHECK(std::string(error.what()).find("/nonexistent/python") != std::string::npos);
  }
}
