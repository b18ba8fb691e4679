// SPDX-License-Identifier: MIT
// Waits for a line on the worker's own descriptor.
#include <fcntl.h>
#include <poll.h>
#include <time.h>  // CLOCK_BOOTTIME
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/system/descriptor.hpp"
#include "worker/go_ahead.hpp"

namespace koshin::worker {
namespace {

constexpr int stop_interval_ms = 200;  // interval for checking a stop request

std::chrono::seconds since_boot() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds{now.tv_sec};
}

bool arrives(int descriptor, const std::stop_token& stop, std::chrono::seconds limit) {
  pollfd input{descriptor, POLLIN, 0};
  const auto until = since_boot() + limit;
  while (!stop.stop_requested() && since_boot() < until) {
    const int ready = ::poll(&input, 1, stop_interval_ms);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  }
  return false;
}

}  // namespace

GoAhead::GoAhead() : descriptor_(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "F_DUPFD_CLOEXEC");
}

GoAhead::~GoAhead() {
  ::close(descriptor_);
}

bool GoAhead::wait(const std::stop_token& stop, std::chrono::seconds limit) const {
  if (!arrives(descriptor_, stop, limit)) return false;
  std::array<char, 256> line{};
  try {
    const LineResult result = read_line_unbuffered(descriptor_, line);
    if (result.ended) return false;
    messages::parse_go({line.data(), result.size});
  } catch (const std::length_error&) {
    fail(Reason::job_invalid,
         "the line after the job is longer than " + std::to_string(line.size()) + " bytes");
  }
  return true;
}

}  // namespace koshin::worker
