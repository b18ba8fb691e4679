// SPDX-License-Identifier: MIT
// koshin-reminder-tool: what the agent and a person do before and after a reminder.
//   remember DAYS   writes into the journal, as the agent would have, a token whose certificate expires in
//                   so many days
//   read FILE       waits for a message, clicks its icon as a person does who has read it, and writes into
//                   FILE, line by line, "shown", "stays" when it is there two seconds later, and "gone" when
//                   it goes with the click
#include <windows.h>
// After windows.h, which it needs.
#include <shellapi.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string_view>
#include <thread>

#include "foundation/base/clock.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/standard_streams.hpp"
#include "renewal/journal/journal.hpp"

namespace {

using namespace koshin;

constexpr std::chrono::seconds longest_wait{60};
constexpr std::chrono::milliseconds between_looks{100};
constexpr std::chrono::seconds a_while{2};

int remember(int days) {
  const auto journal = renewal::Journal::open(paths::journal_file());
  journal->remember({"Maker", "Model", "01"}, "", [days](renewal::TokenMemory& memory) {
    memory.label = "Sakura Token";
    memory.certificate_sha256 = std::string(64, 'a');
    memory.not_after = current_time() + std::chrono::hours(24 * days + 1);
    memory.last_decision = "due";
  });
  return 0;
}

HWND message_window() {
  return FindWindowW(L"koshin.notifications", nullptr);
}

bool comes_true(const std::function<bool()>& what) {
  const auto until = std::chrono::steady_clock::now() + longest_wait;
  while (!what() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(between_looks);
  return what();
}

int read_message(const char* file) {
  constexpr UINT icon_message = WM_APP + 1;  // desktop/tray_icon_windows.hpp
  std::ofstream told(file, std::ios::binary);
  if (!comes_true([] { return message_window() != nullptr; })) return 1;
  told << "shown" << std::endl;
  std::this_thread::sleep_for(a_while);
  if (message_window() != nullptr) told << "stays" << std::endl;
  SendMessageW(message_window(), icon_message, 0, MAKELPARAM(NIN_SELECT, 1));
  if (comes_true([] { return message_window() == nullptr; })) told << "gone" << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  koshin::begin_program();
  try {
    const std::string_view what = argc == 3 ? argv[1] : "";
    if (what == "remember") return remember(std::atoi(argv[2]));
    if (what == "read") return read_message(argv[2]);
  } catch (const koshin::FailureError& error) {
    std::fprintf(stderr, "koshin-reminder-tool: %s\n", error.failure().detail.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-reminder-tool: %s\n", error.what());
  }
  return 2;
}
