// SPDX-License-Identifier: MIT
// Windows' version and languages from the registry and its interfaces, policies, services, koshin's own
// processes, the task of the reminders, the Event Log.
#include <windows.h>

#include <array>
#include <functional>

#include "cli/support_event_log_windows.hpp"
#include "cli/support_system.hpp"
#include "foundation/base/text.hpp"
#include "foundation/base/ui_locale.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/system/file_version_windows.hpp"
#include "foundation/system/process_owner_windows.hpp"
#include "foundation/system/program_watch_windows.hpp"
#include "foundation/system/registry.hpp"
#include "foundation/system/scheduled_task_windows.hpp"
#include "foundation/system/service_state_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"
#include "foundation/system/within.hpp"

namespace koshin::cli {
namespace {

/// What the system answers within for_system; why there is nothing, else.
std::string answer_of_system(std::function<std::string()> ask) {
  try {
    const auto answer = within<std::string>(for_system, std::move(ask));
    return answer ? *answer : "(no answer within " + std::to_string(for_system.count()) + " s)\n";
  } catch (const std::exception& error) {
    return "(" + printable(error.what(), 300) + ")\n";
  }
}

/// A text or a number of the key in which Windows keeps its own version; empty where there is none.
std::string version_value(const wchar_t* name) {
  constexpr wchar_t key[] = LR"(SOFTWARE\Microsoft\Windows NT\CurrentVersion)";
  std::array<wchar_t, 256> text{};
  auto bytes = static_cast<DWORD>(sizeof text);
  if (::RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, nullptr,
                     text.data(), &bytes) == ERROR_SUCCESS)
    return printable(narrow(text.data()), 200);
  DWORD number = 0;
  bytes = sizeof number;
  if (::RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_DWORD | RRF_SUBKEY_WOW6464KEY, nullptr,
                     &number, &bytes) == ERROR_SUCCESS)
    return std::to_string(number);
  return {};
}

std::string or_unknown(const std::string& text) {
  return text.empty() ? "(unknown)" : text;
}

std::string versions_of_modules(const Settings& settings) {
  std::string text;
  for (const std::string& module : settings.token.modules)
    text += module + " " + or_unknown(version_of_file(wide(module))) + "\n";
  return text.empty() ? "(no module is set)\n" : text;
}

std::string value_text(const RegistryValue& value) {
  if (const auto* number = std::get_if<std::uint32_t>(&value.data)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value.data)) return printable(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value.data)) return printable(joined(*list));
  return "(" + std::get<UnreadableData>(value.data).why + ")";
}

void add_values(const RegistryKey& key, const std::string& path, std::string& text) {
  for (const RegistryValue& value : key.values)
    text += path + "\\" + printable(value.name, 100) + "=" + value_text(value) + "\n";
  for (const RegistryKey& below : key.keys) add_values(below, path + "\\" + printable(below.name, 100), text);
}

/// What is set in the registry, as it stands there: settings.json has what it comes to.
std::string policies() {
  std::string text;
  for (const char* const path : {R"(SOFTWARE\Policies\koshin)", R"(SOFTWARE\koshin\settings)"}) {
    std::string values;
    try {
      add_values(read_machine_registry(path), "", values);
    } catch (const std::exception& error) {
      values = "(" + printable(error.what(), 300) + ")\n";
    }
    text += std::string("HKLM\\") + path + ":\n" + (values.empty() ? "(nothing)\n" : values) + "\n";
  }
  return text;
}

const char* state_word(unsigned long state) {
  constexpr std::array words{"?",       "stopped",  "starting", "stopping",
                             "running", "resuming", "pausing",  "paused"};
  return words.at(state < words.size() ? state : 0);
}

const char* start_word(unsigned long start) {
  constexpr std::array words{"at boot", "by the system", "automatic", "on demand", "disabled"};
  return start < words.size() ? words.at(start) : "?";
}

/// The smart card service, what takes certificates over from cards, what makes its devices, and what koshin's
/// task and log entries need.
std::string services() {
  std::string text;
  for (const wchar_t* const name : {L"SCardSvr", L"CertPropSvc", L"ScDeviceEnum", L"Schedule", L"EventLog"}) {
    const auto service = state_of_service(name);
    text += narrow(name) + " " +
            (service ? std::string(state_word(service->state)) + ", " + start_word(service->start)
                     : "(the service manager does not tell)") +
            "\n";
  }
  return text;
}

std::string process_line(const RunningProcess& process) {
  DWORD session = 0;
  const bool has_session = ::ProcessIdToSessionId(process.number, &session) != 0;
  const Handle opened = open_process(process.number);
  const auto program = opened ? program_of(opened.get()) : std::filesystem::path();
  return narrow(process.name) + " " + std::to_string(process.number) + ", session " +
         (has_session ? std::to_string(session) : "?") + ", " + or_unknown(narrow(program.wstring())) +
         ", version " + or_unknown(program.empty() ? "" : version_of_file(program)) + "\n";
}

std::string own_processes() {
  const std::vector<RunningProcess> all = running_processes();
  if (all.empty()) return "(the processes cannot be listed)\n";
  std::string text;
  for (const RunningProcess& process : all)
    if (process.name.starts_with(L"koshin")) text += process_line(process);
  return text.empty() ? "(none)\n" : text;
}

std::string reminder_task() {
  constexpr std::array words{"missing", "disabled", "enabled"};
  return narrow(reminder_task_name) + " " +
         words.at(static_cast<std::size_t>(state_of_task(reminder_task_name))) + "\n";
}

}  // namespace

std::string system_versions(const Session& session) {
  std::string text = "library " + narrow(file_of_this_code().wstring()) + " " +
                     or_unknown(version_of_file(file_of_this_code())) + "\n\nWindows:\n";
  for (const wchar_t* const name : {L"ProductName", L"EditionID", L"InstallationType", L"DisplayVersion",
                                    L"ReleaseId", L"CurrentBuild", L"UBR"})
    text += narrow(name) + " " + or_unknown(version_value(name)) + "\n";
  text += "display languages " + or_unknown(joined(preferred_ui_locales())) + "\ncode pages " +
          std::to_string(::GetACP()) + ", " + std::to_string(::GetOEMCP()) + "\nremote session " +
          (::GetSystemMetrics(SM_REMOTESESSION) != 0 ? "yes" : "no") + "\n\nmodules:\n";
  return text + versions_of_modules(session.settings);
}

std::vector<ArchiveEntry> system_parts(const Session& session) {
  std::vector<ArchiveEntry> parts{{"policies.txt", policies()}};
  session.interrupt.check();
  parts.push_back({"windows.txt", "services:\n" + answer_of_system(services) + "\nkoshin's processes:\n" +
                                      own_processes() + "\ntask of the reminders:\n" +
                                      answer_of_system(reminder_task)});
  session.interrupt.check();
  parts.push_back({"system-log.txt", answer_of_system(own_event_log)});
  return parts;
}

}  // namespace koshin::cli
