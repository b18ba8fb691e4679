// SPDX-License-Identifier: MIT
// Pages for secrets on Windows.
#include <windows.h>

#include <algorithm>
#include <new>
#include <span>

#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/secrets/secure_memory.hpp"

namespace koshin {

void wipe(std::span<char> memory) noexcept {
  if (!memory.empty()) ::SecureZeroMemory(memory.data(), memory.size());
}

}  // namespace koshin

namespace koshin::secure_memory {
namespace {

std::size_t whole_pages(std::size_t bytes) {
  SYSTEM_INFO system{};
  ::GetSystemInfo(&system);
  return (bytes + system.dwPageSize - 1) / system.dwPageSize * system.dwPageSize;
}

/// The pages that a process may lock are few less than the least that it holds in memory: that is raised by
/// as much.
bool lock(void* memory, std::size_t length) noexcept {
  if (::VirtualLock(memory, length) != 0) return true;
  SIZE_T least = 0;
  SIZE_T most = 0;
  if (::GetLastError() != ERROR_WORKING_SET_QUOTA ||
      ::GetProcessWorkingSetSize(::GetCurrentProcess(), &least, &most) == 0)
    return false;
  const SIZE_T wanted = least + length;
  return ::SetProcessWorkingSetSize(::GetCurrentProcess(), wanted, std::max(most, wanted + length)) != 0 &&
         ::VirtualLock(memory, length) != 0;
}

/// Windows 10 1703 and later: error reports leave these pages out.
void keep_out_of_reports(void* memory, std::size_t length) noexcept {
  using Register = HRESULT(WINAPI*)(const void*, DWORD);
  static const auto exclude = reinterpret_cast<Register>(reinterpret_cast<void*>(
      ::GetProcAddress(::GetModuleHandleW(L"kernel32.dll"), "WerRegisterExcludedMemoryBlock")));
  if (exclude != nullptr) (void)exclude(memory, static_cast<DWORD>(length));
}

void forget_in_reports(void* memory) noexcept {
  using Unregister = HRESULT(WINAPI*)(const void*);
  static const auto include = reinterpret_cast<Unregister>(reinterpret_cast<void*>(
      ::GetProcAddress(::GetModuleHandleW(L"kernel32.dll"), "WerUnregisterExcludedMemoryBlock")));
  if (include != nullptr) (void)include(memory);
}

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes == 0 || bytes > (std::size_t{1} << 30U)) throw std::bad_alloc();
  const std::size_t length = whole_pages(bytes);
  void* const memory = ::VirtualAlloc(nullptr, length, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  if (memory == nullptr) throw std::bad_alloc();
  (void)lock(memory, length);  // a renewal with secrets that may be swapped out is better than none
  keep_out_of_reports(memory, length);
  return memory;
}

void release(void* memory, std::size_t bytes) noexcept {
  if (memory == nullptr) return;
  wipe({static_cast<char*>(memory), whole_pages(bytes)});
  forget_in_reports(memory);
  (void)::VirtualFree(memory, 0, MEM_RELEASE);
}

}  // namespace koshin::secure_memory
