#include "cli/mcp/protocol.h"

namespace decomp::mcp {
namespace {

constexpr const char* version_key = "io.modelcontextprotocol/protocolVersion";
constexpr const char* capabilities_key = "io.modelcontextprotocol/clientCapabilities";
constexpr const char* client_key = "io.modelcontextprotocol/clientInfo";
constexpr const char* server_key = "io.modelcontextprotocol/serverInfo";
constexpr std::int64_t list_lives_ms = 3600000;  // the tools change with the program only

constexpr const char* instructions =
    "decomp proves that a PyTorch model taken apart into kernels is still the same model. After each change to a step call `check` on it (or `verify_step` on "
    "two files); go on only when its status is PASS. `explain` says more about the rule of a finding.";

Json server_info() { return {{"name", "decomp"}, {"title", "decomp"}, {"version", DECOMP_VERSION}}; }

bool is_id(const Json& id) { return id.is_string() || id.is_number_integer(); }

Json list_of_tools() {
  Json list = Json::array();
  for (const Tool* tool : offered_tools()) list.push_back(tool_definition(*tool));
  return list;
}

// A member of `params`; null where it is not there.
const Json* member(const Json& params, const char* key) {
  const auto it = params.find(key);
  return it == params.end() ? nullptr : &*it;
}

bool is_implementation(const Json& info) {
  return info.is_object() && info.contains("name") && info.at("name").is_string() && info.contains("version") && info.at("version").is_string();
}

Action list_tools(const Json& id, const Json& params, bool modern) {
  if (params.contains("cursor")) return error_message(id, invalid_params, "there is one page of tools: no cursor is valid");
  Json result = {{"tools", list_of_tools()}};
  if (modern) result.update({{"ttlMs", list_lives_ms}, {"cacheScope", "public"}});
  return result_message(id, std::move(result), modern);
}

Action call(const Json& id, const Json& params, bool modern) {
  const Json* name = member(params, "name");
  if (name == nullptr || !name->is_string()) return error_message(id, invalid_params, "tools/call needs the tool's name");
  ToolCall call{id, find_tool(name->get<std::string>()), Json::object(), std::nullopt, modern};
  if (call.tool == nullptr) return error_message(id, invalid_params, "Unknown tool: " + name->get<std::string>());
  if (const Json* arguments = member(params, "arguments")) {
    if (!arguments->is_object()) return error_message(id, invalid_params, "arguments must be an object");
    call.arguments = *arguments;
  }
  if (const Json* meta = member(params, "_meta"))
    if (const Json* token = member(*meta, "progressToken")) {
      if (!is_id(*token)) return error_message(id, invalid_params, "progressToken must be a string or an integer");
      call.progress_token = *token;
    }
  return call;
}

}  // namespace

Json error_message(const std::optional<Json>& id, int code, const std::string& message, Json data) {
  Json error = {{"jsonrpc", "2.0"}};
  if (id) error["id"] = *id;
  error["error"] = {{"code", code}, {"message", message}};
  if (!data.is_null()) error["error"]["data"] = std::move(data);
  return error;
}

Json result_message(const Json& id, Json result, bool modern) {
  if (modern) {
    result["resultType"] = "complete";
    result["_meta"] = {{server_key, server_info()}};
  }
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

Json progress_message(const Json& token, double progress, const std::string& message) {
  return {{"jsonrpc", "2.0"}, {"method", "notifications/progress"}, {"params", {{"progressToken", token}, {"progress", progress}, {"message", message}}}};
}

Json tool_message(const Json& id, const ToolResult& result, bool modern) {
  const auto text = [](const std::string& said) { return Json::array({{{"type", "text"}, {"text", said}}}); };
  if (!result.error.empty()) return result_message(id, {{"content", text(result.error)}, {"isError", true}}, modern);
  const std::string serialized = result.structured.dump(-1, ' ', false, Json::error_handler_t::replace);
  return result_message(id, {{"content", text(serialized)}, {"structuredContent", result.structured}, {"isError", false}}, modern);
}

Action Protocol::take(std::string_view line) {
  auto parsed = parse_json(line);
  if (const auto* error = std::get_if<JsonError>(&parsed))
    return error_message(std::nullopt, parse_error, "Parse error: column " + std::to_string(error->column) + ": " + error->message);
  const Json& message = std::get<Json>(parsed);
  if (!message.is_object()) return error_message(std::nullopt, invalid_request, "a message is one JSON object");
  const Json* given = member(message, "id");
  const std::optional<Json> id = given != nullptr && is_id(*given) ? std::optional(*given) : std::nullopt;
  const Json* version = member(message, "jsonrpc");
  if (version == nullptr || *version != "2.0") return error_message(id, invalid_request, "jsonrpc must be \"2.0\"");
  const Json* method = member(message, "method");
  if (method == nullptr && (message.contains("result") || message.contains("error"))) return {};  // an answer: nothing was asked
  if (method == nullptr || !method->is_string()) return error_message(id, invalid_request, "method must be a string");
  if (given != nullptr && !id) return error_message(std::nullopt, invalid_request, "id must be a string or an integer");
  const Json* params = member(message, "params");
  if (params != nullptr && !params->is_object()) return id ? Action(error_message(id, invalid_params, "params must be an object")) : Action();
  const Json nothing = Json::object();
  if (id) return request(*id, method->get<std::string>(), params != nullptr ? *params : nothing);
  if (*method == "notifications/cancelled" && params != nullptr)
    if (const Json* cancelled = member(*params, "requestId"); cancelled != nullptr && is_id(*cancelled)) return Cancel{*cancelled};
  return {};
}

Action Protocol::request(const Json& id, const std::string& method, const Json& params) {
  const Json* meta = member(params, "_meta");
  if (meta != nullptr && !meta->is_object()) return error_message(id, invalid_params, "_meta must be an object");
  const bool modern = meta != nullptr && (meta->contains(version_key) || meta->contains(capabilities_key));
  return modern ? modern_request(id, method, params) : legacy_request(id, method, params);
}

Action Protocol::modern_request(const Json& id, const std::string& method, const Json& params) {
  const Json& meta = params.at("_meta");
  const Json* version = member(meta, version_key);
  if (version == nullptr || !version->is_string()) return error_message(id, invalid_params, std::string("_meta needs ") + version_key);
  if (*version != modern_revision)
    return error_message(id, unsupported_protocol_version, "Unsupported protocol version", {{"supported", {modern_revision}}, {"requested", *version}});
  const Json* capabilities = member(meta, capabilities_key);
  if (capabilities == nullptr || !capabilities->is_object()) return error_message(id, invalid_params, std::string("_meta needs ") + capabilities_key);
  if (const Json* client = member(meta, client_key); client != nullptr && !is_implementation(*client))
    return error_message(id, invalid_params, std::string(client_key) + " needs a name and a version");
  if (method == "server/discover")
    return result_message(id, {{"supportedVersions", {modern_revision}}, {"capabilities", {{"tools", Json::object()}}}, {"instructions", instructions}, {"ttlMs", list_lives_ms}, {"cacheScope", "public"}}, true);
  if (method == "tools/list") return list_tools(id, params, true);
  if (method == "tools/call") return call(id, params, true);
  return error_message(id, method_not_found, "Method not found: " + method);
}

Action Protocol::legacy_request(const Json& id, const std::string& method, const Json& params) {
  if (method == "ping") return result_message(id, Json::object(), false);
  if (method == "initialize") {
    if (initialized_) return error_message(id, invalid_request, "initialize was sent before");
    const Json* version = member(params, "protocolVersion");
    const Json* capabilities = member(params, "capabilities");
    const Json* client = member(params, "clientInfo");
    if (version == nullptr || !version->is_string() || capabilities == nullptr || !capabilities->is_object() || client == nullptr || !is_implementation(*client))
      return error_message(id, invalid_params, "initialize needs protocolVersion, capabilities, and clientInfo with a name and a version");
    initialized_ = true;
    // Of another revision the client decides whether it can speak this one.
    return result_message(id, {{"protocolVersion", legacy_revision}, {"capabilities", {{"tools", Json::object()}}}, {"serverInfo", server_info()}, {"instructions", instructions}}, false);
  }
  if (!initialized_)
    return error_message(id, invalid_params, std::string("_meta needs ") + version_key + " and " + capabilities_key + " (" + modern_revision + "); or send initialize first (" + legacy_revision + ")");
  if (method == "tools/list") return list_tools(id, params, false);
  if (method == "tools/call") {
    if (params.contains("task")) return error_message(id, method_not_found, "no tool runs as a task");
    return call(id, params, false);
  }
  return error_message(id, method_not_found, "Method not found: " + method);
}

}  // namespace decomp::mcp
