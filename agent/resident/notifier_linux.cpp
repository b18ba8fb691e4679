// SPDX-License-Identifier: MIT
// The desktop's messages in the agent's loop.
#include "resident/notifier.hpp"

#include <sys/epoll.h>

#include "desktop/notifications.hpp"
#include "resident/wakeups_linux.hpp"

namespace koshin::resident {
namespace {

class LoopNotifier final : public Notifier {
 public:
  LoopNotifier(Wakeups& wakeups, Listener listener) : wakeups_(wakeups), listener_(std::move(listener)) {}
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
    wakeups_.post([this] { process(); });
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
    descriptor_ = bus_->descriptor();
    wakeups_.watch(descriptor_, EPOLLIN, [this] { process(); });
    return true;
  }

  /// Not from within a listener: the bus that calls it must outlive the call.
  void disconnect() {
    if (!bus_ || processing_) return;
    wakeups_.unwatch(descriptor_);
    bus_.reset();
  }

  void process() {
    if (!bus_ || processing_) return;
    processing_ = true;
    const bool alive = bus_->process();
    processing_ = false;
    if (!alive || !bus_->showing()) disconnect();
  }

  Wakeups& wakeups_;
  Listener listener_;
  std::unique_ptr<desktop::Notifications> bus_;
  int descriptor_ = -1;
  bool processing_ = false;
};

}  // namespace

std::unique_ptr<Notifier> make_notifier(Wakeups& wakeups, Notifier::Listener listener) {
  return std::make_unique<LoopNotifier>(wakeups, std::move(listener));
}

}  // namespace koshin::resident
