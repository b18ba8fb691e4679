// SPDX-License-Identifier: MIT
// Waiting in the page's event loop for a handle that somebody else owns.
#pragma once

#include <functional>
#include <memory>

#include "foundation/system/handle.hpp"

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

class HandleWait {
 public:
  /// `ready` is called in the loop each time that the handle is ready to be read, until this is destroyed;
  /// `ready` may do that.
  static std::unique_ptr<HandleWait> begin(boost::asio::io_context& context, NativeHandle handle,
                                           std::function<void()> ready);
  virtual ~HandleWait() = default;
  HandleWait(const HandleWait&) = delete;
  HandleWait& operator=(const HandleWait&) = delete;

 protected:
  HandleWait() = default;
};

}  // namespace koshin::ui
