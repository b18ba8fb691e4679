// SPDX-License-Identifier: MIT
// An event in Boost.Asio's loop.
#include <windows.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/windows/object_handle.hpp>
#include <system_error>
#include <utility>

#include "handle_wait.hpp"

namespace koshin::ui {

namespace {

/// What Boost.Asio is to close is not the owner's own.
HANDLE duplicate_of(NativeHandle handle) {
  HANDLE duplicate = nullptr;
  if (!DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &duplicate, 0, FALSE,
                       DUPLICATE_SAME_ACCESS))
    throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), "DuplicateHandle");
  return duplicate;
}

class EventWait final : public HandleWait {
 public:
  EventWait(boost::asio::io_context& context, NativeHandle handle, std::function<void()> ready)
      : event_(context, duplicate_of(handle)), ready_(std::move(ready)) {
    wait();
  }

 private:
  void wait() {
    event_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
      if (error || alive.expired()) return;
      const auto ready = ready_;  // which may end this
      ready();
      if (!alive.expired()) wait();
    });
  }

  boost::asio::windows::object_handle event_;
  std::function<void()> ready_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

std::unique_ptr<HandleWait> HandleWait::begin(boost::asio::io_context& context, NativeHandle handle,
                                              std::function<void()> ready) {
  return std::make_unique<EventWait>(context, handle, std::move(ready));
}

}  // namespace koshin::ui
