// SPDX-License-Identifier: MIT
// The installer's own actions, in a library that msiexec loads: CheckSettings before anything is changed;
// StopPrograms before files are replaced; StartAgents, RemoveSettings and the two of the reminder's task when
// all has gone well.
#include <windows.h>

#include <msi.h>
#include <msiquery.h>

#include <string>
#include <string_view>
#include <vector>

#include "foundation/system/scheduled_task_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"
#include "installed_programs_windows.hpp"
#include "left_behind_windows.hpp"
#include "reminder_task.hpp"
#include "setup_properties.hpp"

namespace koshin::setup {
namespace {

std::wstring property(MSIHANDLE install, const std::wstring& name) {
  DWORD size = 0;
  wchar_t none[] = L"";
  if (MsiGetPropertyW(install, name.c_str(), none, &size) != ERROR_MORE_DATA) return {};
  std::wstring value(++size, L'\0');
  if (MsiGetPropertyW(install, name.c_str(), value.data(), &size) != ERROR_SUCCESS) return {};
  value.resize(size);
  return value;
}

/// Into the installation's log, and as an error also before a person's eyes when there is one.
void say(MSIHANDLE install, INSTALLMESSAGE kind, std::string_view text) {
  const MSIHANDLE record = MsiCreateRecord(1);
  MsiRecordSetStringW(record, 0, L"koshin: [1]");
  MsiRecordSetStringW(record, 1, wide(text).c_str());
  MsiProcessMessage(install, kind, record);
  MsiCloseHandle(record);
}

/// Windows' own version. To msiexec, and to the installer's conditions, Windows 10 says that it is
/// Windows 8.1.
bool is_windows_10() {
  OSVERSIONINFOW version{};
  version.dwOSVersionInfoSize = sizeof version;
  const auto ask = reinterpret_cast<LONG(WINAPI*)(OSVERSIONINFOW*)>(
      reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion")));
  constexpr DWORD ten = 10;
  return ask == nullptr || ask(&version) != 0 || version.dwMajorVersion >= ten;
}

std::vector<std::string> what_is_wrong(MSIHANDLE install) {
  std::vector<std::string> wrong =
      wrong_properties([&](std::string_view name) { return narrow(property(install, wide(name))); });
  if (const std::wstring file = property(install, L"BANK_FILE"); !file.empty())
    for (std::string& problem : wrong_bank_file(std::filesystem::path(file)))
      wrong.push_back(std::move(problem));
  if (!is_windows_10()) wrong.emplace_back("koshin needs Windows 10 or later, 64 bits.");
  return wrong;
}

/// No exception passes into msiexec.
UINT guarded(MSIHANDLE install, const auto& action) noexcept {
  try {
    return action();
  } catch (const std::exception& error) {
    say(install, INSTALLMESSAGE_INFO, error.what());
    return ERROR_INSTALL_FAILURE;
  }
}

}  // namespace
}  // namespace koshin::setup

// The names that the installer's database has.
extern "C" {

UINT __stdcall CheckSettings(MSIHANDLE install) {
  using namespace koshin::setup;
  return guarded(install, [&]() -> UINT {
    const std::vector<std::string> wrong = what_is_wrong(install);
    for (const std::string& problem : wrong)
      say(install, static_cast<INSTALLMESSAGE>(INSTALLMESSAGE_ERROR | MB_OK | MB_ICONERROR), problem);
    return wrong.empty() ? ERROR_SUCCESS : ERROR_INSTALL_FAILURE;
  });
}

UINT __stdcall StopPrograms(MSIHANDLE install) {
  using namespace koshin::setup;
  return guarded(install, [&]() -> UINT {
    const std::size_t stopped = stop_programs_below(property(install, L"CustomActionData"));
    say(install, INSTALLMESSAGE_INFO, "stopped programs: " + std::to_string(stopped));
    return ERROR_SUCCESS;
  });
}

UINT __stdcall StartAgents(MSIHANDLE install) {
  using namespace koshin::setup;
  return guarded(install, [&]() -> UINT {
    const std::size_t started = start_in_sessions(property(install, L"CustomActionData"));
    say(install, INSTALLMESSAGE_INFO, "started agents: " + std::to_string(started));
    return ERROR_SUCCESS;
  });
}

UINT __stdcall RemoveSettings(MSIHANDLE install) {
  using namespace koshin::setup;
  return guarded(install, [&]() -> UINT {
    const std::wstring data = property(install, L"CustomActionData");
    const auto cut = data.find(L';');
    remove_settings(data.substr(0, cut));
    if (cut != std::wstring::npos && data.substr(cut + 1) == L"1") remove_users_state();
    return ERROR_SUCCESS;
  });
}

/// Whether the task is enabled is an administrator's to say: an upgrade or a repair keeps it as it is.
UINT __stdcall RegisterReminder(MSIHANDLE install) {
  using namespace koshin;
  return setup::guarded(install, [&]() -> UINT {
    const std::string folder = narrow(setup::property(install, L"CustomActionData"));
    const bool is_enabled = state_of_task(reminder_task_name) != TaskState::disabled;
    const std::string task = setup::reminder_task({.program = folder + "koshin-ui.exe",
                                                   .names = folder + "koshin-events.dll",
                                                   .is_enabled = is_enabled});
    register_group_task(reminder_task_name, wide(task), wide(setup::reminded_group));
    setup::say(install, INSTALLMESSAGE_INFO,
               is_enabled ? "registered the task koshin-remind"
                          : "registered the task koshin-remind, disabled as it was");
    return ERROR_SUCCESS;
  });
}

UINT __stdcall RemoveReminder(MSIHANDLE install) {
  using namespace koshin;
  return setup::guarded(install, [&]() -> UINT {
    remove_task(reminder_task_name);
    setup::say(install, INSTALLMESSAGE_INFO, "removed the task koshin-remind");
    return ERROR_SUCCESS;
  });
}

}  // extern "C"
