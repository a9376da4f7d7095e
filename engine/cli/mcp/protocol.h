#pragma once
// The Model Context Protocol's messages, without their transport: JSON-RPC 2.0, and the two revisions that decomp speaks.
//   2025-11-25  a connection begins with `initialize`
//   2026-07-28  every request says its revision and the client's capabilities in `_meta`; there is no state
// Both may be spoken on one connection: a request that names its revision is of the second, others are of the first.

#include <optional>
#include <string>
#include <variant>

#include "cli/mcp/tools.h"
#include "core/json.h"

namespace decomp::mcp {

inline constexpr const char* legacy_revision = "2025-11-25";
inline constexpr const char* modern_revision = "2026-07-28";

enum ErrorCode {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  unsupported_protocol_version = -32022,
};

Json error_message(const std::optional<Json>& id, int code, const std::string& message, Json data = nullptr);
Json result_message(const Json& id, Json result, bool modern);
Json progress_message(const Json& token, double progress, const std::string& message);
// The answer to tools/call.
Json tool_message(const Json& id, const ToolResult& result, bool modern);

// A tool that is to be called; its answer is tool_message().
struct ToolCall {
  Json id;
  const Tool* tool = nullptr;
  Json arguments;
  std::optional<Json> progress_token;
  bool modern = false;
};
struct Cancel {
  Json id;
};

// What a message asks of the server: an answer to send at once, a tool to call, a call to end, nothing.
using Action = std::variant<std::monostate, Json, ToolCall, Cancel>;

class Protocol {
 public:
  // One line of input. Never throws.
  Action take(std::string_view line);

 private:
  Action request(const Json& id, const std::string& method, const Json& params);
  Action modern_request(const Json& id, const std::string& method, const Json& params);
  Action legacy_request(const Json& id, const std::string& method, const Json& params);

  bool initialized_ = false;
};

}  // namespace decomp::mcp
