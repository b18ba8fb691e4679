// SPDX-License-Identifier: MIT
// Messages as icons in the notification area, in a thread that exists while there is a message.
#include "desktop/notifications.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <wtsapi32.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "desktop/tray_icon_windows.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/pipe.hpp"

namespace koshin::desktop {
namespace {

constexpr std::chrono::seconds longest_answer{10};  // the taskbar may be starting
constexpr UINT order_message = WM_APP + 2;
constexpr wchar_t class_name[] = L"koshin.notifications";

/// An order to the thread, from whoever shows and withdraws.
struct Order {
  std::string tag;
  std::optional<Message> message;  ///< empty: withdraw it
};

class TrayNotifications final : public Notifications {
 public:
  explicit TrayNotifications(Listener listener)
      : listener_(std::move(listener)), thread_([this] { follow(); }) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return state_ != State::beginning; });
  }
  ~TrayNotifications() override {
    if (window_ != nullptr) PostMessageW(window_, WM_CLOSE, 0, 0);
    thread_.join();
  }
  TrayNotifications(const TrayNotifications&) = delete;
  TrayNotifications& operator=(const TrayNotifications&) = delete;

  bool has_window() const { return window_ != nullptr; }

  Shown show(const std::string& tag, const Message& message) override {
    if (!carry_out({tag, message})) return Shown::no;
    open_.insert(tag);
    return message.actions.empty() ? Shown::without_actions : Shown::with_actions;
  }

  void withdraw(const std::string& tag) override {
    if (open_.erase(tag) != 0) carry_out({tag, std::nullopt});
  }

  bool showing() const override { return !open_.empty(); }
  NativeHandle handle() const override { return answered_.handle(); }

  bool stay_until_read(std::chrono::milliseconds limit) override {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + limit;
    for (auto now = Clock::now(); showing() && now < end; now = Clock::now()) {
      wait_until_readable(answered_.handle(), std::chrono::ceil<std::chrono::milliseconds>(end - now));
      process();
    }
    return !showing();
  }

  bool process() override {
    for (const TrayIcons::Answer& answer : take_answers()) {
      if (!open_.contains(answer.tag)) continue;
      if (answer.gone) {
        open_.erase(answer.tag);
        tell([&] { listener_.closed(answer.tag); });
      } else {
        tell([&] { listener_.chosen(answer.tag, answer.action); });
      }
    }
    return true;
  }

 private:
  enum class State { beginning, running, ended };

  static void tell(const std::function<void()>& listener) {
    try {
      listener();
    } catch (const std::exception& error) {
      log::error(log::Event::none, "what a desktop message calls for could not be done",
                 {{"KOSHIN_DETAIL", error.what()}});
    }
  }

  std::deque<TrayIcons::Answer> take_answers() {
    const std::lock_guard lock(mutex_);
    answered_.clear();
    return std::exchange(answers_, {});
  }

  /// False where it could not be shown, or the desktop does not answer in time.
  bool carry_out(Order order) {
    std::unique_lock lock(mutex_);
    if (state_ != State::running) return false;
    order_ = std::move(order);
    result_.reset();
    PostMessageW(window_, order_message, 0, 0);
    changed_.wait_for(lock, longest_answer, [this] { return result_.has_value() || state_ == State::ended; });
    return result_.value_or(false);
  }

  void follow() {
    make_window();
    set(window_ != nullptr ? State::running : State::ended);
    if (window_ == nullptr) return;
    WTSRegisterSessionNotification(window_, NOTIFY_FOR_THIS_SESSION);
    icons_.emplace(window_);
    MSG message{};
    while (GetMessageW(&message, nullptr, 0, 0) > 0) DispatchMessageW(&message);
    set(State::ended);
  }

  void set(State state) {
    const std::lock_guard lock(mutex_);
    state_ = state;
    changed_.notify_all();
  }

  void make_window() {
    WNDCLASSEXW kind{};
    kind.cbSize = sizeof kind;
    kind.lpfnWndProc = hear;
    kind.hInstance = GetModuleHandleW(nullptr);
    kind.lpszClassName = class_name;
    RegisterClassExW(&kind);  // a second time it is there
    taskbar_made_ = RegisterWindowMessageW(L"TaskbarCreated");
    window_ = CreateWindowExW(0, class_name, L"koshin", WS_OVERLAPPED, 0, 0, 0, 0, nullptr, nullptr,
                              kind.hInstance, this);
  }

  static LRESULT CALLBACK hear(HWND window, UINT message, WPARAM what, LPARAM more) {
    if (message == WM_NCCREATE)
      SetWindowLongPtrW(
          window, GWLP_USERDATA,
          reinterpret_cast<LONG_PTR>(reinterpret_cast<const CREATESTRUCTW*>(more)->lpCreateParams));
    auto* const self = reinterpret_cast<TrayNotifications*>(GetWindowLongPtrW(window, GWLP_USERDATA));
    if (self != nullptr && self->take(message, what, more)) return 0;
    return DefWindowProcW(window, message, what, more);
  }

  bool take(UINT message, WPARAM what, LPARAM more) {
    if (message == TrayIcons::icon_message) {
      if (auto answer = icons_->on_icon(more)) put_answer(std::move(*answer));
    } else if (message == order_message) {
      take_order();
    } else if (message == taskbar_made_) {
      icons_->show_all_again();
    } else if (message == WM_WTSSESSION_CHANGE && what == WTS_SESSION_UNLOCK) {
      icons_->show_missed_balloons();
    } else if (message == WM_CLOSE) {
      icons_.reset();
      WTSUnRegisterSessionNotification(window_);
      DestroyWindow(window_);
      PostQuitMessage(0);
    } else {
      return false;
    }
    return true;
  }

  void take_order() {
    std::optional<Order> order;
    {
      const std::lock_guard lock(mutex_);
      order = std::exchange(order_, std::nullopt);
    }
    if (!order || !icons_) return;  // nobody waits for it any more
    bool done = true;
    if (order->message) {
      done = icons_->show(order->tag, *order->message);
    } else {
      icons_->withdraw(order->tag);
    }
    const std::lock_guard lock(mutex_);
    result_ = done;
    changed_.notify_all();
  }

  void put_answer(TrayIcons::Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
    answered_.set_off();
  }

  Listener listener_;
  std::set<std::string> open_;
  WakeUp answered_;
  std::mutex mutex_;  // over state_, order_, result_ and answers_
  std::condition_variable changed_;
  State state_ = State::beginning;
  std::optional<Order> order_;
  std::optional<bool> result_;
  std::deque<TrayIcons::Answer> answers_;
  // The thread's own; window_ and taskbar_made_ are written before state_ is.
  HWND window_ = nullptr;
  UINT taskbar_made_ = 0;
  std::optional<TrayIcons> icons_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Notifications> Notifications::connect(Listener listener) {
  auto notifications = std::make_unique<TrayNotifications>(std::move(listener));
  if (!notifications->has_window()) return nullptr;
  return notifications;
}

}  // namespace koshin::desktop
