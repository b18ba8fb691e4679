// SPDX-License-Identifier: MIT
// A thread that looks into the pipe. It reads nothing: a read that waits would keep everybody else from the
// pipe.
#include "foundation/system/pipe_watch_windows.hpp"

#include <windows.h>

#include <array>

#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

constexpr DWORD pause_ms = 20;

Handle make_event(bool stays_set) {
  Handle event(::CreateEventW(nullptr, stays_set ? TRUE : FALSE, FALSE, nullptr));
  if (!event) throw_last_error("CreateEvent");
  return event;
}

}  // namespace

PipeWatch::PipeWatch(NativeHandle pipe)
    : pipe_(pipe),
      ready_(make_event(true)),
      again_(make_event(false)),
      end_(make_event(true)),
      thread_([this] { watch(); }) {}

PipeWatch::~PipeWatch() {
  ::SetEvent(end_.get());
  thread_.join();
}

void PipeWatch::look_again() noexcept {
  ::ResetEvent(ready_.get());
  ::SetEvent(again_.get());
}

void PipeWatch::watch() noexcept {
  const std::array<HANDLE, 2> next{end_.get(), again_.get()};
  while (true) {
    DWORD there = 0;
    if (::PeekNamedPipe(pipe_, nullptr, 0, nullptr, &there, nullptr) == 0 || there > 0) {
      ::SetEvent(ready_.get());
      if (::WaitForMultipleObjects(static_cast<DWORD>(next.size()), next.data(), FALSE, INFINITE) ==
          WAIT_OBJECT_0)
        return;
    } else if (::WaitForSingleObject(end_.get(), pause_ms) == WAIT_OBJECT_0) {
      return;
    }
  }
}

}  // namespace koshin
