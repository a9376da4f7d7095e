// The decomp binary. It links no torch: commands that need the engine load libdecomp.so (engine_loader.h).

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "cli/agent/process.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/interrupt.h"
#include "core/error.h"
#include "core/rules.h"

namespace decomp {
namespace {

constexpr Command commands[] = {
    {"check", "judge steps, decompositions, or a tree of them (the default command)", cmd_check},
    {"verify-step", "judge one rewrite: --original F --refactored F", cmd_verify_step},
    {"verify-wrapper", "judge a self-contained file against its native model: --original F --wrapper F", cmd_verify_wrapper},
    {"wrap", "write a model of a package as one self-contained file, and prove it", cmd_wrap},
    {"replay", "repeat the run that a report tells of, and compare the verdicts", cmd_replay},
    {"run-steps", "all steps of a decomposition; writes verification/step_verification_summary.json", cmd_run_steps},
    {"run-tests", "the self-tests of all components; writes verification/test_results.json", cmd_run_tests},
    {"extract-ops", "a model's operations, and which of them its kernels make: --model F --decomp-dir D", cmd_extract_ops},
    {"agent", "runs an agent turn by turn until its decomposition passes: --cmd CMD MODEL.py -o DIR", cmd_agent},
    {"prompt", "the text for an agent that takes a model apart: MODEL.py -o DIR", cmd_prompt},
    {"init", "the skeleton of a decomposition, with templates: DIR [--model MODEL.py]", cmd_init},
    {"mcp", "a Model Context Protocol server on standard input and output", cmd_mcp},
    {"decompose", "takes a model apart and proves it: MODEL.py -o DIR", cmd_decompose},
    {"batch-decompose", "the same for a folder of models: DATA -o DIR", cmd_batch_decompose},
    {"batch", "all decompositions below DIR: PASSED, PARTIAL or FAILED each, one table", cmd_batch},
    {"hook", "for pre-commit: checks what the named files belong to", cmd_hook},
    {"compose", "the model of kernels only, built and proved; writes verification/composition_test.py", cmd_compose},
    {"explain", "what a rule is for, with a bad and a good example", cmd_explain},
};

void print_help(std::ostream& out) {
  out << "decomp " DECOMP_VERSION
         ": proves that a PyTorch model taken apart is still the same model\n\n"
         "usage: decomp PATH...            same as decomp check PATH...\n"
         "       decomp COMMAND [ARGS...]\n\ncommands:\n";
  for (const Command& c : commands) {
    out << "  " << c.name << std::string(17 - c.name.size(), ' ') << c.summary << '\n';
  }
  out << "\n`decomp COMMAND --help` lists the options of a command; `decomp --version` the versions.\n"
         "exit codes: 0 pass, 1 findings, 2 usage, 3 could not decide, 4 nothing to check\n";
}

int dispatch(std::vector<std::string> args) {
  if (args.empty()) {
    print_help(std::cerr);
    return 2;
  }
  if (args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    print_help(std::cout);
    return 0;
  }
  if (args[0] == "--version" || args[0] == "-V") {
    std::cout << "decomp " DECOMP_VERSION "\n";
    return 0;
  }
  std::vector<std::string> names;
  for (const Command& c : commands) {
    names.emplace_back(c.name);
    if (args[0] != c.name) continue;
    args.erase(args.begin());
    return c.run(args, std::cout, std::cerr);
  }
  if (std::filesystem::exists(args[0]) || args[0].find('/') != std::string::npos || args[0][0] == '-')
    return cmd_check(args, std::cout, std::cerr);
  std::cerr << "decomp: there is no command and no file `" << args[0] << "`";
  auto near = nearest(args[0], names);
  if (!near.empty()) std::cerr << "; did you mean `" << near[0] << "`?";
  std::cerr << "\n`decomp --help` lists the commands.\n";
  return 2;
}

}  // namespace

const Command* find_command(std::string_view name) {
  for (const Command& c : commands)
    if (c.name == name) return &c;
  return nullptr;
}

}  // namespace decomp

int main(int argc, char** argv) {
  using namespace decomp;
  std::signal(SIGPIPE, SIG_IGN);
  if (argc >= 2 && std::strcmp(argv[1], "__worker") == 0) return run_worker(3);
  if (argc >= 2 && std::strcmp(argv[1], "__confined") == 0) return agent::become_agent({argv + 2, argv + argc});
  try {
    int code = dispatch({argv + 1, argv + argc});
    std::cout.flush();
    if (!std::cout) {
      std::cerr << "decomp: cannot write to standard output\n";
      code = std::max(code, 3);
    }
    // Skips the destructors of LibTorch's globals: nothing is left to save.
    std::cerr.flush();
    ::_exit(code);
  } catch (const Error& e) {
    if (was_interrupted()) return interrupted_or(0);
    std::cerr << "decomp: " << e.what() << '\n';
    return e.kind() == ErrorKind::usage ? 2 : e.kind() == ErrorKind::nothing ? 4 : 3;
  } catch (const std::exception& e) {
    std::cerr << "decomp: internal error: " << e.what() << '\n';
    return 3;
  }
}
