// SPDX-License-Identifier: MIT
// Waiting for a line on a handle of the worker's own.
#include "worker/go_ahead.hpp"

#include <array>
#include <stdexcept>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/machine_clock.hpp"
#include "foundation/system/standard_streams.hpp"

namespace koshin::worker {
namespace {

constexpr std::chrono::milliseconds stop_interval{200};  // how often a stop request is looked for

bool arrives(NativeHandle input, const std::stop_token& stop, std::chrono::seconds limit) {
  const auto until = time_since_start() + limit;
  while (!stop.stop_requested() && time_since_start() < until) {
    if (wait_until_readable(input, stop_interval)) return true;
  }
  return false;
}

}  // namespace

GoAhead::GoAhead() : input_(keep_own(StandardStream::input)) {}

bool GoAhead::wait(const std::stop_token& stop, std::chrono::seconds limit) const {
  if (!arrives(input_.get(), stop, limit)) return false;
  std::array<char, 256> line{};
  try {
    const LineResult result = read_line_unbuffered(input_.get(), line);
    if (result.ended) return false;
    messages::parse_go({line.data(), result.size});
  } catch (const std::length_error&) {
    fail(Reason::job_invalid,
         "the line after the job is longer than " + std::to_string(line.size()) + " bytes");
  }
  return true;
}

}  // namespace koshin::worker
