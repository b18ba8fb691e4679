// SPDX-License-Identifier: MIT
// A descriptor in Boost.Asio's loop.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <utility>

#include "handle_wait.hpp"

namespace koshin::ui {

namespace {

class DescriptorWait final : public HandleWait {
 public:
  DescriptorWait(boost::asio::io_context& context, NativeHandle handle, std::function<void()> ready)
      : descriptor_(context, handle), ready_(std::move(ready)) {
    wait();
  }
  ~DescriptorWait() override { descriptor_.release(); }  // its owner closes it

 private:
  void wait() {
    descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
                             if (error || alive.expired()) return;
                             const auto ready = ready_;  // which may end this
                             ready();
                             if (!alive.expired()) wait();
                           });
  }

  boost::asio::posix::stream_descriptor descriptor_;
  std::function<void()> ready_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

std::unique_ptr<HandleWait> HandleWait::begin(boost::asio::io_context& context, NativeHandle handle,
                                              std::function<void()> ready) {
  return std::make_unique<DescriptorWait>(context, handle, std::move(ready));
}

}  // namespace koshin::ui
