#pragma once
// One turn of an agent: its process, confined to its workspace, fed and watched.

#include <filesystem>
#include <string>
#include <vector>

namespace decomp::agent {

struct Process {
  std::string command;  // for /bin/sh -c
  std::filesystem::path workspace;           // its working directory
  std::filesystem::path temporary;           // its own TMPDIR
  std::vector<std::filesystem::path> writable;  // beside these two
  bool confined = true;
  std::string input;                   // its standard input
  std::filesystem::path output;        // file for what it prints, as far as `most_output`
  double seconds = 0;                  // wall clock
  int spared = -1;                     // a child of this process that is no agent's
};

constexpr std::size_t most_output = 8u << 20;

struct Ended {
  std::string how;  // "exit 0", "signal 9", "timed out"
  double seconds = 0;
};

// Runs it to its end, or to its time limit; nothing that it started lives on. Throws Error(infrastructure) when it cannot be
// started or confined.
Ended run(const Process& process);

// `decomp __confined WORKSPACE TMP COMMAND confined|free [PATH...]`: what run() starts. It forks the agent and stays as its watcher;
// returns, in the fork, when that cannot become the command.
int become_agent(const std::vector<std::string>& args);

}  // namespace decomp::agent
