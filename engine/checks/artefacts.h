#pragma once
// The files of a decomposition beside its components: what must be there, what its log says of files, reports against their schemas.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checks/document.h"
#include "decomp/finding.h"

namespace decomp {

// A file or folder of a decomposition that must be there (RULES §1).
struct RequiredArtefact {
  const char* path;  // below the decomposition's folder
  Severity severity;
  const char* help;
};
const std::vector<RequiredArtefact>& required_artefacts();

// The schema that a report of this name is written by; nothing for other files.
std::optional<std::string> schema_of_report(const std::string& file_name);

// decomposition_log.json: the steps that its entries are about (log-untrue), and the files that their texts name (a warning).
// `exists`: is there a file or folder at this path below the decomposition's folder?
std::vector<Finding> check_log(const Document& log, const std::function<bool(const std::string&)>& exists);

}  // namespace decomp
