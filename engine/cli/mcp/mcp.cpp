// decomp mcp: tools for agents that speak the Model Context Protocol.

#include <fcntl.h>
#include <unistd.h>

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/mcp/server.h"
#include "core/error.h"

namespace decomp {

int cmd_mcp(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  CLI::App app(
      "A Model Context Protocol server (revisions 2025-11-25 and 2026-07-28) on standard input and output. It offers the other commands as tools; "
      "messages for people go to standard error.",
      "decomp mcp");
  if (int code = parse_arguments(app, args, out, err); code >= 0) return code;
  // Whatever else would write to standard output goes to standard error.
  const int output = ::fcntl(1, F_DUPFD_CLOEXEC, 10);
  if (output < 0 || ::dup2(2, 1) < 0) throw Error(ErrorKind::infrastructure, "standard output and standard error must be open");
  return mcp::Server(0, output).run();
}

}  // namespace decomp
