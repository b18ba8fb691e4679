// SPDX-License-Identifier: MIT
// The alarm on a waitable timer, which follows the system's clock; a hidden window is told when the clock was
// set and when the machine woke.
#include "foundation/system/alarm.hpp"

#include <windows.h>

#include <system_error>
#include <utility>

#include "foundation/base/clock.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

constexpr const wchar_t* window_class = L"koshin-alarm";

/// Broadcasts do not reach a message-only window: this is an ordinary one that is never shown.
class NoticeWindow {
 public:
  explicit NoticeWindow(std::function<void()> jumped) : jumped_(std::move(jumped)) {
    WNDCLASSW description{};
    description.lpfnWndProc = procedure;
    description.hInstance = ::GetModuleHandleW(nullptr);
    description.lpszClassName = window_class;
    if (::RegisterClassW(&description) == 0 && ::GetLastError() != ERROR_CLASS_ALREADY_EXISTS)
      throw_last_error("RegisterClass");
    window_ = ::CreateWindowExW(WS_EX_TOOLWINDOW, window_class, L"", WS_POPUP, 0, 0, 0, 0, nullptr, nullptr,
                                description.hInstance, nullptr);
    if (window_ == nullptr) throw_last_error("CreateWindowEx");
    ::SetWindowLongPtrW(window_, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
    // Computers with Modern Standby broadcast no WM_POWERBROADCAST to windows that have not asked for it.
    wakes_ = ::RegisterSuspendResumeNotification(window_, DEVICE_NOTIFY_WINDOW_HANDLE);
  }
  ~NoticeWindow() {
    if (wakes_ != nullptr) ::UnregisterSuspendResumeNotification(wakes_);
    ::DestroyWindow(window_);
  }
  NoticeWindow(const NoticeWindow&) = delete;
  NoticeWindow& operator=(const NoticeWindow&) = delete;

 private:
  static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM first, LPARAM second) {
    const bool woke = message == WM_POWERBROADCAST && first == PBT_APMRESUMEAUTOMATIC;
    auto* const self = reinterpret_cast<NoticeWindow*>(::GetWindowLongPtrW(window, GWLP_USERDATA));
    if (self != nullptr && (woke || message == WM_TIMECHANGE)) self->jumped_();
    return ::DefWindowProcW(window, message, first, second);
  }

  std::function<void()> jumped_;
  HWND window_ = nullptr;
  HPOWERNOTIFY wakes_ = nullptr;  ///< null where the system has none: the timer still rings at its time
};

}  // namespace

Alarm::Alarm(EventLoop& loop, std::function<void(Why)> ring, std::function<std::chrono::nanoseconds()> asleep)
    : ring_(std::move(ring)),
      asleep_(std::move(asleep)),
      timer_(::CreateWaitableTimerW(nullptr, FALSE, nullptr)),
      slept_(asleep_()) {
  if (!timer_) throw_last_error("CreateWaitableTimer");
  watch_ = loop.on(timer_.get(), [this] { ready(); });
  notices_ = std::make_shared<NoticeWindow>([this] {
    jumped_ = true;
    ready();
  });
  arm();
}

void Alarm::arm() {
  constexpr std::chrono::seconds from_1601_to_1970{11644473600};
  constexpr LONGLONG ticks_a_second = 10'000'000;
  if (!at_) {
    ::CancelWaitableTimer(timer_.get());
    return;
  }
  LARGE_INTEGER due{};
  // A negative time would be counted from now; anything in the past rings at once.
  due.QuadPart =
      std::max<LONGLONG>(1, (at_->time_since_epoch() + from_1601_to_1970).count() * ticks_a_second);
  if (::SetWaitableTimer(timer_.get(), &due, 0, nullptr, nullptr, FALSE) == 0)
    throw_last_error("SetWaitableTimer");
}

void Alarm::ready() {
  tell();
}

}  // namespace koshin
