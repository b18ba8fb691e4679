// SPDX-License-Identifier: MIT
// read(2), write(2), poll(2).
#include "foundation/system/handle_io.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace koshin {

std::size_t read_some(NativeHandle from, std::span<char> into) {
  while (true) {
    const ssize_t count = ::read(from, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "read");
  }
}

void write_all(NativeHandle to, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(to, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error(errno, std::generic_category(), "write");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

bool wait_until_readable(NativeHandle from, std::chrono::milliseconds limit) {
  pollfd input{from, POLLIN, 0};
  const int ready = ::poll(&input, 1, static_cast<int>(limit.count()));
  if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  return ready > 0;
}

}  // namespace koshin
