// SPDX-License-Identifier: MIT
// The page's HTTP server: 127.0.0.1 only, a port of the system's choice, connections of this user only. What
// a request means is its handler's business.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/secrets/secure_buffer.hpp"
#include "page_request.hpp"
#include "peer_owner.hpp"

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

class PageHandler {
 public:
  virtual ~PageHandler() = default;
  /// Looks at a request before its body is read; an answer here ends the connection.
  virtual std::optional<Reply> admit(const RequestHead& head) = 0;
  /// An exception is answered with 500.
  virtual Reply handle(const RequestHead& head, SecureBuffer body) = 0;
  /// That an answer to a page with this nonce comes from where the page came from. Every answer has it,
  /// whoever refuses: the page takes one without for a stranger's, and ends.
  virtual std::string prove(std::string_view nonce) const = 0;
  /// The one event stream has ended, and no other took its place.
  virtual void stream_ended() = 0;
};

/// Bounds of the server; the defaults are what the page needs, tests make them smaller.
struct ServerLimits {
  std::size_t connections = 24;
  int request_seconds = 10;  ///< for a whole request, and for a connection that is idle
  int ping_seconds = 15;     ///< between comments on an event stream, which find out that nobody is there
};

/// Says whether the other end of a connection is this user's: asked when it comes, before it counts, and
/// again for every request. peer_is_self(), but for tests.
using OwnerCheck = std::function<bool(const Connection&)>;

class PageServer {
 public:
  /// Listens at once. Throws FailureError{internal_error} when no port is to be had.
  static std::unique_ptr<PageServer> open(boost::asio::io_context& context, PageHandler& handler,
                                          ServerLimits limits = {}, OwnerCheck owner_check = peer_is_self);
  virtual ~PageServer() = default;
  virtual std::uint16_t port() const = 0;
  /// Sends an event ("state", "superseded") to the stream that is open, if any.
  virtual void send(const std::string& name, unsigned long id, const std::string& data) = 0;
  /// Ends the stream that is open: another tab has taken over.
  virtual void end_stream() = 0;
  virtual bool stream_open() const = 0;
  /// No new connections; those that are open may finish what they are writing.
  virtual void close() = 0;
};

}  // namespace koshin::ui
