// SPDX-License-Identifier: MIT
// What somebody might put where koshin looks for its code: a koshin-programs.dll whose one entry ends the
// program with a code that nothing of koshin's has.
#include <windows.h>

__declspec(dllexport) void enter_koshin(int argc, char** argv) {
  (void)argc;
  (void)argv;
  ExitProcess(99);
}
