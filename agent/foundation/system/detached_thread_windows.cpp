// SPDX-License-Identifier: MIT
// CreateThread itself: std::thread reserves a megabyte and keeps a handle.
#include "foundation/system/detached_thread.hpp"

#include <windows.h>

#include <memory>
#include <utility>

#include "foundation/system/handle.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

constexpr std::size_t stack_size = 256UL * 1024;

DWORD WINAPI run_detached(void* work) {
  const std::unique_ptr<std::function<void()>> own(static_cast<std::function<void()>*>(work));
  (*own)();
  return 0;
}

}  // namespace

void start_detached_thread(std::function<void()> work) {
  auto own = std::make_unique<std::function<void()>>(std::move(work));
  const Handle thread(::CreateThread(nullptr, stack_size, run_detached, own.get(),
                                     STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr));
  if (!thread) throw_last_error("CreateThread");
  (void)own.release();  // the thread's
}

}  // namespace koshin
