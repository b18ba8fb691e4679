// SPDX-License-Identifier: MIT
// Gives memory back to Windows.
#include "resident/idle_memory.hpp"

#include <windows.h>

namespace koshin::resident {

/// The working set is emptied: pages of programs and libraries are dropped, written ones go to the modified
/// list, and come back from there without a disk as long as nobody else needs the memory.
void give_back_idle_memory() {
  HeapCompact(GetProcessHeap(), 0);
  constexpr auto as_few_as_possible = static_cast<SIZE_T>(-1);
  SetProcessWorkingSetSize(GetCurrentProcess(), as_few_as_possible, as_few_as_possible);
}

}  // namespace koshin::resident
