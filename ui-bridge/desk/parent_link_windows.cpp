// SPDX-License-Identifier: MIT
// Lines from the agent, and requests of the system. A pipe of Windows cannot be waited for: a thread reads
// it.
#include <windows.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "foundation/log/log.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/session_end.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/system/stop_requests.hpp"
#include "handle_wait.hpp"
#include "parent_link.hpp"
#include "parent_messages.hpp"

namespace koshin::ui {

namespace {

bool stdin_is_pipe() {
  const NativeHandle input = standard_handle(StandardStream::input);
  return input != no_handle && GetFileType(input) == FILE_TYPE_PIPE;
}

/// What the link and the thread that reads for it have in common. The thread may outlive the link: nothing
/// ends its wait but the parent.
class Reading : public std::enable_shared_from_this<Reading> {
 public:
  Reading(boost::asio::io_context& context, ParentLink::Listener listener)
      : context_(&context), work_(context.get_executor()), listener_(std::move(listener)) {}

  /// In a thread of its own, until the end of input or an unterminated or too long line.
  void follow() noexcept {
    try {
      std::string buffer(longest_line, '\0');
      while (true) {
        const LineResult line = read_line_unbuffered(standard_handle(StandardStream::input), buffer);
        if (line.ended) break;
        tell([text = buffer.substr(0, line.size)](const ParentLink::Listener& listener) {
          pass_on(text, listener);
        });
      }
    } catch (const std::exception& error) {  // the thread has nobody above it
      log::debug("The agent cannot be heard any more.", {{"KOSHIN_DETAIL", error.what()}});
    }
    tell([](const ParentLink::Listener& listener) { listener.gone(); });
  }

  /// Nothing more is told from here on.
  void tell_nobody() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
    work_.reset();
  }

 private:
  void tell(std::function<void(const ParentLink::Listener&)> what) {
    const std::lock_guard lock(mutex_);
    if (context_ == nullptr) return;
    boost::asio::post(*context_, [weak = weak_from_this(), what = std::move(what)] {
      const auto self = weak.lock();
      if (self && self->is_heard()) what(self->listener_);
    });
  }
  bool is_heard() {
    const std::lock_guard lock(mutex_);
    return context_ != nullptr;
  }

  std::mutex mutex_;  // over context_ and work_
  boost::asio::io_context* context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  const ParentLink::Listener listener_;
};

class StandardInput final : public ParentLink {
 public:
  StandardInput(boost::asio::io_context& context, Parent parent, const Listener& listener) {
    wait_ = HandleWait::begin(context, requests_.handle(), [this, gone = listener.gone] {
      while (const auto request = requests_.take())
        if (*request == StopRequests::Request::end) gone();
    });
    session_end_ = SessionEnd::watch([&context, gone = listener.gone] { boost::asio::post(context, gone); });
    if (parent != Parent::agent || !stdin_is_pipe()) return;
    reading_ = std::make_shared<Reading>(context, listener);
    start_detached_thread([reading = reading_] { reading->follow(); });
  }
  ~StandardInput() override {
    if (reading_) reading_->tell_nobody();
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

  void tell_went_on(const std::string& token_uri) override {
    if (reading_) print_went_on(token_uri);
  }

 private:
  StopRequests requests_;
  std::unique_ptr<HandleWait> wait_;
  std::unique_ptr<SessionEnd> session_end_;
  std::shared_ptr<Reading> reading_;
};

}  // namespace

std::unique_ptr<ParentLink> ParentLink::listen(boost::asio::io_context& context, Parent parent,
                                               Listener listener) {
  return std::make_unique<StandardInput>(context, parent, listener);
}

}  // namespace koshin::ui
