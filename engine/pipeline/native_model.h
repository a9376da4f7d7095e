#pragma once
// A model by its native interface, which a self-contained wrapper is held against.

#include <filesystem>
#include <string>

#include "core/json.h"

namespace decomp {

struct NativeModel {
  std::string shown;           // as shown to people: "transformers:LlamaForCausalLM", "src/net.py"
  std::filesystem::path file;  // "" where a package has the class
  Json spec;                   // as python_bridge/wrap/native.py takes it
  std::string folder;          // that its code may read beside packages; "" for none
};

// `named`: PACKAGE:CLASS, FILE.py or FILE.py:CLASS. `config`: a JSON file, "" for none. Throws Error(usage).
NativeModel native_model(const std::string& named, const std::filesystem::path& config);

}  // namespace decomp
