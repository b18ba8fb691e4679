// SPDX-License-Identifier: MIT
// A hidden window in a thread of its own. No message-only one: those do not hear what is told to all.
#include "foundation/system/session_end.hpp"

#include <windows.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace koshin {
namespace {

// Windows waits five seconds for a program before it offers to end it by force.
constexpr std::chrono::seconds longest_end{4};
constexpr wchar_t class_name[] = L"koshin-session";

class SessionWindow final : public SessionEnd {
 public:
  explicit SessionWindow(std::function<void()> ends) : ends_(std::move(ends)), thread_([this] { follow(); }) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return tried_; });
  }
  ~SessionWindow() override {
    {
      const std::lock_guard lock(mutex_);
      nobody_listens_ = true;
      changed_.notify_all();
    }
    if (window_ != nullptr) PostMessageW(window_, WM_CLOSE, 0, 0);
    thread_.join();
  }
  SessionWindow(const SessionWindow&) = delete;
  SessionWindow& operator=(const SessionWindow&) = delete;

 private:
  void follow() {
    make_window();
    {
      const std::lock_guard lock(mutex_);
      tried_ = true;
      changed_.notify_all();
    }
    MSG message{};
    while (window_ != nullptr && GetMessageW(&message, nullptr, 0, 0) > 0) DispatchMessageW(&message);
  }

  void make_window() {
    WNDCLASSEXW kind{};
    kind.cbSize = sizeof kind;
    kind.lpfnWndProc = hear;
    kind.hInstance = GetModuleHandleW(nullptr);
    kind.lpszClassName = class_name;
    RegisterClassExW(&kind);  // a second time it is there
    window_ = CreateWindowExW(0, class_name, L"koshin", WS_OVERLAPPED, 0, 0, 0, 0, nullptr, nullptr,
                              kind.hInstance, nullptr);
    if (window_ != nullptr) SetWindowLongPtrW(window_, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
  }

  static LRESULT CALLBACK hear(HWND window, UINT message, WPARAM what, LPARAM more) {
    if (message == WM_DESTROY) PostQuitMessage(0);
    auto* const self = reinterpret_cast<SessionWindow*>(GetWindowLongPtrW(window, GWLP_USERDATA));
    if (message == WM_ENDSESSION && what != FALSE && self != nullptr) self->tell();
    return DefWindowProcW(window, message, what,
                          more);  // WM_QUERYENDSESSION: nobody is kept from logging off
  }

  /// After this returns the system may end the process at any time.
  void tell() {
    ends_();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest_end, [this] { return nobody_listens_; });
  }

  const std::function<void()> ends_;
  std::mutex mutex_;  // over tried_ and nobody_listens_
  std::condition_variable changed_;
  bool tried_ = false, nobody_listens_ = false;
  HWND window_ = nullptr;  // written before tried_ is
  std::thread thread_;
};

}  // namespace

std::unique_ptr<SessionEnd> SessionEnd::watch(std::function<void()> ends) {
  return std::make_unique<SessionWindow>(std::move(ends));
}

}  // namespace koshin
