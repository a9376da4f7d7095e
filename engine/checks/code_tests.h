#pragma once
// What the code of a model tests and takes, read from its syntax: where the trials may have seen one way of several.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/facts.h"

namespace decomp {

struct CodeTests {
  bool any = false;  // compares something other than None, strings and types, or takes the least or greatest of numbers
  std::set<std::int64_t>
      bounds;              // whole numbers that it compares with, cuts at, or may compare with by way of an attribute
  bool own_sizes = false;  // of the refactored files: decides by sizes (checks/decisions.h)
  std::set<std::string> words;  // strings that it compares with
  bool gradients = false;  // names what can keep a gradient from flowing: detach, no_grad, a function of its own ...
};

// The template functions (get_inputs and the like) are not looked at, but for the numbers of get_init_inputs.
CodeTests code_tests(const Facts& facts);

// A parameter of forward(). `kind`: of its default's constant ("None", "bool", "int", "float", "str"), "other", or ""
// without a default.
struct ForwardParameter {
  std::string name;
  std::string kind;
  std::string value;  // the default's text, for bool "true" or "false"
  bool keyword_only = false;
};

struct ForwardParameters {
  std::vector<ForwardParameter> list;  // without self
  bool takes_more = false;             // *args or **kwargs
};

// Of the class's own forward(); empty when it has none.
ForwardParameters forward_parameters(const Facts& facts, const std::string& model_class);

}  // namespace decomp
