// SPDX-License-Identifier: MIT
// An event that is set while there is something to read from a pipe, or its end.
#pragma once

#include <thread>

#include "foundation/system/handle.hpp"

namespace koshin {

class PipeWatch {
 public:
  /// `pipe` outlives this. Throws std::system_error.
  explicit PipeWatch(NativeHandle pipe);
  ~PipeWatch();
  PipeWatch(const PipeWatch&) = delete;
  PipeWatch& operator=(const PipeWatch&) = delete;

  NativeHandle event() const noexcept { return ready_.get(); }
  /// The pipe was read: from here on the event tells of what is in it then.
  void look_again() noexcept;

 private:
  void watch() noexcept;

  NativeHandle pipe_;
  Handle ready_, again_, end_;
  std::thread thread_;
};

}  // namespace koshin
