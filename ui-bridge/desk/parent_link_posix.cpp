// SPDX-License-Identifier: MIT
// Lines from the agent, and signals.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/streambuf.hpp>
#include <csignal>

#include "parent_link.hpp"
#include "parent_messages.hpp"

namespace koshin::ui {

namespace {

bool stdin_is_pipe() {
  struct stat status {};
  return fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

class StandardInput final : public ParentLink {
 public:
  StandardInput(boost::asio::io_context& context, Parent parent, Listener listener)
      : input_(context),
        signals_(context, SIGTERM, SIGINT),
        buffer_(longest_line),
        listener_(std::move(listener)) {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) listener_.gone();
    });
    if (parent != Parent::agent || !stdin_is_pipe()) return;
    input_.assign(dup(STDIN_FILENO));
    read();
  }

  void tell_went_on(const std::string& token_uri) override {
    if (input_.is_open()) print_went_on(token_uri);
  }

 private:
  void read() {
    boost::asio::async_read_until(input_, buffer_, '\n',
                                  [this](const boost::system::error_code& error, std::size_t size) {
                                    if (error == boost::asio::error::operation_aborted) return;
                                    if (error)
                                      return listener_.gone();  // the end of input, or an unterminated line
                                    const auto begin = boost::asio::buffers_begin(buffer_.data());
                                    const std::string line(begin, begin + static_cast<std::ptrdiff_t>(size));
                                    buffer_.consume(size);
                                    pass_on(line, listener_);
                                    read();
                                  });
  }

  boost::asio::posix::stream_descriptor input_;
  boost::asio::signal_set signals_;
  boost::asio::streambuf buffer_;
  Listener listener_;
};

}  // namespace

std::unique_ptr<ParentLink> ParentLink::listen(boost::asio::io_context& context, Parent parent,
                                               Listener listener) {
  return std::make_unique<StandardInput>(context, parent, std::move(listener));
}

}  // namespace koshin::ui
