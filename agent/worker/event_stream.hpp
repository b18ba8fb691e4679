// SPDX-License-Identifier: MIT
// The events' way out: a descriptor of the worker's own. What a vendor module prints goes to stderr instead,
// and what it would read from stdin is empty.
#pragma once

#include <chrono>

#include "foundation/messages.hpp"

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

 private:
  int descriptor_;
  bool broken_ = false;
};

/// Whether something of the job (or its end) arrives within that time.
bool input_arrives(std::chrono::milliseconds patience);

/// After job and secrets were read: stdin is empty for whatever is loaded into this process.
void close_input();

}  // namespace koshin::worker
