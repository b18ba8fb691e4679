// SPDX-License-Identifier: MIT
// A pipe, and the wake-up that is made of one.
#pragma once

#include "foundation/system/handle.hpp"

namespace koshin {

/// Bytes that are written into one end come out of the other, in order. Neither end is inherited by children,
/// or passes for a standard stream.
struct Pipe {
  Handle reading, writing;
  /// Throws std::system_error.
  static Pipe make();
};

/// Something to wait for that another thread, or a signal handler, sets off. It stays set off until it is
/// cleared.
class WakeUp {
 public:
  /// Throws std::system_error.
  WakeUp();
  /// May be called from any thread and in a signal handler.
  void set_off() const noexcept;
  void clear() const noexcept;
  /// Ready to be read once it has been set off.
  NativeHandle handle() const noexcept { return pipe_.reading.get(); }

 private:
  Pipe pipe_;
};

}  // namespace koshin
