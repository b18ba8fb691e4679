// SPDX-License-Identifier: MIT
// koshin-worker: one job on stdin, events on stdout. Started by koshin's other programs, not by people.
#include <cstdio>
#include <exception>
#include <stop_token>
#include <thread>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/system/stop_requests.hpp"
#include "worker/event_stream.hpp"
#include "worker/guard.hpp"
#include "worker/module_output.hpp"
#include "worker/run_one_job.hpp"

namespace koshin::worker {
namespace {

/// Before the fork: the guard holds the worker's stdin for a moment. The job reports a failure.
void protect_both() noexcept {
  try {
    hardening::protect_process();
  } catch (const std::exception&) {  // tried again in run_one_job()
  }
}

/// A parent that wants the worker to stop asks: a request, heard between two steps and by the network. The
/// thread that hears it lives as long as the process. To be called before any other thread is made.
void hear_stop_requests(std::stop_source& stop) {
  static const StopRequests requests;
  std::thread([&stop] {
    while (true) {
      (void)requests.wait();
      stop.request_stop();
    }
  }).detach();
}

int run() {
  static std::stop_source stop;
  try {
    EventStream events;
    ModuleOutput output;
    outlive_readers();
    hear_stop_requests(stop);
    const int exit_code = run_one_job(events, output, stop);
    events.close();
    return exit_code;
  } catch (const std::exception& error) {
    log::error(log::Event::none, "koshin-worker could not begin.", {{"KOSHIN_DETAIL", error.what()}});
    return info(Reason::internal_error).exit_code;
  }
}

}  // namespace
}  // namespace koshin::worker

int main(int argc, char** /*argv*/) {
  using namespace koshin;
  begin_program();
  if (argc > 1) {
    std::fputs("koshin-worker takes its job from stdin; use koshin instead\n", stderr);
    process_tree::end_process(info(Reason::usage_error).exit_code);
  }
  worker::protect_both();
  worker::go_on_under_guard();
  process_tree::end_process(worker::run());
}
