// SPDX-License-Identifier: MIT
// One connection of the page's server: requests one after the other, or one event stream.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "head_sieve.hpp"
#include "page_server.hpp"
#include "secret_body.hpp"

namespace koshin::ui {

class HttpConnection;

/// Callbacks from connections to their server.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void stream_started(const std::shared_ptr<HttpConnection>& connection) = 0;
  virtual void connection_ended(HttpConnection* connection) = 0;
  /// Determines again whether the peer belongs to this user.
  virtual bool belongs_to_us(const Connection& ends) const = 0;
};

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(boost::asio::ip::tcp::socket socket, const Connection& ends, PageHandler& handler,
                 std::weak_ptr<ConnectionOwner> owner, ServerLimits limits);
  ~HttpConnection();
  void start();
  /// Queues text on an event stream.
  void send_event(std::string text);
  /// Closes the connection after the queued text has been written.
  void finish();
  void abort();

 private:
  using Error = boost::system::error_code;
  template <class Body>
  using Response = boost::beast::http::response<Body>;

  void read_head();
  void read_more_of_head();
  void on_some_of_head(const Error& error, std::size_t size);
  void on_head(const Error& error);
  void on_body(const Error& error);
  void reply(Reply reply, bool keep_open);
  void start_stream();
  Reply handled(SecureBuffer body);
  template <class Body>
  void add_proof(Response<Body>& response) const;
  bool is_ours() const;
  void write_next();
  void await_end();
  void ping();
  void refuse_body(const Error& error);

  boost::beast::tcp_stream stream_;
  Connection ends_;
  PageHandler& handler_;
  std::weak_ptr<ConnectionOwner> owner_;  ///< connections may outlive the server while they write
  ServerLimits limits_;
  SecureBuffer incoming_;
  SecureReadBuffer buffer_;
  std::optional<HeadSieve> sieve_;
  std::optional<boost::beast::http::request_parser<SecretBody>> parser_;
  RequestHead head_;
  std::optional<Response<boost::beast::http::string_body>> response_;
  std::optional<Response<boost::beast::http::empty_body>> stream_head_;
  std::optional<boost::beast::http::response_serializer<boost::beast::http::empty_body>> stream_serializer_;
  boost::asio::steady_timer ping_timer_;
  std::deque<std::string> queue_;
  bool writing_ = false, finishing_ = false;
  char nothing_[16] = {};
};

}  // namespace koshin::ui
