#include "pipeline/component_tests.h"

#include <algorithm>

#include "checks/component_header.h"
#include "checks/output_shapes.h"
#include "checks/kernels.h"
#include "core/error.h"
#include "pipeline/over_cores.h"
#include "pipeline/run_alone.h"
#include "pipeline/step_context.h"
#include "pipeline/step_memory.h"
#include "pipeline/workspace.h"
#include "tensor/host_inputs.h"

namespace decomp {
namespace {

void collect(const Value& value, const std::string& name, std::vector<RanTensor>& out) {
  if (value.kind == Value::Kind::tensor) {
    const auto sizes = value.tensor.sizes();
    out.push_back({name, {sizes.begin(), sizes.end()}, dtype_name(value.tensor.scalar_type())});
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) collect(value.items[i], name + "[" + std::to_string(i) + "]", out);
}

// The same of a wire tree.
void collect(const Json& tree, const std::string& name, std::vector<RanTensor>& out) {
  if (tree.value("k", "") == "tensor") out.push_back({name, tree.at("shape").get<std::vector<std::int64_t>>(), tree.at("dtype").get<std::string>()});
  const Json items = tree.value("items", Json::array());
  for (std::size_t i = 0; i < items.size(); ++i) collect(items[i], name + "[" + std::to_string(i) + "]", out);
}

std::vector<std::string> texts_of(const std::vector<RanTensor>& tensors) {
  std::vector<std::string> texts;
  for (const RanTensor& t : tensors) texts.push_back(text_of(t));
  return texts;
}

Location function_in(const Facts& facts, const std::string& file, const std::string& name) {
  for (const Node& statement : facts.module().list("body"))
    if (statement.is("FunctionDef") && statement.text("name") == name) return {file, statement.line(), statement.column()};
  return {file};
}

// By its folder, else as its header declares; "" when neither names a level.
std::string level_of(const Component& component) {
  if (component.level >= 0) return level_names[component.level];
  const std::string declared = component.source ? declared_level(component.source->bytes) : "";
  return std::find(std::begin(level_names), std::end(level_names), declared) == std::end(level_names) ? "" : declared;
}

bool has_infinite_argument(const TapeEntry& entry) {
  return std::any_of(entry.args.begin(), entry.args.end(), [](const std::string& argument) {
    const std::string value = argument.substr(argument.find('=') + 1);
    return value == "inf" || value == "-inf" || value == "nan";
  });
}

// The operations whose results are not finite, in order, by canonical name and dtype; what only moves such values is left out.
std::vector<std::pair<std::string, std::string>> nonfinite_in(const Tape& tape) {
  std::vector<std::pair<std::string, std::string>> makers;
  std::set<std::int64_t> nonfinite;
  for (const TapeEntry& entry : tape.entries) {
    const bool reads = std::any_of(entry.in.begin(), entry.in.end(), [&](const TapeRef& ref) { return nonfinite.count(ref.id) != 0; });
    for (const TapeRef& out : entry.out) {
      if (out.nonfinite == 0 && !has_infinite_argument(entry)) continue;
      nonfinite.insert(out.id);
      if (!reads || op_class(entry.op) != OpClass::plumbing) makers.emplace_back(canonical_operation(entry.op), out.dtype);
    }
  }
  return makers;
}

bool same_finding(const Finding& a, const Finding& b) { return a.rule == b.rule && a.message == b.message && a.where.line == b.where.line; }

bool is_error(const Finding& finding) { return finding.severity == Severity::error; }

}  // namespace

ComponentReport ComponentTests::run(const Component& component) {
  const auto start = Clock::now();
  ComponentReport report;
  report.path = component.shown;
  report.digest = component.digest;
  report.findings = component.findings;
  report.status = Status::fail;
  report.level = level_of(component);
  if (component.findings.empty()) {
    ComponentReport own;  // of decomp's test, on another thread
    // Its own test builds the same model: what does not fit is told before either begins.
    try {
      judge_memory_of(session_, session_.model_job(), *component.facts, side_file(component), imported_files(components_, component), component.grammar.model_class);
    } catch (const StepUndecided& undecided) {
      report.findings.push_back(undecided.finding);
      report.status = Status::not_decided;
      report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
      return report;
    }
    both([&] { run_self_test(component, report); }, [&] { run_own_test(component, own); });
    report.inputs = std::move(own.inputs);
    report.outputs = std::move(own.outputs);
    report.sandbox = std::move(own.sandbox);
    for (Finding& finding : own.findings)  // a file that cannot be imported says so twice
      if (std::none_of(report.findings.begin(), report.findings.end(), [&](const Finding& f) { return same_finding(f, finding); }))
        report.findings.push_back(std::move(finding));
    if (std::none_of(report.findings.begin(), report.findings.end(), is_error)) report.status = Status::pass;
  }
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

void ComponentTests::run_self_test(const Component& component, ComponentReport& report) {
  const Location where = function_in(*component.facts, component.shown, "run_tests");
  auto add = [&](Severity severity, const std::string& message, const std::string& help) {
    report.findings.push_back({"component-self-test", severity, where, message, help});
  };
  ModelSide side(session_.worker(), session_.model_job(), side_file(component), imported_files(components_, component), component.grammar.model_class);
  try {
    side.load();
    report.self_test = "raised";
    const Json answer = side.self_test(construct_seed);
    report.printed = side.printed();
    const std::string passed = report.printed.find("PASS") != std::string::npos ? ", although it printed PASS" : "";
    if (!answer.value("present", false)) {
      report.self_test = "absent";
      add(Severity::warning, "has no run_tests()", "Add the self-test of the component template.");
    } else if (answer.contains("exit")) {
      const int code = answer.at("exit").get<int>();
      report.self_test = code == 0 ? "passed" : "failed";
      if (code != 0) add(Severity::error, "run_tests() ended with exit code " + std::to_string(code) + passed, "Run the file alone, and mend what its test finds.");
    } else if (answer.at("truth").is_null()) {
      report.self_test = "no verdict";
      add(Severity::warning, "run_tests() returned None, which is neither pass nor fail", "Return True when the test passes, False when it fails.");
    } else {
      report.self_test = answer.at("truth").get<bool>() ? "passed" : "failed";
      if (report.self_test == "failed")
        add(Severity::error, "run_tests() returned " + answer.value("returned", "?") + passed, "Run the file alone, and mend what its test finds.");
    }
  } catch (const StepStop& stop) {
    if (report.self_test.empty() || stop.finding.rule != "run-exception") report.self_test = "ended";
    report.printed = side.printed();
    report.findings.push_back(stop.finding);
  } catch (const Json::exception& error) {
    report.self_test = "ended";
    report.findings.push_back({"run-garbled", Severity::error, where, std::string("the self-test's job gave an answer that cannot be read: ") + error.what(), ""});
  }
}

ComponentTests::OwnTest ComponentTests::own_test(const Component& component) {
  OwnTest test;
  const auto known = component.source && component.imports.empty() ? originals_.find(component.source->sha256) : originals_.end();
  if (known != originals_.end()) {
    const StepEvidence& seen = *known->second;
    collect(seen.inputs.at("args"), "input", test.ran.inputs);
    collect(seen.inputs.at("kwargs"), "input", test.ran.inputs);
    for (const TensorShape& output : *seen.outputs) test.ran.outputs.push_back({"output", output.shape, output.dtype});
    for (const OwnedTensor& t : seen.tensors) test.ran.weights.push_back({t.key, t.shape, t.dtype});
    ModelSide side(session_.worker(), session_.model_job(), side_file(component), {}, component.grammar.model_class);
    side.load();
    test.declared = side.call("get_expected_output_shape", construct_seed).tree;
    test.sandbox = side.sandbox_level();
    return test;
  }
  OwnRun run = run_finite(session_, components_, component);
  collect(run.inputs.items.at(0), "input", test.ran.inputs);
  collect(run.inputs.items.at(1), "input", test.ran.inputs);
  collect(run.result.output, "output", test.ran.outputs);
  test.ran.weights = std::move(run.weights);
  test.declared = std::move(run.declared);
  test.sandbox = std::move(run.sandbox);
  if (!all_finite(run.result.output)) test.nonfinite = std::move(run.result.tape);
  return test;
}

void ComponentTests::run_own_test(const Component& component, ComponentReport& report) {
  try {
    const OwnTest test = own_test(component);
    const RanTensors& ran = test.ran;
    const Json& declared = test.declared;
    report.inputs = texts_of(ran.inputs);
    report.outputs = texts_of(ran.outputs);
    report.sandbox = test.sandbox;
    if (test.nonfinite) judge_finite(component, *test.nonfinite, report);
    const Location where = function_in(*component.facts, component.shown, "get_expected_output_shape");
    const auto shapes = declared.contains("value") ? declared_shapes(declared.at("value")) : std::nullopt;
    std::vector<Finding> found;
    if (shapes)
      found = check_output_shapes(*shapes, ran.outputs, where);
    else
      found = {{"component-output-shape", Severity::note, where,
                declared.value("present", false) ? "get_expected_output_shape() returns no list of shapes" : "has no get_expected_output_shape()",
                "Return the shapes of the output tensors, in order: return [(2, 64, 256)]."}};
    for (Finding& finding : check_header(read_header(*component.facts), ran, component.shown)) found.push_back(std::move(finding));
    std::move(found.begin(), found.end(), std::back_inserter(report.findings));
  } catch (const StepStop& stop) {
    report.findings.push_back(stop.finding);
  } catch (const Json::exception& error) {
    report.findings.push_back({"run-garbled", Severity::error, {component.shown}, std::string("its job gave an answer that cannot be read: ") + error.what(), ""});
  } catch (const std::invalid_argument& error) {
    report.findings.push_back({"run-garbled", Severity::error, {component.shown}, std::string("its inputs cannot be read: ") + error.what(), ""});
  }
}

void ComponentTests::judge_finite(const Component& component, const Tape& tape, ComponentReport& report) {
  // The original's own (a mask of -inf) is no fault, nor what only moves it.
  std::string maker;
  const bool top = is_top(component);
  const auto made = nonfinite_in(tape);
  for (const Maker& m : made)
    if (!top && maker.empty() && nonfinite_in_model().count(m) == 0) maker = m.first;
  const bool known = top || (!made.empty() && maker.empty());
  std::string message = "returns infinities or NaN";
  if (top)
    message += "; it is the model itself";
  else if (known)
    message += ", as the model does there";
  else
    message += maker.empty() ? ", and the model makes none there" : ": `" + maker + "` makes them, and the model's makes none";
  report.findings.push_back({"component-nonfinite", known ? Severity::note : Severity::error, {component.shown}, message,
                             known ? "" : "Look at what the component divides by, takes the root or the logarithm of, and at its inputs."});
}

bool ComponentTests::is_top(const Component& component) const {
  int highest = -1;
  for (const Component& c : components_) highest = std::max(highest, c.level);
  return component.original || (component.level >= 0 && component.level == highest);
}

const std::set<ComponentTests::Maker>& ComponentTests::nonfinite_in_model() {
  std::call_once(model_ran_, [&] {
    for (const Component& top : components_) {
      if (!is_top(top) || !top.findings.empty()) continue;
      try {
        const OwnRun run = run_finite(session_, components_, top);
        for (const Maker& maker : nonfinite_in(run.result.tape)) in_model_.insert(maker);
      } catch (const StepStop&) {  // its own report says so
      } catch (const StepUndecided&) {
      } catch (const std::invalid_argument&) {
      } catch (const Json::exception&) {
      }
    }
  });
  return in_model_;
}

std::vector<ComponentReport> test_each(Session& session, const std::vector<Component>& components, const RanOriginals& originals, const volatile std::sig_atomic_t* interrupted,
                                       const std::function<void(const ComponentReport&, std::size_t total)>& done) {
  std::vector<const Component*> tested;
  for (const Component& c : components)
    if (!c.repeated && !c.original) tested.push_back(&c);
  std::vector<ComponentReport> reports(tested.size());
  ComponentTests tests(session, components, originals);
  std::mutex mutex;
  over_cores(tested.size(), session.steps_at_once(), [&](std::size_t i) {
    const auto stopped = [&] { return interrupted != nullptr && *interrupted != 0; };
    const auto undecided = [&](const std::string& rule, const std::string& why, const std::string& help) {
      reports[i] = {};
      reports[i].path = tested[i]->shown;
      reports[i].status = Status::not_decided;
      reports[i].findings = {{rule, Severity::error, {tested[i]->shown}, why, help}};
    };
    try {
      if (!stopped()) reports[i] = tests.run(*tested[i]);
    } catch (const Error& e) {
      undecided("run-not-decided", e.what(), "Try again.");
      if (e.kind() == ErrorKind::usage) throw;
    }
    if (stopped()) undecided("run-interrupted", "was interrupted", "Run it again.");
    if (!done) return;
    std::lock_guard lock(mutex);
    done(reports[i], tested.size());
  });
  return reports;
}

}  // namespace decomp
