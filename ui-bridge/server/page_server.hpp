// SPDX-License-Identifier: MIT
// The page's HTTP server: 127.0.0.1 only, a random port, connections of this user only. A PageHandler
// processes the requests.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/peer_owner.hpp"
#include "page_request.hpp"

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

class PageHandler {
 public:
  virtual ~PageHandler() = default;
  /// Examines a request before its body is read; a reply ends the connection.
  virtual std::optional<Reply> admit(const RequestHead& head) = 0;
  /// An exception is answered with 500.
  virtual Reply handle(const RequestHead& head, SecureBuffer body) = 0;
  /// The proof for a nonce that the answer comes from the page's server. Every answer contains it, refusals
  /// too: the page treats an answer without it as a stranger's, and ends.
  virtual std::string prove(std::string_view nonce) const = 0;
  /// The event stream has ended, and no other has replaced it.
  virtual void stream_ended() = 0;
};

/// Limits of the server; tests use smaller ones.
struct ServerLimits {
  std::size_t connections = 24;
  int request_seconds = 10;  ///< for a whole request, and for an idle connection
  int ping_seconds = 15;     ///< between comments on an event stream, which detect a closed connection
};

/// Whether the peer of a connection belongs to this user: checked before the connection counts, and again for
/// every request. peer_is_self(), except in tests.
using OwnerCheck = std::function<bool(const Connection&)>;

class PageServer {
 public:
  /// Starts to listen. Throws FailureError{internal_error} when no port is available.
  static std::unique_ptr<PageServer> open(boost::asio::io_context& context, PageHandler& handler,
                                          ServerLimits limits = {}, OwnerCheck owner_check = peer_is_self);
  virtual ~PageServer() = default;
  virtual std::uint16_t port() const = 0;
  /// Sends an event ("state", "superseded") to the open stream, if any.
  virtual void send(const std::string& name, unsigned long id, const std::string& data) = 0;
  /// Ends the open stream: another tab has taken over.
  virtual void end_stream() = 0;
  virtual bool stream_open() const = 0;
  /// Accepts no new connections; open ones may finish writing.
  virtual void close() = 0;
};

}  // namespace koshin::ui
