// SPDX-License-Identifier: MIT
// Descriptors 0 and 1, taken out of the reach of loaded modules.
#include "worker/event_stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "foundation/descriptor.hpp"

namespace koshin::worker {
namespace {

int require(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

/// Makes `target` an open end of /dev/null.
void put_null_at(int target, int flags) {
  const int null = require(::open("/dev/null", flags | O_CLOEXEC), "open /dev/null");
  if (null == target) return;
  require(::dup2(null, target), "dup2");
  ::close(null);
}

}  // namespace

EventStream::EventStream()
    : descriptor_(require(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), "F_DUPFD_CLOEXEC")) {
  if (::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) put_null_at(STDOUT_FILENO, O_WRONLY);
}

bool EventStream::write(const messages::Event& event) noexcept {
  if (broken_) return false;
  try {
    const std::string line = messages::to_json(event) + "\n";
    write_all(descriptor_, line);
  } catch (const std::exception&) {
    broken_ = true;
  }
  return !broken_;
}

void EventStream::close() noexcept {
  broken_ = true;
  ::close(descriptor_);
}

void close_input() {
  put_null_at(STDIN_FILENO, O_RDONLY);
}

}  // namespace koshin::worker
