// SPDX-License-Identifier: MIT
// The entries of koshin-programs.dll, one for each program, and how the code of all of them begins and ends
// (docs/decisions/0022-one-image-on-windows.md). Every program calls one entry, once, as the first thing that
// it does.
#include <windows.h>

#include <cstdio>

#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams_windows.hpp"

/// The C library's: pseudo relocations, and the constructors of everything in this library.
extern "C" BOOL WINAPI DllMainCRTStartup(HINSTANCE image, DWORD reason, void* reserved);

#define KOSHIN_PROGRAM(name) int name##_main(int argc, char** argv);
#include "programs.def.h"
#undef KOSHIN_PROGRAM

namespace {

HINSTANCE this_image = nullptr;

/// Before a program's main() everything is constructed here, where no lock of the loader is held:
/// Boost.Asio's constructors start the sockets, which must not be done under it. After it nothing is
/// destroyed: other threads may be running still. What must not be lost by that is what streams hold, and the
/// console's code page. Its guard of the stack is made while it runs.
[[gnu::no_stack_protector, gnu::noinline]] void run(int (*program)(int, char**), int argc,
                                                    char** argv) noexcept {
  int exit_code = 1;
  if (DllMainCRTStartup(this_image, DLL_PROCESS_ATTACH, nullptr) != FALSE) exit_code = program(argc, argv);
  (void)std::fflush(nullptr);
  koshin::leave_console_as_found();
  koshin::process_tree::end_process(exit_code);
}

}  // namespace

extern "C" {

/// What the system calls when the library is loaded, when threads come and go, and when the process ends, all
/// under the loader's lock: nothing is done there (run() says why).
BOOL WINAPI koshin_image_changes(HINSTANCE image, DWORD reason, void* /*reserved*/) {
  if (reason == DLL_PROCESS_ATTACH) this_image = image;
  return TRUE;
}

#define KOSHIN_PROGRAM(name)                                                \
  __declspec(dllexport) void enter_##name(int argc, char** argv) noexcept { \
    run(name##_main, argc, argv);                                           \
  }
#include "programs.def.h"
#undef KOSHIN_PROGRAM

}  // extern "C"
