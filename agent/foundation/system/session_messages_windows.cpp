// SPDX-License-Identifier: MIT
// A hidden window. No message-only one: those do not hear what is told to all.
#include "foundation/system/session_messages_windows.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <wtsapi32.h>

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

namespace koshin {
namespace {

using Message = SessionMessages::Message;

// Windows waits five seconds for a program before it offers to end it by force.
constexpr std::chrono::seconds longest_end{4};
constexpr wchar_t class_name[] = L"koshin.session";

std::optional<Message> meaning_of(UINT message, WPARAM what) {
  switch (message) {
    case WM_TIMECHANGE:
      return Message::clock_set;
    case WM_POWERBROADCAST:
      return what == PBT_APMRESUMEAUTOMATIC ? std::optional(Message::woke) : std::nullopt;
    case WM_WTSSESSION_CHANGE:
      if (what == WTS_SESSION_LOCK) return Message::locked;
      if (what == WTS_SESSION_UNLOCK) return Message::unlocked;
      return std::nullopt;
    case WM_ENDSESSION:
      return what != FALSE ? std::optional(Message::ends) : std::nullopt;
    default:
      return std::nullopt;
  }
}

/// The window of this process, and its thread.
class SessionWindow {
 public:
  using Listeners = std::list<SessionMessages::Listener>;
  using Place = Listeners::iterator;

  SessionWindow() : thread_([this] { follow(); }) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return tried_; });
  }
  ~SessionWindow() {
    if (window_ != nullptr) PostMessageW(window_, WM_CLOSE, 0, 0);
    thread_.join();
  }
  SessionWindow(const SessionWindow&) = delete;
  SessionWindow& operator=(const SessionWindow&) = delete;

  Place add(SessionMessages::Listener listener) {
    const std::lock_guard lock(mutex_);
    return listeners_.insert(listeners_.end(), std::move(listener));
  }
  /// The listener is not being called when this returns. Not to be called by a listener.
  void remove(Place place) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !telling_; });
    listeners_.erase(place);
    changed_.notify_all();
  }

 private:
  void follow() {
    make_window();
    {
      const std::lock_guard lock(mutex_);
      tried_ = true;
      changed_.notify_all();
    }
    if (window_ == nullptr) return;
    WTSRegisterSessionNotification(window_, NOTIFY_FOR_THIS_SESSION);
    // Where standby is the only sleep, a window hears of it only when it has asked to.
    const HPOWERNOTIFY power = RegisterSuspendResumeNotification(window_, DEVICE_NOTIFY_WINDOW_HANDLE);
    MSG message{};
    while (GetMessageW(&message, nullptr, 0, 0) > 0) DispatchMessageW(&message);
    if (power != nullptr) UnregisterSuspendResumeNotification(power);
  }

  void make_window() {
    WNDCLASSEXW kind{};
    kind.cbSize = sizeof kind;
    kind.lpfnWndProc = hear;
    kind.hInstance = GetModuleHandleW(nullptr);
    kind.lpszClassName = class_name;
    RegisterClassExW(&kind);  // a second time it is there
    window_ = CreateWindowExW(0, class_name, L"koshin", WS_OVERLAPPED, 0, 0, 0, 0, nullptr, nullptr,
                              kind.hInstance, this);
  }

  static LRESULT CALLBACK hear(HWND window, UINT message, WPARAM what, LPARAM more) {
    if (message == WM_NCCREATE)
      SetWindowLongPtrW(
          window, GWLP_USERDATA,
          reinterpret_cast<LONG_PTR>(reinterpret_cast<const CREATESTRUCTW*>(more)->lpCreateParams));
    if (message == WM_CLOSE) return DestroyWindow(window), 0;
    if (message == WM_DESTROY) {
      WTSUnRegisterSessionNotification(window);
      PostQuitMessage(0);
      return 0;
    }
    auto* const self = reinterpret_cast<SessionWindow*>(GetWindowLongPtrW(window, GWLP_USERDATA));
    if (const auto meaning = meaning_of(message, what); meaning && self != nullptr) self->tell(*meaning);
    return DefWindowProcW(window, message, what,
                          more);  // WM_QUERYENDSESSION: nobody is kept from logging off
  }

  void tell(Message message) {
    std::unique_lock lock(mutex_);
    telling_ = true;
    for (const SessionMessages::Listener& listener : listeners_) {
      lock.unlock();
      listener(message);
      lock.lock();
    }
    telling_ = false;
    changed_.notify_all();
    if (message == Message::ends) changed_.wait_for(lock, longest_end, [this] { return listeners_.empty(); });
  }

  std::mutex mutex_;  // over all but window_, which the thread writes before tried_, and thread_
  std::condition_variable changed_;
  bool tried_ = false, telling_ = false;
  Listeners listeners_;
  HWND window_ = nullptr;
  std::thread thread_;
};

/// The one window, for as long as somebody listens.
std::shared_ptr<SessionWindow> shared_window() {
  static std::mutex mutex;
  static std::weak_ptr<SessionWindow> window;
  const std::lock_guard lock(mutex);
  std::shared_ptr<SessionWindow> shared = window.lock();
  if (!shared) window = shared = std::make_shared<SessionWindow>();
  return shared;
}

class Subscription final : public SessionMessages {
 public:
  explicit Subscription(Listener listener)
      : window_(shared_window()), place_(window_->add(std::move(listener))) {}
  ~Subscription() override { window_->remove(place_); }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

 private:
  std::shared_ptr<SessionWindow> window_;
  SessionWindow::Place place_;
};

}  // namespace

std::unique_ptr<SessionMessages> SessionMessages::listen(Listener listener) {
  return std::make_unique<Subscription>(std::move(listener));
}

}  // namespace koshin
