// SPDX-License-Identifier: MIT
// What the operating system knows an open file, pipe, timer or process by. The only header in which the
// systems differ.
#pragma once

#include <utility>

namespace koshin {

#ifdef _WIN32
using NativeHandle = void*;  ///< HANDLE
inline constexpr NativeHandle no_handle = nullptr;
#else
using NativeHandle = int;  ///< a file descriptor
inline constexpr NativeHandle no_handle = -1;
#endif

/// Owns what it was given, and closes it.
class Handle {
 public:
  Handle() = default;
  explicit Handle(NativeHandle native) noexcept : native_(native) {}
  ~Handle() { close(); }
  Handle(Handle&& other) noexcept : native_(std::exchange(other.native_, no_handle)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      close();
      native_ = std::exchange(other.native_, no_handle);
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  /// Stays this object's own.
  NativeHandle get() const noexcept { return native_; }
  explicit operator bool() const noexcept { return native_ != no_handle; }
  /// Closing what is closed does nothing.
  void close() noexcept;

 private:
  NativeHandle native_ = no_handle;
};

}  // namespace koshin
