#pragma once
// The text for an agent that is to take a model apart, made for that model.

#include <filesystem>
#include <optional>
#include <string>

#include "cli/check_options.h"

namespace decomp {

struct Prompt {
  int phase = 1;     // 0: the model must become one self-contained file first
  std::string text;  // markdown; "" where `report` says why there is none
  Json outline;      // schemas/prompt.schema.json, "outline"
  Report report;     // of the model's run
  std::string reasons;  // of phase 0: why the model needs it
};

// `output`: the decomposition's folder, as the agent will name it. `phase`: a part of the text only (0 to 3); nothing: all that the
// model needs now. Throws Error.
Prompt make_prompt(const std::filesystem::path& model, const std::string& output, std::optional<int> phase, const CheckOptions& options);

// Phase 0 of a model that is named as native_model() takes it. `name`: of the one file that it becomes; `reasons`: why it must.
Prompt make_native_prompt(const std::string& named, const std::string& name, const std::string& output, const std::string& reasons);

// "transformers:LlamaForCausalLM" -> "llama_for_causal_lm", "net.py:Net" -> "net", "net.py" -> "net".
std::string model_file_name(const std::string& named);

// How this program is called: "decomp" where that is it, else its path.
std::string program_name();

}  // namespace decomp
