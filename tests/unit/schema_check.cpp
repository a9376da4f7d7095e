// schema_check NAME FILE...: for the end-to-end tests. Exit 1 and a line for each file that does not fit schema NAME.

#include <fstream>
#include <iostream>
#include <sstream>

#include "core/schema.h"

int main(int argc, char** argv) {
  int bad = argc < 3 ? 2 : 0;
  for (int i = 2; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const auto parsed = decomp::parse_json(text.str(), 1000);
    std::optional<std::string> why;
    if (const auto* error = std::get_if<decomp::JsonError>(&parsed))
      why = "no JSON: " + error->message;
    else
      why = decomp::schema_violation(argv[1], std::get<decomp::Json>(parsed));
    if (why) {
      std::cout << argv[i] << ": " << *why << '\n';
      bad = 1;
    }
  }
  return bad;
}
