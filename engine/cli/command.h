#pragma once
// A subcommand is one file that defines its function, and one row in main.cpp's table; help and spelling hints come from there.

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace decomp {

using CommandFunction = int (*)(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

struct Command {
  std::string_view name;
  std::string_view summary;
  CommandFunction run;  // returns the exit code; may throw Error
};

// A row of the table; null where there is none of that name.
const Command* find_command(std::string_view name);

int cmd_check(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_verify_step(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_wrap(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_verify_wrapper(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_replay(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_run_tests(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_extract_ops(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_run_steps(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_mcp(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_agent(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_prompt(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_init(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_decompose(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_batch_decompose(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_batch(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_hook(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_compose(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);
int cmd_explain(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

}  // namespace decomp
