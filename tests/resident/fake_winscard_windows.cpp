// SPDX-License-Identifier: MIT
// A winscard.dll whose service and readers are what the file that KOSHIN_FAKE_READERS names says:
//
//   service 1                          its number changes with each start; 0: it does not run
//   reader card 3 Fake Reader 0        "empty", "card", "held" or "mute"; how often a card came or went; its
//   name
//
// Wine has no smart card service, and its own winscard.dll ends the program that waits for a reader.
#include <windows.h>
// After windows.h, which it needs.
#include <winscard.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr auto between_looks = std::chrono::milliseconds(10);
constexpr std::array<BYTE, 4> answer_to_reset{0x3B, 0x80, 0x80, 0x01};
constexpr const wchar_t* plug_and_play = L"\\\\?PnP?\\Notification";

struct Reader {
  std::wstring name;
  DWORD state = 0;
};
struct World {
  unsigned service = 0;
  std::vector<Reader> readers;
};

DWORD state_of(const std::string& word, unsigned events) {
  DWORD state = events << 16U;
  if (word == "empty") return state | SCARD_STATE_EMPTY;
  state |= SCARD_STATE_PRESENT;
  if (word == "held") state |= SCARD_STATE_EXCLUSIVE | SCARD_STATE_INUSE;
  if (word == "mute") state |= SCARD_STATE_MUTE;
  return state;
}

World look() {
  World world;
  const char* const file = std::getenv("KOSHIN_FAKE_READERS");
  std::ifstream lines(file == nullptr ? "" : file);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind, state, name;
    unsigned number = 0;
    words >> kind;
    if (kind == "service") words >> world.service;
    if (kind != "reader" || !(words >> state >> number)) continue;
    std::getline(words >> std::ws, name);
    world.readers.push_back({{name.begin(), name.end()}, state_of(state, number)});
  }
  return world;
}

/// A context is of one start of the service.
struct Context {
  unsigned service = 0;
  std::atomic<bool> cancelled = false;
};

Context& context_of(SCARDCONTEXT handle) {
  return *reinterpret_cast<Context*>(handle);  // NOLINT(performance-no-int-to-ptr)
}

/// True when this reader is not as its asker knows it.
bool tell(const World& world, SCARD_READERSTATEW& asked) {
  DWORD now = SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE;
  if (std::wstring_view(asked.szReader) == plug_and_play) {
    now = static_cast<DWORD>(world.readers.size()) << 16U;
  } else {
    const auto reader = std::find_if(world.readers.begin(), world.readers.end(),
                                     [&](const Reader& one) { return one.name == asked.szReader; });
    if (reader != world.readers.end()) now = reader->state;
  }
  asked.cbAtr = 0;
  if ((now & SCARD_STATE_PRESENT) != 0) {
    std::copy(answer_to_reset.begin(), answer_to_reset.end(), asked.rgbAtr);
    asked.cbAtr = answer_to_reset.size();
  }
  const bool changed =
      (now & ~DWORD{SCARD_STATE_CHANGED}) != (asked.dwCurrentState & ~DWORD{SCARD_STATE_CHANGED});
  asked.dwEventState = now | (changed ? SCARD_STATE_CHANGED : 0UL);
  return changed;
}

/// Set as long as the service runs.
HANDLE started_event() {
  static const HANDLE event = [] {
    const HANDLE made = CreateEventW(nullptr, TRUE, look().service != 0, nullptr);
    std::thread([made] {
      while (true) {
        std::this_thread::sleep_for(between_looks);
        look().service != 0 ? SetEvent(made) : ResetEvent(made);
      }
    }).detach();
    return made;
  }();
  return event;
}

}  // namespace

extern "C" {

__declspec(dllexport) LONG WINAPI FakeEstablishContext(DWORD, LPCVOID, LPCVOID, LPSCARDCONTEXT context) {
  const World world = look();
  if (world.service == 0) return SCARD_E_NO_SERVICE;
  auto* const made = new Context;  // until FakeReleaseContext
  made->service = world.service;
  *context = reinterpret_cast<SCARDCONTEXT>(made);
  return SCARD_S_SUCCESS;
}

__declspec(dllexport) LONG WINAPI FakeReleaseContext(SCARDCONTEXT context) {
  delete &context_of(context);
  return SCARD_S_SUCCESS;
}

__declspec(dllexport) LONG WINAPI FakeCancel(SCARDCONTEXT context) {
  context_of(context).cancelled = true;
  return SCARD_S_SUCCESS;
}

__declspec(dllexport) LONG WINAPI
    FakeListReadersW(SCARDCONTEXT context, LPCWSTR, LPWSTR names, LPDWORD length) {
  const World world = look();
  if (world.service != context_of(context).service) return SCARD_E_SERVICE_STOPPED;
  if (world.readers.empty()) return SCARD_E_NO_READERS_AVAILABLE;
  std::wstring all;
  for (const Reader& reader : world.readers) all += reader.name + L'\0';
  all += L'\0';
  const bool fits = *length >= all.size();
  if (names != nullptr && fits) std::copy(all.begin(), all.end(), names);
  *length = static_cast<DWORD>(all.size());
  return names == nullptr || fits ? SCARD_S_SUCCESS : SCARD_E_INSUFFICIENT_BUFFER;
}

__declspec(dllexport) LONG WINAPI
    FakeGetStatusChangeW(SCARDCONTEXT handle, DWORD timeout, LPSCARD_READERSTATEW states, DWORD count) {
  Context& context = context_of(handle);
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout);
  while (true) {
    const World world = look();
    if (world.service != context.service) return SCARD_E_SERVICE_STOPPED;
    bool changed = false;
    for (DWORD i = 0; i < count; ++i) changed = tell(world, states[i]) || changed;
    if (changed) return SCARD_S_SUCCESS;
    if (context.cancelled.exchange(false)) return SCARD_E_CANCELLED;
    if (std::chrono::steady_clock::now() >= until) return SCARD_E_TIMEOUT;
    std::this_thread::sleep_for(between_looks);
  }
}

__declspec(dllexport) HANDLE WINAPI FakeAccessStartedEvent() {
  return started_event();
}

__declspec(dllexport) void WINAPI FakeReleaseStartedEvent() {}
}
