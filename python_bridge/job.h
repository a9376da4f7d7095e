#pragma once
// Job kinds: what a fork of the worker does. A new kind is one file that defines its function, and one row in
// worker_main.cpp's table.

#include "core/json.h"
#include "host/channel.h"

namespace decomp::bridge {

// Serves commands from `channel` until it closes. `spec`: the host's job message (threads, device, ...).
using JobFunction = void (*)(Channel& channel, const Json& spec);

void parse_job(Channel& channel, const Json& spec);
void model_job(Channel& channel, const Json& spec);
void decompose_job(Channel& channel, const Json& spec);
void wrap_job(Channel& channel, const Json& spec);
void graphs_job(Channel& channel, const Json& spec);
void estimate_job(Channel& channel, const Json& spec);

struct JobKind {
  const char* name;
  JobFunction run;
  bool needs_torch;
};

}  // namespace decomp::bridge
