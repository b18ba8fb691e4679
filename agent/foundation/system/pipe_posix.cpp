// SPDX-License-Identifier: MIT
// pipe2(2).
#include "foundation/system/pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "foundation/system/descriptor_posix.hpp"

namespace koshin {
namespace {

/// Above 2, also in a process that was started without stdin or stdout: neither a dup2() in a child nor a
/// loaded library that closes its standard streams may hit it.
Handle out_of_the_way(int descriptor) {
  Handle end(out_of_reach(descriptor));
  if (!end) throw std::system_error(errno, std::generic_category(), "F_DUPFD_CLOEXEC");
  return end;
}

}  // namespace

Pipe Pipe::make() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  Pipe pipe;
  pipe.reading = out_of_the_way(ends[0]);
  pipe.writing = out_of_the_way(ends[1]);
  return pipe;
}

WakeUp::WakeUp() : pipe_(Pipe::make()) {
  for (const Handle* const end : {&pipe_.reading, &pipe_.writing}) ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
}

void WakeUp::set_off() const noexcept {
  const int error = errno;  // a signal handler leaves it as it was
  [[maybe_unused]] const auto written = ::write(pipe_.writing.get(), "x", 1);  // a full pipe is set off too
  errno = error;
}

void WakeUp::clear() const noexcept {
  std::array<char, 64> ignored{};
  while (::read(pipe_.reading.get(), ignored.data(), ignored.size()) > 0) {
  }
}

}  // namespace koshin
