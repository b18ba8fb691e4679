// SPDX-License-Identifier: MIT
// An anonymous pipe; the wake-up is an event, which can be waited for together with anything else.
#include "foundation/system/pipe.hpp"

#include <windows.h>

#include "foundation/system/wide_text_windows.hpp"

namespace koshin {

Pipe Pipe::make() {
  HANDLE reading = nullptr;
  HANDLE writing = nullptr;
  if (::CreatePipe(&reading, &writing, nullptr, 0) == 0) throw_last_error("CreatePipe");
  Pipe pipe;
  pipe.reading = Handle(reading);
  pipe.writing = Handle(writing);
  return pipe;
}

WakeUp::WakeUp() {
  pipe_.reading = Handle(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
  if (!pipe_.reading) throw_last_error("CreateEvent");
}

void WakeUp::set_off() const noexcept {
  ::SetEvent(pipe_.reading.get());
}

void WakeUp::clear() const noexcept {
  ::ResetEvent(pipe_.reading.get());
}

}  // namespace koshin
