#pragma once
// Names of kernel files, "{operation}_{shape signature}_{dtype}": what a name claims, and the name that decomp gives.

#include <set>
#include <string>
#include <vector>

#include "checks/component_run.h"

namespace decomp {

// The longest known operation (rules/names.json) that the name begins with; "" where its first words are free.
std::string operation_word(const std::string& file);

// Canonical operators that a known word may stand for: its own, and the parts of the composites of these.
std::set<std::string> meant_by(const std::string& word);

// Dtypes that the name says: "argmax_dimlast_fp32_i64" -> float32, int64.
std::set<std::string> dtype_words(const std::string& file);

// "float32" -> "fp32"; the dtype itself where the specification has no code for it.
std::string dtype_code(const std::string& dtype);

// Do the operators make up one composite operation (rules/equivalences.json)? `operations`: canonical.
bool one_composite(const std::set<std::string>& operations);

// The words before a name's first dimension, dtype or attribute: "rotary_embedding" of "rotary_embedding_64_fp32".
std::string leading_words(const std::string& file);

// The name (without ".py") that decomp gives to a kernel that did this. The author's own words stay where decomp knows no
// better: where several operations make one semantic kernel. `untrue`: parts of the present name that must not stay.
std::string kernel_name(const ComponentRun& run, const std::string& present, const std::set<std::string>& untrue = {});

// Parts of a name between underscores.
std::vector<std::string> name_parts(const std::string& file);

// "768x3072" -> {768, 3072}; empty for anything else.
std::vector<std::int64_t> dimensions_of(const std::string& part);

// "[2, 2]" -> {2, 2}, "3" -> {3}, "1e+01" -> {10}; empty for anything else.
std::vector<std::int64_t> integers_of(const std::string& value);

}  // namespace decomp
