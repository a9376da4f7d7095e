// Checks one step from C++ and prints what was found: embed STEP_DIRECTORY

#include <decomp/decomp.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: embed STEP_DIRECTORY\n";
    return 2;
  }
  try {
    decomp::CheckOptions options;
    options.on_step = [](const decomp::StepReport& step, std::size_t index, std::size_t total) {
      std::cerr << "judged " << index + 1 << " of " << total << ": " << step.path << '\n';
    };
    const decomp::Report report = decomp::check({argv[1]}, options);

    for (const decomp::StepReport& step : report.steps) {
      std::cout << to_string(step.status) << ' ' << step.path;
      if (!step.grade.empty()) std::cout << " (" << step.grade << ')';
      std::cout << '\n';
      for (const decomp::Finding& finding : step.findings) {
        std::cout << finding.where.file << ':' << finding.where.line << ':' << finding.where.column << ": "
                  << to_string(finding.severity) << " [" << finding.rule << "] " << finding.message << '\n';
        if (!finding.help.empty()) std::cout << "    " << finding.help << '\n';
      }
    }
    return exit_code(report);
  } catch (const decomp::Error& error) {  // the command line or the machine, never the workspace
    std::cerr << "embed: " << error.what() << '\n';
    return error.kind() == decomp::ErrorKind::usage ? 2 : error.kind() == decomp::ErrorKind::nothing ? 4 : 3;
  }
}
