// SPDX-License-Identifier: MIT
// The console on Windows: keys are read one by one, since the console's own line editing would keep what was
// typed.
#include <windows.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <optional>

#include "foundation/base/text.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/pipe.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr wchar_t ctrl_c = 0x03, backspace = 0x08, ctrl_z = 0x1A;

Handle open_console(const wchar_t* name) {
  HANDLE const opened = ::CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                      nullptr, OPEN_EXISTING, 0, nullptr);
  return opened == INVALID_HANDLE_VALUE ? Handle() : Handle(opened);
}

/// The console without echo; its mode is restored by the destructor.
class QuietConsole {
 public:
  QuietConsole() : input_(open_console(L"CONIN$")), output_(open_console(L"CONOUT$")) {
    if (!input_ || !output_ || ::GetConsoleMode(input_.get(), &before_) == 0)
      fail(Reason::pin_required, "there is no console to ask on");
    // Without ENABLE_PROCESSED_INPUT Ctrl-C is a key, and the mode can be restored before it has its effect.
    if (::SetConsoleMode(input_.get(), 0) == 0)
      fail(Reason::pin_required, "the console cannot be asked not to show what is typed");
  }
  ~QuietConsole() {
    (void)::FlushConsoleInputBuffer(input_.get());  // the rest of a secret must not reach the shell
    (void)::SetConsoleMode(input_.get(), before_);
  }
  QuietConsole(const QuietConsole&) = delete;
  QuietConsole& operator=(const QuietConsole&) = delete;

  void say(std::string_view text) const {
    const std::wstring shown = wide(text);
    DWORD written = 0;
    (void)::WriteConsoleW(output_.get(), shown.data(), static_cast<DWORD>(shown.size()), &written, nullptr);
  }
  NativeHandle input() const { return input_.get(); }

 private:
  Handle input_, output_;
  DWORD before_ = 0;
};

/// Waits for one typed UTF-16 unit, of which `repeated` may say more; 0 with a stop request.
wchar_t next_key(const QuietConsole& console, const WakeUp& stopped, Clock::time_point until,
                 WORD& repeated) {
  while (true) {
    const std::array<HANDLE, 2> wait{stopped.handle(), console.input()};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    const DWORD ready = ::WaitForMultipleObjects(static_cast<DWORD>(wait.size()), wait.data(), FALSE,
                                                 static_cast<DWORD>(std::clamp<long long>(left, 0, 3600000)));
    if (ready == WAIT_OBJECT_0) return 0;
    if (ready != WAIT_OBJECT_0 + 1 && Clock::now() >= until)
      fail(Reason::pin_cancelled, "nothing was entered in time");
    if (ready != WAIT_OBJECT_0 + 1) continue;
    INPUT_RECORD record{};
    DWORD count = 0;
    if (::ReadConsoleInputW(console.input(), &record, 1, &count) == 0)
      fail(Reason::pin_cancelled, "the console's input ended");
    const KEY_EVENT_RECORD& key = record.Event.KeyEvent;
    const bool typed =
        count == 1 && record.EventType == KEY_EVENT && key.uChar.UnicodeChar != 0 &&
        (key.bKeyDown != 0 || key.wVirtualKeyCode == VK_MENU);  // Alt with the digits of a character
    repeated = std::max<WORD>(key.wRepeatCount, 1);
    if (typed) return key.uChar.UnicodeChar;
  }
}

/// Characters beyond the first 65536 come as two units.
class TypedText {
 public:
  void add(wchar_t unit) {
    if (unit >= 0xD800 && unit < 0xDC00) {
      high_ = unit;
      return;
    }
    std::array<wchar_t, 2> units{high_, unit};
    const bool pair = high_ != 0 && unit >= 0xDC00 && unit < 0xE000;
    high_ = 0;
    std::array<char, 8> bytes{};
    const int size = ::WideCharToMultiByte(CP_UTF8, 0, pair ? units.data() : units.data() + 1, pair ? 2 : 1,
                                           bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr);
    for (int i = 0; i < size; ++i) {
      if (secret_.size() == max_secret)
        fail(Reason::secret_unusable, "longer than " + std::to_string(max_secret) + " bytes");
      secret_.push_back(bytes.at(static_cast<std::size_t>(i)));
    }
    wipe(bytes);
  }
  /// The last character, with all its bytes.
  void take_back() noexcept {
    const auto continues = [this] {
      return (static_cast<unsigned char>(secret_.view().back()) & 0xC0U) == 0x80U;
    };
    while (!secret_.empty() && continues()) secret_.pop_back();
    secret_.pop_back();
  }
  SecureBuffer take() { return std::move(secret_); }
  bool empty() const { return secret_.empty(); }

 private:
  SecureBuffer secret_{max_secret};
  wchar_t high_ = 0;
};

enum class How { entered, interrupted, stopped };

How read_quietly(const QuietConsole& console, const WakeUp& stopped, Clock::time_point until,
                 TypedText& typed) {
  while (true) {
    WORD repeated = 1;
    switch (const wchar_t key = next_key(console, stopped, until, repeated)) {
      case 0:
        return How::stopped;
      case ctrl_c:
        return How::interrupted;
      case L'\r':
      case L'\n':
        return How::entered;
      case ctrl_z:
        if (typed.empty()) fail(Reason::pin_cancelled, "the console's input ended");
        break;
      case backspace:
        for (WORD i = 0; i < repeated; ++i) typed.take_back();
        break;
      default:
        for (WORD i = 0; i < repeated; ++i) typed.add(key);
    }
  }
}

}  // namespace

SecureBuffer prompt_secret(std::string_view prompt, const std::stop_token& stop, std::chrono::seconds limit) {
  static std::mutex one_at_a_time;
  const std::scoped_lock lock(one_at_a_time);
  const auto until = Clock::now() + limit;
  const WakeUp stopped;
  const std::stop_callback on_stop(stop, [&] { stopped.set_off(); });
  TypedText typed;
  How how = How::stopped;
  {
    const QuietConsole console;
    console.say(printable(prompt));
    how = read_quietly(console, stopped, until, typed);
    console.say("\r\n");
  }
  if (how == How::stopped) fail(Reason::interrupted, "stopped while asking");
  if (how == How::interrupted) {
    ::GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);  // its effect, with the console's mode restored
    fail(Reason::pin_cancelled, "interrupted by Ctrl-C");
  }
  SecureBuffer secret = typed.take();
  if (secret.empty()) fail(Reason::pin_required, "nothing was entered");
  check_secret_is_text(secret);
  return secret;
}

std::string terminal_name() {
  const char* const named = std::getenv("GPG_TTY");
  return named == nullptr ? std::string() : named;
}

}  // namespace koshin
