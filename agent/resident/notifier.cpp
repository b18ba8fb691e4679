// SPDX-License-Identifier: MIT
// The desktop's messages in the agent's loop.
#include "resident/notifier.hpp"

#include "desktop/notifications.hpp"

namespace koshin::resident {
namespace {

class LoopNotifier final : public Notifier {
 public:
  LoopNotifier(EventLoop& loop, Listener listener) : loop_(loop), listener_(std::move(listener)) {}
  ~LoopNotifier() override { disconnect(); }

  bool show(const std::string& tag, const Notice& notice, const Actions& actions) override {
    if (!connect()) return false;
    const desktop::Message message{
        .title = notice.title,
        .body = notice.body,
        .actions = actions,
        .urgency = notice.urgent ? desktop::Urgency::critical : desktop::Urgency::normal,
        // It stays until the person has seen it: an expiring certificate does not go away by itself either.
        .stays = true};
    const bool shown = bus_->show(tag, message) != desktop::Notifications::Shown::no;
    if (!shown && !bus_->showing()) {
      disconnect();
      return false;
    }
    // A signal that came between question and answer waits inside the bus, where no descriptor tells of it.
    loop_.post([this] { process(); });
    return shown;
  }

  void withdraw(const std::string& tag) override {
    if (!bus_) return;
    bus_->withdraw(tag);
    if (!bus_->showing()) disconnect();
  }

  bool showing() const override { return bus_ && bus_->showing(); }

 private:
  bool connect() {
    if (bus_) return true;
    bus_ = desktop::Notifications::connect({.chosen = listener_.chosen, .closed = listener_.closed});
    if (!bus_) return false;
    watch_ = loop_.on(bus_->handle(), [this] { process(); });
    return true;
  }

  /// Not from within a listener: the bus that calls it must outlive the call.
  void disconnect() {
    if (!bus_ || processing_) return;
    watch_.end();
    bus_.reset();
  }

  void process() {
    if (!bus_ || processing_) return;
    processing_ = true;
    const bool alive = bus_->process();
    processing_ = false;
    if (!alive || !bus_->showing()) disconnect();
  }

  EventLoop& loop_;
  Listener listener_;
  std::unique_ptr<desktop::Notifications> bus_;
  EventLoop::Watch watch_;
  bool processing_ = false;
};

}  // namespace

std::unique_ptr<Notifier> make_notifier(EventLoop& loop, Notifier::Listener listener) {
  return std::make_unique<LoopNotifier>(loop, std::move(listener));
}

}  // namespace koshin::resident
