// SPDX-License-Identifier: MIT
// The events' way out: a descriptor of the worker's own. What a vendor module prints goes nowhere
// (module_output.hpp may keep it), and what it would read from stdin is empty.
#pragma once

#include "foundation/jobs/messages.hpp"

namespace koshin::worker {

class EventStream {
 public:
  /// Takes stdout away from everybody else. Throws std::system_error.
  EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// One line, written at once. False when nobody reads any more; later calls do nothing.
  bool write(const messages::Event& event) noexcept;
  int descriptor() const { return descriptor_; }
  /// Tells whoever reads that this process has nothing left to do.
  void close() noexcept;

 private:
  int descriptor_;
  bool broken_ = false;
};

/// After job and secrets were read: stdin is empty for whatever is loaded into this process.
void close_input();

}  // namespace koshin::worker
