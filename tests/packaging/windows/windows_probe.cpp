// SPDX-License-Identifier: MIT
// What a program of koshin sees of the registry, and what it writes into the Event Log.
// usage: koshin-windows-probe settings            each setting that is set, and its origin; or the mistakes
//        koshin-windows-probe log                 writes two entries, without a standard error
//        koshin-windows-probe work FILE           half a minute, and writes the file at their end
//        koshin-windows-probe employ PROGRAM FILE runs PROGRAM work FILE in a job that ends with it
//        koshin-windows-probe sentence DLL ID     that sentence, with "1", "2", "3" in it, in English and
//                                                 Japanese
//        koshin-windows-probe names DLL           its strings 1 to 3 in English and Japanese
//        koshin-windows-probe task                the state of the reminder's task
#include <windows.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/settings/settings_table.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/scheduled_task_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace {

using namespace koshin;

void print_settings(const std::string& bank, const Settings& settings) {
  for (const auto& [name, origin] : settings.origins)
    std::printf("%s%s = %s # %s\n", bank.c_str(), name.c_str(),
                setting_text(settings, *find_setting(name)).c_str(), origin.c_str());
}

int show_settings() {
  const SettingsReading reading = read_settings(SettingsSources::standard());
  for (const Failure& mistake : reading.mistakes) std::printf("mistake: %s\n", mistake.detail.c_str());
  print_settings("", reading.deployment.base);
  for (const Settings& bank : reading.deployment.banks)
    if (!bank.bank().empty()) print_settings(bank.bank() + ": ", bank);
  return reading.mistakes.empty() ? 0 : 1;
}

int write_log() {
  log::use_handle(nullptr);
  log::configure("koshin-agent", LogLevel::info);
  log::warning(log::Event::token_removed, "The token is gone \xE6\x8A\x9C", {{"KOSHIN_TOKEN", "abc"}});
  log::error(log::Event::none, "No kind");
  log::debug("not written");
  return 0;
}

int show_sentence(const char* library, const char* number) {
  const HMODULE messages = LoadLibraryExW(wide(library).c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
  if (messages == nullptr) return 1;
  std::array<DWORD_PTR, 3> inserts{reinterpret_cast<DWORD_PTR>(L"1"), reinterpret_cast<DWORD_PTR>(L"2"),
                                   reinterpret_cast<DWORD_PTR>(L"3")};
  for (const DWORD language : {0x0409U, 0x0411U}) {
    std::array<wchar_t, 2000> text{};
    const DWORD size =
        FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, messages,
                       static_cast<DWORD>(std::atoi(number)), language, text.data(),
                       static_cast<DWORD>(text.size()), reinterpret_cast<va_list*>(inserts.data()));
    if (size == 0) return 1;
    std::printf("%s", narrow({text.data(), size}).c_str());
  }
  return 0;
}

/// A string of a library in one language; the table has 16 in each block, each after its length.
std::wstring string_of(HMODULE library, WORD number, WORD language) {
  const HRSRC found = FindResourceExW(library, RT_STRING, MAKEINTRESOURCEW(number / 16 + 1), language);
  const HGLOBAL loaded = found == nullptr ? nullptr : LoadResource(library, found);
  const auto* at = loaded == nullptr ? nullptr : static_cast<const wchar_t*>(LockResource(loaded));
  if (at == nullptr) return {};
  for (int i = 0; i < number % 16; ++i) at += *at + 1;
  return {at + 1, static_cast<std::size_t>(*at)};
}

int show_names(const char* library) {
  const HMODULE names = LoadLibraryExW(wide(library).c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
  if (names == nullptr) return 1;
  for (const WORD language : {WORD{0x0409}, WORD{0x0411}})
    for (WORD number = 1; number <= 3; ++number)
      std::printf("%s\n", narrow(string_of(names, number, language)).c_str());
  return 0;
}

int show_task() {
  constexpr std::array states{"missing", "disabled", "enabled"};
  std::printf("%s\n", states.at(static_cast<std::size_t>(state_of_task(reminder_task_name))));
  return 0;
}

int work(const char* file) {
  Sleep(25 * 1000);
  std::FILE* const made = std::fopen(file, "w");
  return made != nullptr && std::fclose(made) == 0 ? 0 : 1;
}

/// As an agent has its workers: the job ends them with this process.
int employ(const std::string& program, const std::string& file) {
  try {
    const auto worker = ChildProcess::start(wide(program), {"work", file}, {.whole_tree = true});
    Sleep(5 * 60 * 1000);
    return 0;
  } catch (const FailureError& error) {
    std::fprintf(stderr, "%s\n", error.failure().detail.c_str());
    return 1;
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::string command = count > 1 ? arguments[1] : "";
  if (command == "settings") return show_settings();
  if (command == "log") return write_log();
  if (command == "work" && count == 3) return work(arguments[2]);
  if (command == "employ" && count == 4) return employ(arguments[2], arguments[3]);
  if (command == "sentence" && count == 4) return show_sentence(arguments[2], arguments[3]);
  if (command == "names" && count == 3) return show_names(arguments[2]);
  if (command == "task" && count == 2) return show_task();
  return 2;
}
