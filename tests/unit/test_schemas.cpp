#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/facts.h"
#include "core/schema.h"
#include "report/render.h"

using namespace decomp;

namespace {

Json parse(std::string_view text) { return std::get<Json>(parse_json(text, 1000)); }

// `document` with the value at `pointer` replaced.
Json with(Json document, const std::string& pointer, Json value) {
  document[Json::json_pointer(pointer)] = std::move(value);
  return document;
}

Json without(Json document, const std::string& parent, const std::string& key) {
  document[Json::json_pointer(parent)].erase(key);
  return document;
}

bool fits(const std::string& name, const Json& document) {
  const auto why = schema_violation(name, document);
  if (why) INFO(*why);
  return !why;
}

Report passing_report() {
  OutputReport output{"output[0]", "float32", {2, 3}, 1e-5, 1e-6, "ulp", true, 6, 0, 1e-7, 1e-7, 1e-8, 1, {0, 1}, "0.5", "0.50000006"};
  StepReport step;
  step.path = "steps/step_1";
  step.original_file = "steps/step_1/original.py";
  step.refactored_file = "steps/step_1/refactored.py";
  step.status = Status::pass;
  step.findings = {{"tape-note", Severity::note, {"steps/step_1/refactored.py", 3, 1, 3, 9}, "something", ""}};
  step.weights = {{"fc.linear.weight", "fc.weight", "path"}};
  step.trials = {{"public", 42, true, 1e-7, {output}}, {"entropy", 7, true, 0, {output}}};
  step.rtol = 1e-5;
  step.atol = 1e-6;
  step.input_dtype = "torch.float32";
  step.grade = "ulp";
  step.sandbox = "landlock 7 + seccomp + rlimits";
  step.digests = {{"steps/step_1/original.py", std::string(64, 'a')}};
  step.seconds = {{"forward", 0.5}};
  Report report;
  report.status = Status::pass;
  report.steps = {step};
  report.versions = {{"decomp", "0.1.0"}, {"torch", "2.13.0"}};
  report.seconds = 1.5;
  return report;
}

// Fails in every way that has numbers of its own.
Report failing_report() {
  Report report = passing_report();
  StepReport& step = report.steps[0];
  report.status = step.status = Status::fail;
  step.findings.push_back({"output-value", Severity::error, {"steps/step_1/refactored.py"}, "differs", "look"});
  step.findings.push_back({"grammar-raw-module", Severity::error, {"steps/step_1/refactored.py", 9}, "nn.Linear", ""});
  step.trials[0].pass = false;
  step.trials[0].max_abs = std::numeric_limits<double>::infinity();
  step.trials[0].outputs[0].max_abs = std::numeric_limits<double>::quiet_NaN();
  step.trials[0].outputs[0].max_rel = -std::numeric_limits<double>::infinity();
  step.trials[0].outputs[0].grade = "different";
  step.unmapped_original = {"fc.bias"};
  step.first_divergence = "child `fc`";
  return report;
}

Json result_of(const Report& report) { return verification_result_json(report, report.steps[0]); }

// What is written is what is read: through text, as a file is.
Json reread(const Json& document) { return parse(document.dump()); }

}  // namespace

TEST_CASE("every schema is named and names its document") {
  const std::vector<std::string> names = schema_names();
  CHECK(std::is_sorted(names.begin(), names.end()));
  const auto has = [&](const std::string& name) { return std::count(names.begin(), names.end(), name) == 1; };
  for (const char* name : {"agent_state", "coverage_report", "decomposition_log", "decomposition_tree", "facts", "prompt", "report", "step_verification_summary",
                           "test_results", "verification_result", "weight_map"})
    CHECK(has(name));
  // A tool of `decomp mcp` has both.
  for (const std::string& name : names)
    if (const auto at = name.rfind("_input"); name.rfind("mcp_", 0) == 0 && at != std::string::npos) CHECK(has(name.substr(0, at) + "_output"));
  for (const std::string& name : schema_names()) {
    const Json schema = parse(schema_text(name));
    CHECK(schema["$schema"] == "http://json-schema.org/draft-07/schema#");
    CHECK(schema.contains("title"));
  }
  CHECK_THROWS_AS(schema_text("nothing"), Error);
  CHECK_THROWS_AS(schema_violation("nothing", Json::object()), Error);
}

TEST_CASE("verification_result.json: what decomp writes fits") {
  CHECK(fits("verification_result", reread(result_of(passing_report()))));
  CHECK(fits("verification_result", reread(result_of(failing_report()))));
  for (Status status : {Status::vacuous, Status::skipped, Status::not_decided}) {
    Report report = passing_report();
    report.steps[0] = StepReport{};
    report.steps[0].original_file = report.steps[0].refactored_file = "x.py";
    report.steps[0].status = status;
    CHECK(fits("verification_result", reread(result_of(report))));
  }
}

TEST_CASE("verification_result.json: a difference that JSON has no number for is written as text") {
  Report report = failing_report();
  CHECK(result_of(report)["numerical_comparison"]["max_diff_across_trials"] == "inf");
  report.steps[0].trials[1].max_abs = std::numeric_limits<double>::quiet_NaN();
  CHECK(result_of(report)["numerical_comparison"]["max_diff_across_trials"] == "nan");
  CHECK(fits("verification_result", reread(result_of(report))));
}

TEST_CASE("verification_result.json: the specification's own example fits") {
  CHECK(fits("verification_result", parse(R"({
    "timestamp": "2026-02-20T10:00:00", "original_file": "steps/step_1/original.py", "refactored_file": "steps/step_1/refactored.py",
    "status": "PASS",
    "anticheat": {"status": "PASS", "source_violations": [], "parameter_violations": []},
    "weight_transfer": {"status": "OK", "mapped_count": 10, "unmapped_original": [], "unmapped_refactored": []},
    "numerical_comparison": {"status": "PASS", "rtol": 1e-5, "atol": 1e-6, "input_dtype": "torch.float32", "num_trials": 3,
      "max_diff_across_trials": 2.384e-07, "trials": [{"trial": 0, "seed": 42, "max_diff": 2.384e-07, "pass": true}]}})")));
}

TEST_CASE("verification_result.json: every required member is missed") {
  const Json good = reread(result_of(passing_report()));
  for (const char* key : {"timestamp", "original_file", "refactored_file", "status", "anticheat", "weight_transfer", "numerical_comparison"}) {
    INFO(key);
    const auto why = schema_violation("verification_result", without(good, "", key));
    REQUIRE(why);
    CHECK(why->find(key) != std::string::npos);
  }
  for (const auto& [parent, key] : std::vector<std::pair<std::string, std::string>>{
           {"/anticheat", "status"}, {"/anticheat", "source_violations"}, {"/anticheat", "parameter_violations"},
           {"/weight_transfer", "mapped_count"}, {"/weight_transfer", "unmapped_original"},
           {"/numerical_comparison", "rtol"}, {"/numerical_comparison", "max_diff_across_trials"},
           {"/numerical_comparison", "num_trials"}, {"/numerical_comparison/trials/0", "seed"},
           {"/numerical_comparison/trials/0", "pass"}}) {
    INFO(parent << "/" << key);
    CHECK_FALSE(fits("verification_result", without(good, parent, key)));
  }
}

TEST_CASE("verification_result.json: wrong kinds are refused, more members are not") {
  const Json good = reread(result_of(passing_report()));
  CHECK_FALSE(fits("verification_result", with(good, "/status", "OK")));
  CHECK_FALSE(fits("verification_result", with(good, "/timestamp", "yesterday")));
  CHECK_FALSE(fits("verification_result", with(good, "/weight_transfer/mapped_count", "10")));
  CHECK_FALSE(fits("verification_result", with(good, "/weight_transfer/mapped_count", -1)));
  CHECK_FALSE(fits("verification_result", with(good, "/numerical_comparison/max_diff_across_trials", nullptr)));
  CHECK_FALSE(fits("verification_result", with(good, "/numerical_comparison/trials/0/pass", 1)));
  CHECK_FALSE(fits("verification_result", with(good, "/digests/x", "abc")));
  CHECK_FALSE(fits("verification_result", Json::array()));
  CHECK(fits("verification_result", with(good, "/added_later", Json{{"any", "thing"}})));
  CHECK(fits("verification_result", with(good, "/anticheat/added_later", 1)));
}

TEST_CASE("verification_result.json: a pass has no part that did not pass") {
  const Json good = reread(result_of(passing_report()));
  CHECK_FALSE(fits("verification_result", with(good, "/anticheat/status", "SKIPPED")));
  CHECK_FALSE(fits("verification_result", with(good, "/anticheat/source_violations", {"x"})));
  CHECK_FALSE(fits("verification_result", with(good, "/weight_transfer/status", "FAIL")));
  CHECK_FALSE(fits("verification_result", with(good, "/numerical_comparison/status", "NOT RUN")));
  CHECK_FALSE(fits("verification_result", with(good, "/numerical_comparison/trials", Json::array())));
  CHECK_FALSE(fits("verification_result", with(good, "/numerical_comparison/trials/1/pass", false)));
  CHECK_FALSE(fits("verification_result", with(good, "/findings/0/severity", "error")));
  CHECK(fits("verification_result", with(with(good, "/findings/0/severity", "error"), "/status", "FAIL")));
}

TEST_CASE("report: what decomp prints fits") {
  CHECK(fits("report", reread(report_json(passing_report()))));
  CHECK(fits("report", reread(report_json(failing_report()))));
  Report undecided;
  undecided.versions["decomp"] = "0.1.0";
  undecided.steps.resize(1);
  undecided.steps[0].findings = {{"run-not-decided", Severity::error, {"steps/step_1"}, "the worker is gone", "Try again."}};
  CHECK(fits("report", reread(report_json(undecided))));
}

TEST_CASE("report: broken ones are refused") {
  const Json good = reread(report_json(passing_report()));
  for (const char* key : {"status", "exit", "steps", "findings", "versions", "seconds"}) {
    INFO(key);
    CHECK_FALSE(fits("report", without(good, "", key)));
  }
  for (const char* key : {"path", "status", "grade", "findings", "weights", "trials", "sandbox", "digests", "seconds"}) {
    INFO(key);
    CHECK_FALSE(fits("report", without(good, "/steps/0", key)));
  }
  CHECK_FALSE(fits("report", with(good, "/exit", 2)));
  CHECK_FALSE(fits("report", with(good, "/status", "FAIL")));  // with exit 0
  CHECK_FALSE(fits("report", with(good, "/steps/0/status", "SKIPPED")));
  CHECK_FALSE(fits("report", with(good, "/steps/0/findings/0/rule", "Not A Rule")));
  CHECK_FALSE(fits("report", with(good, "/steps/0/findings/0/line", -1)));
  CHECK_FALSE(fits("report", with(good, "/steps/0/grade", "good")));
  CHECK_FALSE(fits("report", with(good, "/steps/0/trials/0/outputs/0/max_abs", nullptr)));
  CHECK_FALSE(fits("report", with(good, "/steps/0/trials/0/outputs/0/shape/0", 1.5)));
  CHECK_FALSE(fits("report", with(good, "/steps/0/trials/0/pass", false)));  // in a step that passes
  CHECK(fits("report", with(good, "/steps/0/trials/0/outputs/0/max_abs", "nan")));
  CHECK(fits("report", with(good, "/steps/0/added_later", true)));
}

TEST_CASE("weight_map.json: every form of a target") {
  CHECK(fits("weight_map", parse(R"({})")));
  CHECK(fits("weight_map", parse(R"({"a": "b", "c": ["d", "e"], "f": null, "g": {"key": "h", "rows": [0, 4]}, "i": {"key": "j"},
                                     "k": [{"key": "l", "rows": [0, 2]}, {"key": "m", "rows": [2, 4]}]})")));
  for (const char* bad : {R"([])", R"("a")", R"({"a": ""})", R"({"a": 1})", R"({"a": true})", R"({"a": []})", R"({"a": [null]})",
                          R"({"a": [["b"]]})", R"({"a": {}})", R"({"a": {"rows": [0, 1]}})", R"({"a": {"key": "b", "rows": [0]}})",
                          R"({"a": {"key": "b", "rows": [0, -1]}})", R"({"a": {"key": "b", "rows": [0, 1.5]}})",
                          R"({"a": {"key": "b", "rows": [0, 1, 2]}})", R"({"a": {"key": "b", "cols": [0, 1]}})"}) {
    INFO(bad);
    CHECK_FALSE(fits("weight_map", parse(bad)));
  }
}

namespace {

// Both judges of facts must agree on each of these.
const std::vector<std::string> good_facts = {
    R"({"_": "Module"})",
    R"({"_": "Module", "cookie": {"line": 2, "name": "latin-1"}})",
    R"({"problem": {"kind": "syntax", "line": 3, "column": 1, "message": "invalid syntax"}})",
    R"({"problem": {"kind": "too-deep", "line": 0, "column": 0, "message": "deep"}})",
    R"({"_": "Module", "body": [{"_": "Pass", "at": [1, 1, 1, 5]}]})",
    R"({"_": "Module", "body": [{"_": "Global", "at": [1, 1, 1, 9], "names": ["a", "b"]}]})",
    R"({"_": "Module", "body": [{"_": "ImportFrom", "at": [1, 1, 1, 20], "module": "x", "level": 0,
        "names": [{"_": "alias", "at": [1, 15, 1, 16], "name": "y"}]}]})",
    R"({"_": "Module", "body": [{"_": "Expr", "at": [1, 1, 1, 9], "value": {"_": "Dict", "at": [1, 1, 1, 9],
        "keys": [null, {"_": "Constant", "at": [1, 2, 1, 3], "value": {"kind": "int", "value": "1"}}],
        "values": [{"_": "Name", "at": [1, 2, 1, 3], "id": "x"}, {"_": "Name", "at": [1, 2, 1, 3], "id": "y"}]}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "str", "value": "x", "surrogates": true}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "None", "value": null}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "bool", "value": false}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "bytes", "value": "00ff"}}]})",
    R"({"_": "Module", "body": [{"_": "MatchSingleton", "at": [1, 1, 1, 5], "value": true}]})",
};

const std::vector<std::string> bad_facts = {
    R"(null)",
    R"([])",
    R"({})",
    R"({"_": "Expression"})",
    R"({"_": 1})",
    R"({"_": "Module", "body": []})",
    R"({"_": "Module", "body": {}})",
    R"({"_": "Module", "body": ["x"]})",
    R"({"_": "Module", "body": [null]})",
    R"({"_": "Module", "extra": 1})",
    R"({"_": "Module", "cookie": {"line": 0, "name": "latin-1"}})",
    R"({"_": "Module", "cookie": {"line": 1}})",
    R"({"_": "Module", "problem": {"kind": "syntax", "line": 3, "column": 1, "message": "m"}})",
    R"({"problem": {"kind": "other", "line": 3, "column": 1, "message": "m"}})",
    R"({"problem": {"kind": "syntax", "line": -1, "column": 1, "message": "m"}})",
    R"({"problem": {"kind": "syntax", "line": 1, "column": 1}})",
    R"({"problem": {"kind": "syntax", "line": 1, "column": 1, "message": 7}})",
    R"({"problem": "syntax"})",
    R"({"_": "Module", "body": [{}]})",
    R"({"_": "Module", "body": [{"at": [1, 1, 1, 5]}]})",
    R"({"_": "Module", "body": [{"_": null}]})",
    R"({"_": "Module", "body": [{"_": "Pass", "at": [1, 1, 1]}]})",
    R"({"_": "Module", "body": [{"_": "Pass", "at": [0, 1, 1, 5]}]})",
    R"({"_": "Module", "body": [{"_": "Pass", "at": [1, 1, 1, "5"]}]})",
    R"({"_": "Module", "body": [{"_": "Pass", "at": 1}]})",
    R"({"_": "Module", "body": [{"_": "Expr", "value": null}]})",
    R"({"_": "Module", "body": [{"_": "Expr", "value": 1.5}]})",
    R"({"_": "Module", "body": [{"_": "Expr", "value": []}]})",
    R"({"_": "Module", "body": [{"_": "Expr", "value": {"kind": "int", "value": "1"}}]})",
    R"({"_": "Module", "body": [{"_": "Expr", "list": [1]}]})",
    R"({"_": "Module", "body": [{"_": "Expr", "list": [["x"]]}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9]}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "value": {"kind": "int", "value": "1"}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "int", "value": 1}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "bool", "value": "True"}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "None", "value": "None"}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "bytes", "value": "0"}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "bytes", "value": "zz"}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "code", "value": "x"}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "int", "value": "1", "more": 1}}]})",
    R"({"_": "Module", "body": [{"_": "Constant", "at": [1, 1, 1, 9], "value": {"kind": "str", "value": "x"}, "more": 1}]})",
    R"({"_": "Module", "body": [{"_": "If", "body": [{"_": "Expr", "value": {"_": "Name", "at": [1, 1]}}]}]})",
};

// Module > `depth` nested lists.
std::string nested(int depth) {
  std::string text = R"({"_": "Module", "body": [)";
  for (int i = 0; i < depth; ++i) text += R"({"_": "List", "at": [1, 1, 1, 2], "elts": [)";
  text += R"({"_": "Name", "at": [1, 1, 1, 2], "id": "x"})";
  for (int i = 0; i < depth; ++i) text += "]}";
  return text + "]}";
}

}  // namespace

TEST_CASE("facts: the schema and the native check accept the same trees") {
  for (const std::string& text : good_facts) {
    INFO(text);
    CHECK(schema_violation("facts", parse(text)).value_or("") == "");
    CHECK(validate_facts(parse(text)).value_or("") == "");
  }
}

TEST_CASE("facts: the schema and the native check refuse the same trees") {
  for (const std::string& text : bad_facts) {
    INFO(text);
    CHECK(schema_violation("facts", parse(text)));
    CHECK(validate_facts(parse(text)));
    CHECK_THROWS_AS(make_facts("x.py", parse(text)), Error);
  }
}

TEST_CASE("facts: a node has the fields that Python gives it, of the kinds that Python gives them") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"_": "FunctionDef", "name": "f", "args": {"_": "arguments"}})", "a FunctionDef node with no body"},
      {R"({"_": "FunctionDef", "name": "f", "args": {"_": "arguments"}, "body": "Pass"})",
       "a FunctionDef node with a field body of the wrong kind"},
      {R"({"_": "FunctionDef", "args": {"_": "arguments"}, "body": [{"_": "Pass"}]})", "a FunctionDef node with no name"},
      {R"({"_": "Global", "names": [{"_": "Pass"}]})", "a Global node with a field names of the wrong kind"},
      {R"({"_": "Global"})", "a Global node with no names"},
      {R"({"_": "ListComp", "elt": {"_": "Pass"}})", "a ListComp node with no generators"},
      {R"({"_": "List", "elts": [null]})", "a List node with a field elts of the wrong kind"},
      {R"({"_": "ImportFrom", "names": [{"_": "alias", "name": "x"}], "level": "1"})",
       "a ImportFrom node with a field level of the wrong kind"},
      {R"({"_": "Dict", "keys": [null]})", "a Dict node with 1 keys and 0 values"},
      {R"({"_": "Name", "id": true})", "a Name node with a field id of the wrong kind"},
      {R"({"_": "Constant", "at": [1, 1, 1, 2], "value": {"kind": "int", "value": "x"}})", "a Constant node with a string as int"},
      {R"({"_": "Global", "names": ["x"]})", ""},
      {R"({"_": "Return"})", ""},
      {R"({"_": "Lambda", "args": {"_": "arguments"}, "body": {"_": "Name", "id": "x"}})", ""},
      {R"({"_": "Constant", "at": [1, 1, 1, 2], "value": {"kind": "int", "value": "0xff"}})", ""},
      {R"({"_": "NodeOfAPythonToCome", "parts": [{"_": "Pass"}]})", ""},
  };
  for (const auto& [node, message] : rows) {
    INFO(node);
    CHECK(validate_facts(parse(R"({"_": "Module", "body": [)" + node + "]}")).value_or("") == message);
  }
}

TEST_CASE("facts: the native check says what is wrong, and stops at a depth") {
  CHECK(*validate_facts(parse(R"({"_": "Module", "body": [{"_": "If", "test": 1.5}]})")) ==
        "a If node with a field test that is empty or no tree");
  CHECK_FALSE(validate_facts(parse(nested(199))));
  CHECK(validate_facts(parse(nested(300))) == std::optional<std::string>("a tree of more than 256 levels"));
}

TEST_CASE("step_verification_summary.json: what decomp writes fits, and counts every step once") {
  Report report = passing_report();
  report.steps[0].coverage_percent = 100.0;
  const Json good = reread(step_summary_json(report, "examples/decomposed/x"));
  CHECK(fits("step_verification_summary", good));
  CHECK(good["steps"][0]["step_name"] == "step_1");
  CHECK(good["steps"][0]["max_diff"] == 1e-7);
  for (Status status : {Status::fail, Status::vacuous, Status::skipped, Status::not_decided}) {
    StepReport step;
    step.path = "steps/step_2";
    step.status = status;
    report.steps.push_back(step);
  }
  report.status = Status::fail;
  const Json mixed = reread(step_summary_json(report, "x"));
  CHECK(fits("step_verification_summary", mixed));
  CHECK(std::vector<int>{mixed["total_steps"], mixed["passed"], mixed["failed"], mixed["skipped"]} == std::vector<int>{5, 1, 2, 2});
  CHECK(mixed["steps"][1]["coverage_pct"].is_null());
  CHECK(mixed["steps"][1]["max_diff"].is_null());
  CHECK(fits("step_verification_summary", reread(step_summary_json(failing_report(), "x"))));
}

TEST_CASE("step_verification_summary.json: the specification's own example fits, and what contradicts itself does not") {
  const Json good = parse(R"({"timestamp": "2026-02-20T10:05:00", "decomp_dir": "output/level3/11_VGG16/", "status": "PASS",
    "total_steps": 15, "passed": 15, "failed": 0, "skipped": 0,
    "steps": [{"step_name": "step_1_model_to_layers", "verification_status": "PASS", "coverage_pct": 100.0, "max_diff": 2.384e-07,
               "anticheat_status": "PASS"}]})");
  CHECK(fits("step_verification_summary", good));
  for (const char* key : {"timestamp", "decomp_dir", "status", "total_steps", "passed", "failed", "skipped", "steps"})
    CHECK_FALSE(fits("step_verification_summary", without(good, "", key)));
  for (const char* key : {"step_name", "verification_status", "coverage_pct", "max_diff", "anticheat_status"})
    CHECK_FALSE(fits("step_verification_summary", without(good, "/steps/0", key)));
  CHECK_FALSE(fits("step_verification_summary", with(good, "/failed", 1)));
  CHECK_FALSE(fits("step_verification_summary", with(good, "/steps/0/verification_status", "FAIL")));
  CHECK_FALSE(fits("step_verification_summary", with(good, "/steps/0/anticheat_status", "FAIL")));
  CHECK_FALSE(fits("step_verification_summary", with(good, "/steps/0/coverage_pct", 101)));
}

namespace {

Report tested_report() {
  ComponentReport good;
  good.path = "examples/x/level_0_kernel/gelu_fp32.py";
  good.level = "kernel";
  good.status = Status::pass;
  good.self_test = "passed";
  good.inputs = good.outputs = {"float32 [2, 3]"};
  good.findings = {{"component-header-unread", Severity::note, {good.path, 1}, "has no docstring", ""}};
  good.digest = std::string(64, 'a');
  Report report;
  report.status = Status::pass;
  report.components = {good};
  report.versions = {{"decomp", "0.1.0"}};
  return report;
}

}  // namespace

TEST_CASE("test_results.json: what decomp writes fits, and counts every component once") {
  Report report = tested_report();
  const Json good = reread(test_results_json(report, "examples/x/"));
  CHECK(fits("test_results", good));
  CHECK(fits("report", reread(report_json(report))));
  CHECK(good["component_results"][0]["file"] == "level_0_kernel/gelu_fp32.py");
  for (Status status : {Status::fail, Status::not_decided}) {
    ComponentReport component;
    component.path = "examples/x/steps/step_1/children/y.py";
    component.status = status;
    component.findings = {{"run-timeout", Severity::error, {component.path}, "took too long", ""}};
    report.components.push_back(component);
  }
  report.status = Status::fail;
  const Json mixed = reread(test_results_json(report, "examples/x"));
  CHECK(fits("test_results", mixed));
  CHECK(fits("report", reread(report_json(report))));
  CHECK(std::vector<int>{mixed["total_components"], mixed["passed"], mixed["failed"], mixed["not_decided"]} == std::vector<int>{3, 1, 1, 1});
  CHECK(mixed["component_results"][1]["file"] == "steps/step_1/children/y.py");
}

TEST_CASE("test_results.json: the specification's own example fits, and what contradicts itself does not") {
  const Json good = parse(R"({"timestamp": "2024-01-15T10:35:00Z", "total_components": 25, "passed": 25, "failed": 0,
    "composition_test": "PASSED", "max_difference": 1.2e-6,
    "component_results": [{"file": "level_0_kernel/linear_768x3072_fp32.py", "status": "PASS"},
                          {"file": "level_0_kernel/gelu_fp32.py", "status": "PASS"}]})");
  CHECK(fits("test_results", good));
  for (const char* key : {"timestamp", "total_components", "passed", "failed", "composition_test", "max_difference", "component_results"})
    CHECK_FALSE(fits("test_results", without(good, "", key)));
  for (const char* key : {"file", "status"}) CHECK_FALSE(fits("test_results", without(good, "/component_results/0", key)));
  CHECK_FALSE(fits("test_results", with(good, "/composition_test", "perhaps")));
  const Json own = reread(test_results_json(tested_report(), "examples/x"));
  CHECK_FALSE(fits("test_results", with(own, "/component_results/0/self_test", "failed")));  // in a component that passes
  CHECK_FALSE(fits("test_results", with(own, "/component_results/0/findings/0/severity", "error")));
  CHECK_FALSE(fits("report", with(reread(report_json(tested_report())), "/components/0/status", "FAIL")));  // with exit 0
}

namespace {

Report covered_report() {
  CoverageReport coverage;
  coverage.model_file = "examples/x.py";
  coverage.status = "PARTIAL_COVERAGE";
  coverage.recorded = true;
  coverage.total_original = 3;
  coverage.total_decomposed = 2;
  coverage.covered = 2;
  coverage.operations = {{"linear", 2, 2, 0, "covered"}, {"relu", 1, 0, 1, "missing"}};
  coverage.missing = {{"relu", 1, "act", {"examples/x.py", 12}}};
  coverage.children = {{"level_0_kernel/linear_4x4_fp32.py", 2, {{"linear", 2}}}};
  coverage.tiers = {{"torch.fx.symbolic_trace", false, "TypeError: no", {}, 0, 0.1}, {"torch.compile", true, "", {{"linear", 2}}, 1, 2.5},
                    {"forward_hooks", true, "", {{"Linear", 2}}, 0, 0.1}, {"native_tape", true, "", {{"linear", 2}, {"relu", 1}}, 0, 0}};
  Report report;
  report.status = Status::fail;
  report.coverage = {coverage};
  report.findings = {{"coverage-missing", Severity::error, {"examples/x.py", 12}, "`relu` is made by no kernel", "Make one."}};
  report.versions = {{"decomp", "0.1.0"}};
  return report;
}

}  // namespace

TEST_CASE("coverage_report.json: what decomp writes fits") {
  Report report = covered_report();
  const Json partial = reread(coverage_report_json(report));
  CHECK(fits("coverage_report", partial));
  CHECK(fits("report", reread(report_json(report))));
  CHECK(partial["extraction_method"] == "torch.compile");  // the first that worked
  CHECK(partial["coverage"]["coverage_pct"].get<double>() == Approx(200.0 / 3));
  CHECK(partial["coverage"]["missing_op_types"] == Json({"relu"}));
  CHECK(partial["missing_ops"][0]["line"] == 12);
  CHECK_FALSE(fits("coverage_report", with(partial, "/status", "FULL_COVERAGE")));
  CHECK_FALSE(fits("coverage_report", with(partial, "/extraction/0/reason", "")));
  CHECK_FALSE(fits("coverage_report", with(partial, "/missing_ops/0/count", 0)));
  for (ExtractionTier& tier : report.coverage[0].tiers) tier = {tier.method, false, "no", {}, 0, 0};
  CHECK(coverage_report_json(report)["extraction_method"] == "native_tape");
}

TEST_CASE("coverage_report.json: the specification's own example fits, and lacks nothing that is required") {
  const Json good = parse(R"({"timestamp": "2026-02-20T10:00:00", "model_file": "steps/step_1/original.py", "status": "FULL_COVERAGE",
    "extraction_method": "torch.fx.symbolic_trace",
    "coverage": {"total_original_ops": 5, "total_decomposed_ops": 5, "covered_op_count": 5, "coverage_pct": 100.0, "missing_op_types": [],
                 "extra_op_types": [], "op_details": [{"op_type": "Conv2d", "original_count": 2, "decomposed_count": 2, "status": "covered"}]}})");
  CHECK(fits("coverage_report", good));
  for (const char* key : {"timestamp", "model_file", "status", "extraction_method", "coverage"}) CHECK_FALSE(fits("coverage_report", without(good, "", key)));
  for (const char* key : {"total_original_ops", "total_decomposed_ops", "covered_op_count", "coverage_pct", "missing_op_types", "extra_op_types", "op_details"})
    CHECK_FALSE(fits("coverage_report", without(good, "/coverage", key)));
  CHECK_FALSE(fits("coverage_report", with(good, "/coverage/coverage_pct", 99.9)));
  CHECK_FALSE(fits("coverage_report", with(good, "/coverage/missing_op_types", Json({"relu"}))));
}
