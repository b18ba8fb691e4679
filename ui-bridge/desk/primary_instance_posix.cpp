// SPDX-License-Identifier: MIT
// A lock that the system releases with its process, and beside it a socket in the user's runtime folder,
// which no other user can enter.
#include "primary_instance.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <istream>
#include <string>
#include <system_error>
#include <utility>

#include "foundation/system/file_lock.hpp"
#include "foundation/system/paths.hpp"
#include "primary_instance_parts.hpp"
#include "socket_name_posix.hpp"

namespace koshin::ui {

namespace {

namespace fs = std::filesystem;
using boost::asio::local::stream_protocol;
using primary::longest_answer, primary::longest_wait, primary::longest_word, primary::pause_after_error,
    primary::unless_it_fails;

constexpr const char* lock_name = "links.lock";
constexpr const char* socket_name = "links";

/// One koshin-ui that brings a link, from its word to the answer.
class Visit : public std::enable_shared_from_this<Visit> {
 public:
  Visit(boost::asio::io_context& context, stream_protocol::socket socket,
        std::weak_ptr<const PrimaryInstance::Activated> activated)
      : socket_(std::move(socket)),
        patience_(context),
        word_(longest_word),
        activated_(std::move(activated)) {}

  void receive() {
    patience_.expires_after(longest_wait);
    patience_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) self->socket_.close();
    });
    boost::asio::async_read_until(
        socket_, word_, '\n',
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
          if (!error) self->answer();
        });
  }

 private:
  void answer() {
    std::string word;
    std::istream(&word_) >> word;
    const auto link = parse_link(word);
    const auto activated = activated_.lock();
    if (!link || !activated) {
      patience_.cancel();
      return;
    }
    const PageAddress page = (*activated)(*link);
    answer_ = page.file + "\n" + page.url + "\n";
    boost::asio::async_write(socket_, boost::asio::buffer(answer_),
                             [self = shared_from_this()](const boost::system::error_code&, std::size_t) {
                               self->patience_.cancel();
                             });
  }

  stream_protocol::socket socket_;
  boost::asio::steady_timer patience_;
  boost::asio::streambuf word_;
  std::string answer_;
  std::weak_ptr<const PrimaryInstance::Activated> activated_;  ///< the wizard's end ends it
};

class Listening final : public PrimaryInstance {
 public:
  Listening(boost::asio::io_context& context, std::unique_ptr<FileLock> lock, const fs::path& folder,
            Activated activated)
      : context_(context),
        lock_(std::move(lock)),
        file_(folder / socket_name),
        acceptor_(context),
        pause_(context),
        activated_(std::make_shared<const Activated>(std::move(activated))) {
    fs::remove(file_);  // of a koshin-ui that was killed: the lock is ours
    acceptor_.open();
    acceptor_.bind(SocketName::in(folder, socket_name)->text());
    acceptor_.listen();
    accept();
  }
  ~Listening() override {
    std::error_code ignored;
    fs::remove(file_, ignored);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  void accept() {
    acceptor_.async_accept([this, alive = std::weak_ptr(activated_)](const boost::system::error_code& error,
                                                                     stream_protocol::socket socket) {
      if (alive.expired() || error == boost::asio::error::operation_aborted) return;
      if (error) return accept_later();
      std::make_shared<Visit>(context_, std::move(socket), activated_)->receive();
      accept();
    });
  }
  /// After an error that may pass, such as too many open files: at once it would only come again.
  void accept_later() {
    pause_.expires_after(pause_after_error);
    pause_.async_wait([this, alive = std::weak_ptr(activated_)](const boost::system::error_code& error) {
      if (!alive.expired() && !error) accept();
    });
  }

  boost::asio::io_context& context_;
  std::unique_ptr<FileLock> lock_;
  fs::path file_;
  stream_protocol::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<const Activated> activated_;
};

/// Word and answer over the socket. Empty after `longest_wait`, or when nobody listens.
std::optional<PageAddress> ask(const std::string& socket_path, std::string word) {
  boost::asio::io_context context;
  stream_protocol::socket socket(context);
  boost::asio::streambuf answer(longest_answer);
  bool whole = false;
  const auto read = [&](const boost::system::error_code& error, std::size_t) {
    if (error) return;
    boost::asio::async_read(socket, answer, [&](const boost::system::error_code& end, std::size_t) {
      whole = end == boost::asio::error::eof;
    });
  };
  socket.async_connect(socket_path, [&](const boost::system::error_code& error) {
    if (!error) boost::asio::async_write(socket, boost::asio::buffer(word), read);
  });
  context.run_for(longest_wait);
  if (!whole) return std::nullopt;
  PageAddress page;
  std::istream lines(&answer);
  if (!std::getline(lines, page.file) || !std::getline(lines, page.url)) return std::nullopt;
  return page;
}

}  // namespace

std::unique_ptr<PrimaryInstance> PrimaryInstance::become(boost::asio::io_context& context,
                                                         Activated activated) {
  return unless_it_fails("links cannot lead to this page", [&]() -> std::unique_ptr<PrimaryInstance> {
    const fs::path folder = paths::runtime_directory();
    auto lock = FileLock::acquire(folder / lock_name);
    auto* const ours = std::get_if<std::unique_ptr<FileLock>>(&lock);
    if (ours == nullptr) return nullptr;
    return std::make_unique<Listening>(context, std::move(*ours), folder, std::move(activated));
  });
}

std::optional<PageAddress> activate_primary_instance(Link link) {
  return unless_it_fails("the page that is open cannot be asked", [&]() -> std::optional<PageAddress> {
    const fs::path folder = paths::runtime_directory();
    if (!fs::exists(folder / socket_name)) return std::nullopt;
    return ask(SocketName::in(folder, socket_name)->text(), std::string(to_string(link)) + "\n");
  });
}

}  // namespace koshin::ui
