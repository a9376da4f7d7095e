// decomp_second_line PATH...: what `decomp check --format json PATH...` says with its first line of defence, the grammar,
// left out. For tests only: `decomp check` has no such switch, and the verdict is SKIPPED at best.

#include <iostream>

#include "decomp/decomp.h"
#include "report/render.h"

int main(int count, char** words) {
  using namespace decomp;
  CheckOptions options;
  options.skip_anticheat = true;
  options.worker = DECOMP_BINARY;
  std::vector<std::filesystem::path> paths(words + 1, words + count);
  try {
    const Report report = check(paths, options);
    render_json(report, {}, std::cout);
    return exit_code(report);
  } catch (const Error& error) {
    std::cerr << "decomp_second_line: " << error.what() << '\n';
    return 3;
  }
}
