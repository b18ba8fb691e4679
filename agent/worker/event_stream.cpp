// SPDX-License-Identifier: MIT
// Standard input and output, taken out of the reach of loaded modules.
#include "worker/event_stream.hpp"

#include <exception>

#include "foundation/system/handle_io.hpp"
#include "foundation/system/standard_streams.hpp"

namespace koshin::worker {
EventStream::EventStream() : handle_(keep_own(StandardStream::output)) {
  lead_nowhere(StandardStream::output);
}

bool EventStream::write(const messages::Event& event) noexcept {
  if (broken_) return false;
  try {
    const std::string line = messages::to_json(event) + "\n";
    write_all(handle_.get(), line);
  } catch (const std::exception&) {
    broken_ = true;
  }
  return !broken_;
}

void EventStream::close() noexcept {
  broken_ = true;
  handle_.close();
}

void close_input() {
  lead_nowhere(StandardStream::input);
}

}  // namespace koshin::worker
