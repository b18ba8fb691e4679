// SPDX-License-Identifier: MIT
#include <windows.h>

#include "faults/module_system.hpp"

namespace koshin::faults {

std::intptr_t open_log(const std::filesystem::path& file) {
  HANDLE const log = ::CreateFileW(file.c_str(), FILE_APPEND_DATA | SYNCHRONIZE,
                                   FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS, 0, nullptr);
  return reinterpret_cast<std::intptr_t>(log);
}

bool append(std::intptr_t log, std::string_view line) {
  DWORD written = 0;
  return ::WriteFile(reinterpret_cast<HANDLE>(log), line.data(), static_cast<DWORD>(line.size()), &written,
                     nullptr) != 0 &&
         written == line.size();
}

void end_at_once() {
  ::TerminateProcess(::GetCurrentProcess(), 0xC000013A);  // STATUS_CONTROL_C_EXIT, as ChildProcess::kill()
}

void wait_for_ever() {
  for (;;) ::Sleep(INFINITE);
}

void* function_of(const std::filesystem::path& library, const char* function) {
  HMODULE const loaded = ::LoadLibraryExW(std::filesystem::path(library).make_preferred().c_str(), nullptr,
                                          LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
  return loaded == nullptr ? nullptr : reinterpret_cast<void*>(::GetProcAddress(loaded, function));
}

}  // namespace koshin::faults
