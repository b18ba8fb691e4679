// SPDX-License-Identifier: MIT
// koshin-worker: one job on stdin, events on stdout, then gone. Started by the other programs of koshin, not
// by people.
#include <cstdio>
#include <exception>
#include <stop_token>

#include "foundation/failure.hpp"
#include "worker/event_stream.hpp"
#include "worker/run_one_job.hpp"
#include "worker/stop_signals.hpp"

int main(int argc, char** /*argv*/) {
  using namespace koshin;
  int exit_code = info(Reason::internal_error).exit_code;
  if (argc > 1) {
    std::fputs("koshin-worker takes its job from stdin and no arguments; use koshin instead\n", stderr);
    worker::end_process(info(Reason::usage_error).exit_code);
  }
  static std::stop_source stop;
  try {
    worker::EventStream events;
    worker::route_stop_signals(stop);
    exit_code = worker::run_one_job(events, stop);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-worker: %s\n", error.what());
  }
  worker::end_process(exit_code);
}
