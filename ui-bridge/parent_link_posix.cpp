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
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "parent_link.hpp"

namespace koshin::ui {

namespace {

constexpr std::size_t longest_line = 4096;

bool stdin_is_pipe() {
  struct stat status {};
  return fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

constexpr std::size_t longest_word = 64;

/// A text member; empty for any other type.
std::string text_of(const nlohmann::json& message, const char* name) {
  const auto found = message.find(name);
  return found != message.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Empty without a reason, or where a text is too long to be one of the agent's.
std::optional<ParentLink::News> news_of(const nlohmann::json& message) {
  ParentLink::News news{text_of(message, "reason"), text_of(message, "certificate"), 0,
                        text_of(message, "purpose")};
  if (const auto due = message.find("due"); due != message.end() && due->is_number_unsigned())
    news.due = due->get<std::size_t>();
  for (const std::string* word : {&news.reason, &news.certificate, &news.purpose})
    if (word->size() > longest_word) return std::nullopt;
  return news.reason.empty() ? std::nullopt : std::optional(std::move(news));
}

/// Ignores unknown messages, which a newer agent may send.
void pass_on(const std::string& line, const ParentLink::Listener& listener) {
  const auto message = nlohmann::json::parse(line, nullptr, false);
  const auto schema = message.is_object() ? message.find("schema") : message.end();
  if (!message.is_object() || schema == message.end() || *schema != 1) return;
  const std::string type = text_of(message, "type");
  if (type == "token_removed") listener.token_removed();
  if (const auto news = type == "told_again" ? news_of(message) : std::nullopt) listener.told_again(*news);
  if (type == "settled") listener.settled();
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

  /// See docs/agent.md. The characters of a URI need no escape in JSON.
  void tell_went_on(const std::string& token_uri) override {
    if (!input_.is_open()) return;
    std::printf("{\"schema\":1,\"type\":\"went_on\",\"token\":\"%s\"}\n", token_uri.c_str());
    std::fflush(stdout);
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
