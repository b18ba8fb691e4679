// SPDX-License-Identifier: MIT
// Process restrictions on Windows, and a deadline that is kept by threads of its own.
#include <windows.h>

#include <aclapi.h>
#include <realtimeapiset.h>
#include <sddl.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>

#include "foundation/failures/failure.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/security_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::hardening {
namespace {

/// Other processes of the user may ask what this is, wait for it and end it, and may not read its memory or
/// change that. "OW" takes the owner's right to grant himself more.
void refuse_other_processes() {
  constexpr const wchar_t* rights =
      L"0x101001";  // PROCESS_TERMINATE, PROCESS_QUERY_LIMITED_INFORMATION, SYNCHRONIZE
  const std::wstring text = std::wstring(L"D:P(A;;") + rights + L";;;OW)(A;;" + rights + L";;;" +
                            wide(own_sid()) + L")(A;;0x1fffff;;;SY)";
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (::ConvertStringSecurityDescriptorToSecurityDescriptorW(text.c_str(), SDDL_REVISION_1, &descriptor,
                                                             nullptr) == 0)
    throw_last_error("ConvertStringSecurityDescriptorToSecurityDescriptor");
  const std::unique_ptr<void, decltype(&::LocalFree)> own(descriptor, ::LocalFree);
  BOOL present = FALSE;
  BOOL defaulted = FALSE;
  PACL list = nullptr;
  ::GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted);
  const DWORD error = ::SetSecurityInfo(::GetCurrentProcess(), SE_KERNEL_OBJECT,
                                        DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                                        nullptr, nullptr, list, nullptr);
  if (error != ERROR_SUCCESS) throw_error(error, "SetSecurityInfo of the process");
}

/// Best effort: a system that is too old for one of them has the others.
template <class Policy>
void restrict_to(PROCESS_MITIGATION_POLICY which, Policy policy) noexcept {
  (void)::SetProcessMitigationPolicy(which, &policy, sizeof policy);
}

void restrict_libraries() noexcept {
  PROCESS_MITIGATION_EXTENSION_POINT_DISABLE_POLICY no_hooks{};
  no_hooks.DisableExtensionPoints = 1;  // input methods of old kinds, AppInit_DLLs, Winsock providers
  restrict_to(ProcessExtensionPointDisablePolicy, no_hooks);
  PROCESS_MITIGATION_IMAGE_LOAD_POLICY own_disks{};
  own_disks.NoRemoteImages = 1;
  own_disks.NoLowMandatoryLabelImages = 1;
  own_disks.PreferSystem32Images = 1;
  restrict_to(ProcessImageLoadPolicy, own_disks);
  // No strict handle checks: a module that closes a handle twice would end the job.
  (void)::SetDllDirectoryW(L"");  // never from the current folder
  (void)::SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_APPLICATION_DIR);
}

struct Deadline {
  std::mutex mutex;
  Handle changed{::CreateEventW(nullptr, FALSE, FALSE, nullptr)};
  Handle say{::CreateEventW(nullptr, FALSE, FALSE, nullptr)};
  Handle said{::CreateEventW(nullptr, FALSE, FALSE, nullptr)};
  std::atomic<std::uint64_t> due{0};  ///< of the unbiased interrupt time; 0: none
  std::atomic<const char*> words{nullptr};
  std::atomic<NativeHandle> to{no_handle};
};

/// Time in which the machine sleeps does not count: closing the lid does not end a renewal.
std::uint64_t awake_ticks() {
  ULONGLONG ticks = 0;
  ::QueryUnbiasedInterruptTime(&ticks);
  return ticks;
}

constexpr std::uint64_t ticks_a_second = 10'000'000;
constexpr std::uint64_t ticks_a_millisecond = 10'000;

[[noreturn]] void end_now(const Deadline& deadline) {
  constexpr DWORD longest_wait_ms = 1000;  // a parent that does not read must not keep this process alive
  ::SetEvent(deadline.say.get());
  ::WaitForSingleObject(deadline.said.get(), longest_wait_ms);
  process_tree::end_process(info(Reason::deadline_exceeded).exit_code);
}

/// Allocates nothing: the module may hold every lock that there is.
[[noreturn]] void keep_deadline(const Deadline& deadline) {
  constexpr std::uint64_t longest_look = 1000;  // the wait's clock and the deadline's are two
  while (true) {
    const std::uint64_t due = deadline.due.load();
    const std::uint64_t now = awake_ticks();
    if (due != 0 && now >= due) end_now(deadline);
    const std::uint64_t left = due == 0 ? 0 : (due - now) / ticks_a_millisecond + 1;
    ::WaitForSingleObject(deadline.changed.get(),
                          due == 0 ? INFINITE : static_cast<DWORD>(std::min(left, longest_look)));
  }
}

void say_last_words(const Deadline& deadline) {
  ::WaitForSingleObject(deadline.say.get(), INFINITE);
  const char* const words = deadline.words.load();
  DWORD written = 0;
  if (words != nullptr)
    ::WriteFile(deadline.to.load(), words, static_cast<DWORD>(std::strlen(words)), &written, nullptr);
  ::SetEvent(deadline.said.get());
}

/// Never destroyed: its threads live as long as the process.
Deadline& deadline() {
  static Deadline* const made = [] {
    auto* const one = new Deadline;
    if (!one->changed || !one->say || !one->said) fail(Reason::internal_error, "the deadline has no events");
    start_detached_thread([one] { keep_deadline(*one); });
    start_detached_thread([one] { say_last_words(*one); });
    return one;
  }();
  return *made;
}

}  // namespace

void protect_process() {
  // No window, and no report with this process's memory.
  ::SetErrorMode(::GetErrorMode() | SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
  try {
    refuse_other_processes();
  } catch (const std::exception& error) {
    fail(Reason::internal_error, error.what());
  }
  restrict_libraries();
}

void set_deadline(std::chrono::seconds limit, const char* before_end, NativeHandle to) {
  Deadline& one = deadline();
  const std::lock_guard lock(one.mutex);
  one.due = 0;
  one.words = before_end;
  one.to = to;
  if (limit.count() > 0) one.due = awake_ticks() + static_cast<std::uint64_t>(limit.count()) * ticks_a_second;
  ::SetEvent(one.changed.get());
}

}  // namespace koshin::hardening
