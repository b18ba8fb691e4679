// SPDX-License-Identifier: MIT
// Output of events on the worker's own descriptor. Output of a vendor's module is discarded
// (module_output.hpp may keep it), and its stdin is empty.
#pragma once

#include "foundation/jobs/messages.hpp"

namespace koshin::worker {

class EventStream {
 public:
  /// Takes stdout over. Throws std::system_error.
  EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// Writes one line, unbuffered. False when the pipe is closed; later calls do nothing.
  bool write(const messages::Event& event) noexcept;
  int descriptor() const { return descriptor_; }
  /// Closes the pipe: tells the parent that this process has finished.
  void close() noexcept;

 private:
  int descriptor_;
  bool broken_ = false;
};

/// Makes stdin empty for loaded modules; called after job and secrets were read.
void close_input();

}  // namespace koshin::worker
