// SPDX-License-Identifier: MIT
// koshin-worker: one job on stdin, events on stdout, then gone. Started by the other programs of koshin, not
// by people.
#include <cstdio>
#include <exception>
#include <stop_token>

#include "foundation/failure.hpp"
#include "worker/event_stream.hpp"
#include "worker/heap.hpp"
#include "worker/run_one_job.hpp"
#include "worker/stop_signals.hpp"

namespace koshin::worker {
namespace {

int run() {
  static std::stop_source stop;
  try {
    EventStream events;
    route_stop_signals(stop);
    return run_one_job(events, stop);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-worker: %s\n", error.what());
    return info(Reason::internal_error).exit_code;
  }
}

}  // namespace
}  // namespace koshin::worker

int main(int argc, char** /*argv*/) {
  using namespace koshin;
  if (argc > 1) {
    std::fputs("koshin-worker takes its job from stdin and no arguments; use koshin instead\n", stderr);
    worker::end_process(info(Reason::usage_error).exit_code);
  }
  worker::take_heap_at_once();
  worker::end_process(worker::run());
}
