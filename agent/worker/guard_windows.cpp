// SPDX-License-Identifier: MIT
// No guard process is needed on Windows: the worker holds a job of its own (process_tree_windows.cpp), and
// when it ends, in whatever way, the system ends what is left in it. What the guard tells besides, that a
// module has ended the worker, is told here while the process ends.
#include "worker/guard.hpp"

#include <windows.h>

#include <atomic>

namespace koshin::worker {
namespace {

/// Calls into modules that have begun and not ended.
std::atomic<int> calls{0};

constexpr UINT ended_by_module =
    0xC0000409;  // as after abort(): STATUS_STACK_BUFFER_OVERRUN, which is "fail fast"

/// Called by the system when ExitProcess() runs: the module, which was loaded later, has been told before,
/// and the libraries that koshin needs are told after it. TerminateProcess() does not pass here: a worker
/// that ends itself uses that.
void NTAPI on_process_end(void* /*module*/, DWORD reason, void* /*reserved*/) {
  if (reason == DLL_PROCESS_DETACH && calls.load() > 0)
    ::TerminateProcess(::GetCurrentProcess(), ended_by_module);
}

}  // namespace

void go_on_under_guard() noexcept {}

void enter_module() noexcept {
  calls.fetch_add(1);
}

void leave_module() noexcept {
  calls.fetch_sub(1);
}

}  // namespace koshin::worker

// The table of functions that the system calls for threads and the process's end, of a library as of a
// program (".CRT$XLB" is in it, between what the C library puts first and last).
extern "C" {
[[gnu::section(".CRT$XLB"), gnu::used]] PIMAGE_TLS_CALLBACK const koshin_on_process_end =
    koshin::worker::on_process_end;
}
