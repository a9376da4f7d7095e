#pragma once
// A model made of kernels only, as Python text: each refactored class that a step made is pasted below a name of its own, children first,
// so that the last one, ComposedModel, is the source model. Texts are edited in place by their syntax trees: comments and layout stay.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/facts.h"

namespace decomp {

// One step's refactored.py.
struct ComposePart {
  std::string component;  // the file that the step takes apart, without ".py"; names the class
  const Facts* facts = nullptr;
  std::string text;       // what `facts` was parsed from
  std::string model_class;
  // Its children by import name: the part that takes it apart, or, where `part` is -1, a kernel of this name.
  struct Child {
    int part = -1;
    std::string kernel;
  };
  std::map<std::string, Child> children;
};

struct ComposedText {
  std::vector<std::string> imports;                        // statements, sorted
  std::vector<std::pair<std::string, std::string>> kernels;  // import name, name in the text; sorted
  std::string body;                                        // constants, functions and classes; ends with ComposedModel
};

// `parts`: the root, which becomes ComposedModel, is the first; others are named by Child::part. `reserved`: names that the text must
// leave free. Every file must be one that the grammar of refactored files accepts.
ComposedText compose_text(const std::vector<ComposePart>& parts, const std::vector<std::string>& reserved);

// "causal_mask_64x64_fp32" -> "CausalMask64x64Fp32"
std::string class_name_of(const std::string& file_name);

}  // namespace decomp
