// SPDX-License-Identifier: MIT
// Accepts connections, refuses those of other users and excess ones, and manages the event stream.
#include "page_server.hpp"

#include <bit>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/peer_owner.hpp"
#include "foundation/system/random.hpp"
#include "http_connection.hpp"
#include "listening_port.hpp"

namespace koshin::ui {

namespace {

using boost::asio::ip::tcp;

/// Listens on a random port. The system's own choice can be controlled: another user who occupies all ports
/// but one determines it, and the browser may have cached content that this user served there before.
tcp::acceptor listen_somewhere(boost::asio::io_context& context) {
  constexpr std::uint16_t first = 20000, last = 65535;  // browsers refuse some lower ones (10080)
  constexpr int most_tries = 8;  // a user who occupies most ports must not determine the choice
  tcp::acceptor acceptor(context, tcp::v4());
  keep_port_alone(acceptor);
  boost::system::error_code error;
  for (int tries = 0; tries < most_tries; ++tries) {
    acceptor.bind({boost::asio::ip::address_v4::loopback(), random_number(first, last)}, error);
    if (error == boost::asio::error::address_in_use) continue;
    if (error) break;
    acceptor.listen();
    return acceptor;
  }
  throw boost::system::system_error(error, "no port of 127.0.0.1 is free for the page");
}

class LoopbackServer final : public PageServer, private ConnectionOwner {
 public:
  LoopbackServer(boost::asio::io_context& context, PageHandler& handler, ServerLimits limits,
                 OwnerCheck owner_check)
      : acceptor_(listen_somewhere(context)),
        pause_(context),
        handler_(handler),
        limits_(limits),
        owner_check_(std::move(owner_check)) {
    accept();
  }
  ~LoopbackServer() override { closing_ = true; }

  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }
  bool stream_open() const override { return !event_stream_.expired(); }

  void send(const std::string& name, unsigned long id, const std::string& data) override {
    if (const auto stream = event_stream_.lock())
      stream->send_event("event: " + name + "\nid: " + std::to_string(id) + "\ndata: " + data + "\n\n");
  }

  void end_stream() override {
    if (const auto stream = event_stream_.lock()) stream->finish();
    event_stream_.reset();
    stream_ = nullptr;
  }

  void close() override {
    closing_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    if (const auto stream = event_stream_.lock()) stream->finish();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
      if (closing_ || error == boost::asio::error::operation_aborted) return;
      if (error) return accept_later();  // out of descriptors
      admit(std::move(socket));
      accept();
    });
  }

  void accept_later() {
    pause_.expires_after(std::chrono::milliseconds(200));
    pause_.async_wait([this](const boost::system::error_code& error) {
      if (!error) accept();
    });
  }

  /// Checks the owner first: connections of other users take no seat, however many there are.
  void admit(tcp::socket socket) {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;
    const Connection ends{{peer.address().to_v4().to_uint(), peer.port()}, {loopback_address, port()}};
    if (!owner_check_(ends)) return note_stranger();
    if (connections_ >= limits_.connections) return;
    ++connections_;
    std::make_shared<HttpConnection>(std::move(socket), ends, handler_, self_, limits_)->start();
  }

  /// Logs refusals at growing intervals, so that other users cannot flood the log.
  void note_stranger() {
    if (!std::has_single_bit(++strangers_)) return;
    log::warning(log::Event::none, "connections to the page were refused: they are not this user's",
                 {{"KOSHIN_COUNT", std::to_string(strangers_)}});
  }

  bool belongs_to_us(const Connection& ends) const override { return owner_check_(ends); }

  void stream_started(const std::shared_ptr<HttpConnection>& connection) override {
    end_stream();
    event_stream_ = connection;
    stream_ = connection.get();
  }

  void connection_ended(HttpConnection* connection) override {
    --connections_;
    if (connection != stream_) return;
    stream_ = nullptr;
    if (!closing_) handler_.stream_ended();
  }

  tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  PageHandler& handler_;
  ServerLimits limits_;
  OwnerCheck owner_check_;
  std::size_t connections_ = 0, strangers_ = 0;
  std::weak_ptr<HttpConnection> event_stream_;
  HttpConnection* stream_ = nullptr;
  bool closing_ = false;
  std::shared_ptr<ConnectionOwner> self_{static_cast<ConnectionOwner*>(this),
                                         [](ConnectionOwner*) {}};  ///< ends with the server
};

}  // namespace

std::unique_ptr<PageServer> PageServer::open(boost::asio::io_context& context, PageHandler& handler,
                                             ServerLimits limits, OwnerCheck owner_check) {
  try {
    return std::make_unique<LoopbackServer>(context, handler, limits, std::move(owner_check));
  } catch (const boost::system::system_error& error) {
    fail(Reason::internal_error, std::string("no port on 127.0.0.1 for the page: ") + error.what());
  }
}

}  // namespace koshin::ui
