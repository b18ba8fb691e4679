// SPDX-License-Identifier: MIT
// Lines of JSON from the agent, and signals.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/streambuf.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "parent_link.hpp"

namespace koshin::ui {

namespace {

constexpr std::size_t longest_line = 4096;

bool stdin_is_pipe() {
  struct stat status {};
  return fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

bool says_token_removed(const std::string& line) {
  const auto message = nlohmann::json::parse(line, nullptr, false);
  return message.is_object() && message.value("schema", 0) == 1 && message.contains("type") &&
         message["type"] == "token_removed";
}

class StandardInput final : public ParentLink {
 public:
  StandardInput(boost::asio::io_context& context, Listener listener)
      : input_(context),
        signals_(context, SIGTERM, SIGINT),
        buffer_(longest_line),
        listener_(std::move(listener)) {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) listener_.gone();
    });
    if (!stdin_is_pipe()) return;
    input_.assign(dup(STDIN_FILENO));
    read();
  }

 private:
  void read() {
    boost::asio::async_read_until(input_, buffer_, '\n',
                                  [this](const boost::system::error_code& error, std::size_t size) {
                                    if (error == boost::asio::error::operation_aborted) return;
                                    if (error) return listener_.gone();  // the end, or a line without one
                                    const auto begin = boost::asio::buffers_begin(buffer_.data());
                                    const std::string line(begin, begin + static_cast<std::ptrdiff_t>(size));
                                    buffer_.consume(size);
                                    if (says_token_removed(line)) listener_.token_removed();
                                    read();
                                  });
  }

  boost::asio::posix::stream_descriptor input_;
  boost::asio::signal_set signals_;
  boost::asio::streambuf buffer_;
  Listener listener_;
};

}  // namespace

std::unique_ptr<ParentLink> ParentLink::listen(boost::asio::io_context& context, Listener listener) {
  return std::make_unique<StandardInput>(context, std::move(listener));
}

}  // namespace koshin::ui
