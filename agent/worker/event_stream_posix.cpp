// SPDX-License-Identifier: MIT
// Descriptors 0 and 1, protected from loaded modules.
#include "worker/event_stream.hpp"

#include <unistd.h>

#include <exception>

#include "foundation/system/descriptor.hpp"

namespace koshin::worker {
EventStream::EventStream() : descriptor_(keep_own(STDOUT_FILENO)) {
  lead_nowhere(STDOUT_FILENO, Direction::writing);
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
  lead_nowhere(STDIN_FILENO, Direction::reading);
}

}  // namespace koshin::worker
