#pragma once
// The tools of `decomp mcp`: a row each, over a command of the command line. Their inputs and outputs are described by
// schemas/mcp_<name>_input.schema.json and schemas/mcp_<name>_output.schema.json.

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace decomp {

struct ToolResult {
  std::string error;  // what to tell the model; "" when all went well
  Json structured;    // fits the tool's output schema, when there is no error
};

struct Tool {
  std::string_view name;
  std::string_view command;  // offered only where the command line has it
  std::string_view title;
  std::string_view description;
  bool runs_models;  // takes its turn with others that do
  bool writes;       // files, and only where its arguments say
  ToolResult (*run)(const Json& input);  // `input` fits the schema
};

// In a fixed order.
std::vector<const Tool*> offered_tools();
const Tool* find_tool(std::string_view name);  // null: not offered

// Its entry in the answer to tools/list.
Json tool_definition(const Tool& tool);

// Checks `input` before and the output after. Never throws: what the machine lacks is an error for the model too.
ToolResult call_tool(const Tool& tool, const Json& input);

}  // namespace decomp
