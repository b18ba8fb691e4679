// SPDX-License-Identifier: MIT
// One thread that waits for everything at once: handles that become ready, and what other threads post.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "foundation/system/handle.hpp"

namespace koshin {

class EventLoop {
 public:
  using Task = std::function<void()>;

  /// A handle that the loop waits for as long as this lives. The loop outlives it, and so does the handle.
  class Watch {
   public:
    Watch() = default;
    ~Watch() { end(); }
    Watch(Watch&& other) noexcept
        : loop_(std::exchange(other.loop_, nullptr)), handle_(std::exchange(other.handle_, no_handle)) {}
    Watch& operator=(Watch&& other) noexcept {
      if (this != &other) {
        end();
        loop_ = std::exchange(other.loop_, nullptr);
        handle_ = std::exchange(other.handle_, no_handle);
      }
      return *this;
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    /// The loop does not wait for the handle any more. May be called by the handle's own `ready`.
    void end() noexcept {
      if (loop_ != nullptr) std::exchange(loop_, nullptr)->forget(handle_);
    }

   private:
    friend class EventLoop;
    Watch(EventLoop& loop, NativeHandle handle) : loop_(&loop), handle_(handle) {}
    EventLoop* loop_ = nullptr;
    NativeHandle handle_ = no_handle;
  };

  /// Throws std::system_error.
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// `ready` is called in run() each time that the handle is ready to be read, until it has been read. A
  /// handle is watched once at a time. Throws std::system_error.
  [[nodiscard]] Watch on(NativeHandle handle, Task ready);
  /// Runs `task` in run(), soon. May be called from any thread.
  void post(Task task);
  /// Until stop(). `before_wait` is called before each wait, and may stop the loop.
  void run(const Task& before_wait);
  /// Waits once, and runs what is ready.
  void run_once();
  /// Called by what run() runs: the last of it.
  void stop() noexcept;

 private:
  void forget(NativeHandle handle) noexcept;

  struct Parts;  ///< the system's
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin
