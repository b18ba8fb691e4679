// SPDX-License-Identifier: MIT
// A lock that the system releases with its process, and beside it a named pipe of the session, which no other
// user can open.
#include "primary_instance.hpp"

#include <winsock2.h>
// After winsock2.h, which it would bring in an older version.
#include <windows.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/windows/overlapped_ptr.hpp>
#include <boost/asio/windows/stream_handle.hpp>
#include <boost/asio/write.hpp>
#include <istream>
#include <string>
#include <system_error>
#include <utility>

#include "foundation/log/log.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/handle.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/process_owner_windows.hpp"
#include "foundation/system/security_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"
#include "primary_instance_parts.hpp"

namespace koshin::ui {

namespace {

using PipeEnd = boost::asio::windows::stream_handle;
using primary::longest_answer, primary::longest_wait, primary::longest_word, primary::pause_after_error,
    primary::unless_it_fails;

constexpr DWORD most_visits = 4;

/// One for each session of each user.
std::wstring pipe_name() {
  return L"\\\\.\\pipe\\koshin-links-" + std::to_wstring(own_session()) + L"-" + wide(own_sid());
}

/// Empty, with GetLastError(), when it cannot be made: the first one, because somebody else has taken the
/// name.
Handle make_pipe(bool first) {
  const PrivateToUser security;
  const HANDLE pipe = CreateNamedPipeW(
      pipe_name().c_str(),
      PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0UL),
      PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, most_visits,
      longest_answer, longest_word, 0, static_cast<SECURITY_ATTRIBUTES*>(security.attributes()));
  return Handle(pipe == INVALID_HANDLE_VALUE ? nullptr : pipe);
}

/// What boost::asio is to close from here on.
HANDLE given_away(Handle handle) {
  HANDLE copy = nullptr;
  if (DuplicateHandle(GetCurrentProcess(), handle.get(), GetCurrentProcess(), &copy, 0, FALSE,
                      DUPLICATE_SAME_ACCESS) == 0)
    throw_last_error("DuplicateHandle");
  return copy;
}

/// One koshin-ui that brings a link, from its word until it has read the answer.
class Visit : public std::enable_shared_from_this<Visit> {
 public:
  Visit(boost::asio::io_context& context, PipeEnd pipe,
        std::weak_ptr<const PrimaryInstance::Activated> activated)
      : pipe_(std::move(pipe)), patience_(context), word_(longest_word), activated_(std::move(activated)) {}

  void receive() {
    patience_.expires_after(longest_wait);
    patience_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      boost::system::error_code ignored;
      if (!error) self->pipe_.close(ignored);
    });
    boost::asio::async_read_until(
        pipe_, word_, '\n', [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
          if (error) return self->end();
          self->answer();
        });
  }

 private:
  void answer() {
    std::string word;
    std::istream(&word_) >> word;
    const auto link = parse_link(word);
    const auto activated = activated_.lock();
    if (!link || !activated) return end();
    const PageAddress page = (*activated)(*link);
    answer_ = page.file + "\n" + page.url + "\n";
    boost::asio::async_write(
        pipe_, boost::asio::buffer(answer_),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
          if (error) return self->end();
          self->await_end();
        });
  }
  /// The visitor closes the pipe when it has read the answer, which might be lost if we did.
  void await_end() {
    pipe_.async_read_some(
        boost::asio::buffer(nothing_),
        [self = shared_from_this()](const boost::system::error_code&, std::size_t) { self->end(); });
  }
  void end() { patience_.cancel(); }

  PipeEnd pipe_;
  boost::asio::steady_timer patience_;
  boost::asio::streambuf word_;
  std::string answer_;
  std::array<char, 1> nothing_{};
  std::weak_ptr<const PrimaryInstance::Activated> activated_;  ///< the wizard's end ends it
};

class Listening final : public PrimaryInstance {
 public:
  Listening(boost::asio::io_context& context, std::unique_ptr<FileLock> lock, Handle pipe,
            Activated activated)
      : context_(context),
        lock_(std::move(lock)),
        pause_(context),
        waiting_(context),
        activated_(std::make_shared<const Activated>(std::move(activated))) {
    accept(std::move(pipe));
  }

 private:
  void accept(Handle pipe) {
    waiting_ = PipeEnd(context_, given_away(std::move(pipe)));
    boost::asio::windows::overlapped_ptr operation(
        context_,
        [this, alive = std::weak_ptr(activated_)](const boost::system::error_code& error, std::size_t) {
          if (!alive.expired()) accepted(error);
        });
    const bool done = ConnectNamedPipe(waiting_.native_handle(), operation.get()) != 0;
    const DWORD error = done ? ERROR_SUCCESS : GetLastError();
    if (done || error == ERROR_IO_PENDING) {
      operation.release();  // the completion port's
    } else if (error == ERROR_PIPE_CONNECTED) {
      operation.complete({}, 0);
    } else {
      operation.complete({static_cast<int>(error), boost::system::system_category()}, 0);
    }
  }

  void accepted(const boost::system::error_code& error) {
    if (error == boost::asio::error::operation_aborted) return;
    if (error) return accept_later();
    std::make_shared<Visit>(context_, std::exchange(waiting_, PipeEnd(context_)), activated_)->receive();
    accept_next();
  }
  void accept_next() {
    Handle next = make_pipe(false);
    if (!next) return accept_later();
    accept(std::move(next));
  }
  /// After an error that may pass, such as too many visits: at once it would only come again.
  void accept_later() {
    pause_.expires_after(pause_after_error);
    pause_.async_wait([this, alive = std::weak_ptr(activated_)](const boost::system::error_code& error) {
      if (!alive.expired() && !error) accept_next();
    });
  }

  boost::asio::io_context& context_;
  std::unique_ptr<FileLock> lock_;
  boost::asio::steady_timer pause_;
  PipeEnd waiting_;
  std::shared_ptr<const Activated> activated_;
};

/// Empty when nobody listens, or somebody of another user does.
Handle reach_primary_instance() {
  const std::wstring name = pipe_name();
  const auto open = [&] {
    // The other side may learn who we are and may not act as us.
    const HANDLE pipe =
        CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                    FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, nullptr);
    return Handle(pipe == INVALID_HANDLE_VALUE ? nullptr : pipe);
  };
  Handle pipe = open();
  if (!pipe && GetLastError() == ERROR_PIPE_BUSY &&
      WaitNamedPipeW(name.c_str(), static_cast<DWORD>(std::chrono::milliseconds(longest_wait).count())) != 0)
    pipe = open();
  if (!pipe) return pipe;
  ULONG server = 0;
  if (GetNamedPipeServerProcessId(pipe.get(), &server) == 0) throw_last_error("GetNamedPipeServerProcessId");
  const Handle process = open_process(server);
  if (!process || !belongs_to_this_user(process.get())) {
    log::warning(log::Event::none, "the pipe for links belongs to another user, and is not used");
    pipe.close();
  }
  return pipe;
}

/// Word and answer over the pipe. Empty after `longest_wait`.
std::optional<PageAddress> ask(Handle reached, std::string word) {
  boost::asio::io_context context;
  PipeEnd pipe(context, given_away(std::move(reached)));
  boost::asio::streambuf answer(longest_answer);
  std::istream lines(&answer);
  PageAddress page;
  bool whole = false;
  const auto read_url = [&](const boost::system::error_code& error, std::size_t) {
    whole = !error && std::getline(lines, page.url);
  };
  const auto read_file = [&](const boost::system::error_code& error, std::size_t) {
    if (error || !std::getline(lines, page.file)) return;
    boost::asio::async_read_until(pipe, answer, '\n', read_url);
  };
  boost::asio::async_write(pipe, boost::asio::buffer(word),
                           [&](const boost::system::error_code& error, std::size_t) {
                             if (!error) boost::asio::async_read_until(pipe, answer, '\n', read_file);
                           });
  context.run_for(longest_wait);
  return whole ? std::optional(page) : std::nullopt;
}

}  // namespace

std::unique_ptr<PrimaryInstance> PrimaryInstance::become(boost::asio::io_context& context,
                                                         Activated activated) {
  return unless_it_fails("links cannot lead to this page", [&]() -> std::unique_ptr<PrimaryInstance> {
    auto lock =
        FileLock::acquire(paths::runtime_directory() / ("links-" + std::to_string(own_session()) + ".lock"));
    auto* const ours = std::get_if<std::unique_ptr<FileLock>>(&lock);
    if (ours == nullptr) return nullptr;
    Handle pipe = make_pipe(true);
    if (!pipe) throw_last_error("CreateNamedPipe");
    return std::make_unique<Listening>(context, std::move(*ours), std::move(pipe), std::move(activated));
  });
}

std::optional<PageAddress> activate_primary_instance(Link link) {
  return unless_it_fails("the page that is open cannot be asked", [&]() -> std::optional<PageAddress> {
    Handle pipe = reach_primary_instance();
    if (!pipe) return std::nullopt;
    return ask(std::move(pipe), std::string(to_string(link)) + "\n");
  });
}

}  // namespace koshin::ui
