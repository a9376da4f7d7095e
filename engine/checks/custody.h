#pragma once
// Custody (RULES §5): when two files hold the same component. What counts is the model class, get_inputs,
// get_init_inputs, get_input_kwargs, and every helper, class and constant of the module that these reach. Docstrings,
// comments, annotations, imports, the way in which a name was imported, path prologues, run_tests,
// get_expected_output_shape and the `__main__` block do not; neither does the order of definitions, nor whether a number stands where it
// is used or in a constant of the module.

#include <cstddef>
#include <string>
#include <vector>

#include "core/facts.h"
#include "decomp/finding.h"

namespace decomp {

// One word of a file's normal form.
struct CodePiece {
  std::string text;
  Node at;  // the node that it comes from, or the nearest one around it that has a position
};

// One statement of the module.
struct CodePart {
  std::string name;  // "class Model", "get_inputs()", "HIDDEN_DIM"
  std::vector<CodePiece> pieces;
};

// The normal form of a file. Refers into the facts that it was made from.
struct CodeForm {
  std::vector<CodePart> parts;  // sorted by name, or as written where the order can matter
  bool ordered = false;
  bool has_model = false;
  std::string identity;            // SHA-256 of all that; "" for a file without a tree, which equals nothing
  std::vector<std::size_t> words;  // of all pieces, hashed and sorted: to compare quickly
};

CodeForm code_form(const Facts& facts);

// Equal for two files exactly if they hold the same component; "" for a file without a tree.
std::string code_identity(const Facts& facts);

// Equal for two files exactly if their models are the same, whatever inputs and constructor values they declare; "" where there is no
// model.
std::string model_identity(const Facts& facts);

// One place where two files differ.
struct CodeDifference {
  std::string part;  // "class Model"
  Location a, b;     // without file; line 0 where the part is missing
  std::string text_a, text_b;
};

// The first difference of each part in which the two differ, a's order first. Empty exactly if the identities are
// equal.
std::vector<CodeDifference> explain_difference(const CodeForm& a, const CodeForm& b);
std::vector<CodeDifference> explain_difference(const Facts& a, const Facts& b);

// Where all that differs are whole numbers that are sizes (in get_inputs() and its like, in constants of the module, as arguments of
// calls): each place. Empty where anything else differs, or nothing.
std::vector<CodeDifference> changed_sizes(const CodeForm& a, const CodeForm& b);

// How much of the two is alike, from 0 to 1: to name the nearest of many.
double code_similarity(const CodeForm& a, const CodeForm& b);

}  // namespace decomp
