// SPDX-License-Identifier: MIT
// The events' way out: a handle of the worker's own. What a vendor module prints goes nowhere
// (module_output.hpp may keep it), and what it would read from stdin is empty.
#pragma once

#include "foundation/jobs/messages.hpp"
#include "foundation/system/handle.hpp"

namespace koshin::worker {

class EventStream {
 public:
  /// Takes stdout over. Throws std::system_error.
  EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// Writes one line, unbuffered. False when the pipe is closed; later calls do nothing.
  bool write(const messages::Event& event) noexcept;
  NativeHandle handle() const noexcept { return handle_.get(); }
  /// Tells whoever reads that this process has nothing left to do.
  void close() noexcept;

 private:
  Handle handle_;
  bool broken_ = false;
};

/// Makes stdin empty for loaded modules; called after job and secrets were read.
void close_input();

}  // namespace koshin::worker
