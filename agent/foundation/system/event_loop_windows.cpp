// SPDX-License-Identifier: MIT
// The loop on MsgWaitForMultipleObjectsEx: handles that can be waited for, and the messages of this thread's
// windows.
#include "foundation/system/event_loop.hpp"

#include <windows.h>

#include <map>
#include <mutex>
#include <vector>

#include "foundation/system/pipe_watch_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

void run_messages() {
  MSG message{};
  while (::PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE) != 0) {
    ::TranslateMessage(&message);
    ::DispatchMessageW(&message);
  }
}

}  // namespace

struct EventLoop::Parts {
  struct Watched {
    Task ready;
    std::shared_ptr<PipeWatch> pipe;  ///< for a pipe, which cannot be waited for itself
    NativeHandle waited_for(NativeHandle handle) const { return pipe ? pipe->event() : handle; }
  };

  Handle posted_signal{::CreateEventW(nullptr, TRUE, FALSE, nullptr)};
  std::map<NativeHandle, Watched> watched;
  NativeHandle last = no_handle;  ///< of the watched handles, the one that was ready last
  bool stopped = false;
  std::mutex mutex;  // over posted
  std::vector<Task> posted;

  void run_posted() {
    ::ResetEvent(posted_signal.get());
    std::vector<Task> tasks;
    {
      const std::lock_guard lock(mutex);
      tasks.swap(posted);
    }
    for (const Task& task : tasks) task();
  }

  /// Beginning with the one after `last`: the system tells of the first that is ready, and each shall have
  /// its turn.
  std::vector<NativeHandle> in_turn() const {
    std::vector<NativeHandle> handles;
    for (auto at = watched.upper_bound(last); at != watched.end(); ++at) handles.push_back(at->first);
    for (auto at = watched.begin(); at != watched.upper_bound(last); ++at) handles.push_back(at->first);
    return handles;
  }

  void run_ready(NativeHandle handle) {
    const auto found = watched.find(handle);
    if (found == watched.end()) return;
    last = handle;
    const Watched one = found->second;  // the task may end the watch
    one.ready();
    if (one.pipe) one.pipe->look_again();
  }
};

EventLoop::EventLoop() : parts_(std::make_unique<Parts>()) {
  if (!parts_->posted_signal) throw_last_error("CreateEvent");
}

EventLoop::~EventLoop() = default;

EventLoop::Watch EventLoop::on(NativeHandle handle, Task ready) {
  const bool room = parts_->watched.size() + 2 < MAXIMUM_WAIT_OBJECTS;
  if (!room || parts_->watched.contains(handle)) throw_error(ERROR_TOO_MANY_OPEN_FILES, "EventLoop::on");
  auto pipe = ::GetFileType(handle) == FILE_TYPE_PIPE ? std::make_shared<PipeWatch>(handle) : nullptr;
  parts_->watched[handle] = {std::move(ready), std::move(pipe)};
  return {*this, handle};
}

void EventLoop::forget(NativeHandle handle) noexcept {
  parts_->watched.erase(handle);
}

void EventLoop::post(Task task) {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->posted.push_back(std::move(task));
  }
  ::SetEvent(parts_->posted_signal.get());
}

void EventLoop::run(const Task& before_wait) {
  const auto goes_on = [this] { return !parts_->stopped; };  // a task or before_wait() may stop the loop
  while (goes_on()) {
    before_wait();
    if (goes_on()) run_once();
  }
  parts_->stopped = false;
}

void EventLoop::run_once() {
  const std::vector<NativeHandle> watched = parts_->in_turn();
  std::vector<NativeHandle> handles{parts_->posted_signal.get()};
  for (NativeHandle const handle : watched) handles.push_back(parts_->watched.at(handle).waited_for(handle));
  const auto count = static_cast<DWORD>(handles.size());
  const DWORD first =
      ::MsgWaitForMultipleObjectsEx(count, handles.data(), INFINITE, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
  if (first == WAIT_FAILED) throw_last_error("MsgWaitForMultipleObjectsEx");
  if (first == WAIT_OBJECT_0 + count) return run_messages();
  if (first == WAIT_OBJECT_0) return parts_->run_posted();
  parts_->run_ready(watched.at(first - WAIT_OBJECT_0 - 1));
}

void EventLoop::stop() noexcept {
  parts_->stopped = true;
}

}  // namespace koshin
