// SPDX-License-Identifier: MIT
// Boost.Beast over blocking sockets. Every answer leaves in one write on a socket without delay: two writes
// cost a round of delayed acknowledgement, some 45 ms for each exchange.
#include "bank/https_server.hpp"

#include <openssl/ssl.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <list>
#include <mutex>
#include <sstream>
#include <thread>

#include "bank/sockets.hpp"

namespace koshin::bank {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t max_connections = 64;
constexpr std::size_t max_header = 16 * 1024;
constexpr std::size_t max_body = 64 * 1024;
constexpr std::size_t max_drained = 1024 * 1024;

/// Presented certificates are looked at when the request is known, so that the answer can say what is wrong
/// with them; all but whether the issuer's came along.
int look_at_chain(X509_STORE_CTX* store, void* argument) {
  const auto& options = *static_cast<const TlsOptions*>(argument);
  const bool alone = sk_X509_num(X509_STORE_CTX_get0_untrusted(store)) < 2;
  if (!alone || !options.root_only || !options.root_only()) return 1;
  X509_STORE_CTX_set_error(store, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  return 0;
}

asio::ssl::context make_context(TlsOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX* native = context.native_handle();
  check(SSL_CTX_use_certificate(native, options.credential.certificate.get()) == 1, "use server certificate");
  check(SSL_CTX_use_PrivateKey(native, options.credential.key.get()) == 1, "use server key");
  if (options.intermediate != nullptr) {
    check(SSL_CTX_add1_chain_cert(native, options.intermediate) == 1, "use server chain");
    SSL_CTX_add_client_CA(native, options.intermediate);
  }
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  if (options.max_version == "1.2") SSL_CTX_set_max_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_verify(native, options.ask_for_certificate ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_cert_verify_callback(native, look_at_chain, &options);
  // No resumption: each connection proves the client's key anew.
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets(native, 0);
  return context;
}

Bytes channel_binding(SSL* ssl) {
  Bytes binding(32);
  if (SSL_version(ssl) == TLS1_3_VERSION) {
    static constexpr char label[] = "EXPORTER-Channel-Binding";
    check(SSL_export_keying_material(ssl, binding.data(), binding.size(), label, std::strlen(label), nullptr,
                                     0, 1) == 1,
          "export channel binding");
    return binding;
  }
  binding.resize(64);
  binding.resize(
      SSL_get_peer_finished(ssl, binding.data(), binding.size()));  // the first Finished is the client's
  return binding;
}

Request to_request(const http::request<http::string_body>& message) {
  Request request;
  request.method = std::string(message.method_string());
  const std::string target(message.target());
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    request.headers[name] = std::string(field.value());
  }
  request.body = message.body();
  return request;
}

/// The time as an answer's Date (RFC 9110 section 5.6.7).
std::string http_date(std::chrono::sys_seconds time) {
  static constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                weekdays.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

struct Wire {
  std::string header, body;
};

Wire to_wire(const Response& response, unsigned version, bool keep_alive, bool head) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), version);
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  message.set(http::field::date,
              http_date(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())));
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  message.keep_alive(keep_alive);
  message.content_length(response.body.size());
  std::ostringstream text;
  text << message.base();
  Wire wire{text.str(), head ? std::string() : response.body};
  if (response.ending == Response::Ending::truncate)
    wire.body.resize(wire.body.size() - wire.body.size() / 2);
  return wire;
}

template <class Stream>
error_code send(Stream& stream, const Wire& wire, bool in_two_writes) {
  error_code error;
  if (!in_two_writes) {
    asio::write(stream, asio::buffer(wire.header + wire.body), error);
    return error;
  }
  boost::beast::get_lowest_layer(stream).set_option(tcp::no_delay(false));
  asio::write(stream, asio::buffer(wire.header), error);
  if (!error && !wire.body.empty()) asio::write(stream, asio::buffer(wire.body), error);
  return error;
}

/// Answers, then reads on for a while: closing while the client still sends would destroy the answer on its
/// way.
template <class Stream>
void refuse_body(Stream& stream) {
  error_code error;
  const auto wire = to_wire({.status = 413, .body = "the request is too large\n"}, 11, false, false);
  error = send(stream, wire, false);
  std::array<char, 4096> ignored{};
  for (std::size_t total = 0; !error && total < max_drained;)
    total += stream.read_some(asio::buffer(ignored), error);
}

template <class Stream>
void serve_requests(Stream& stream, const Peer& peer, const Handler& handler) {
  boost::beast::flat_buffer buffer(max_header + max_body);
  for (;;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(max_header);
    parser.body_limit(max_body);
    error_code error;
    http::read(stream, buffer, parser, error);
    if (error == http::error::body_limit) return refuse_body(stream);
    if (error) return;
    const auto& message = parser.get();
    const auto response = handler(to_request(message), peer);
    if (response.ending == Response::Ending::drop) return;
    const bool keep_alive =
        message.keep_alive() && !response.closes && response.ending == Response::Ending::answer;
    const auto wire = to_wire(response, message.version(), keep_alive, message.method() == http::verb::head);
    error = send(stream, wire, response.in_two_writes);
    if (error || !keep_alive) return;
  }
}

}  // namespace

class HttpServer::Implementation {
 public:
  Implementation(Options options, Handler handler)
      : options_(std::move(options)), handler_(std::move(handler)), acceptor_(io_) {
    if (options_.tls) context_ = std::make_unique<asio::ssl::context>(make_context(*options_.tls));
    acceptor_.open(tcp::v4());
    keep_from_children(acceptor_.native_handle());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind({asio::ip::address_v4::loopback(), options_.port});
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    accepting_ = std::thread([this] { accept_loop(); });
  }

  ~Implementation() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (auto& connection : connections_) connection.end();
    }
    // Something to accept, so that the thread looks.
    tcp::socket waker(io_);
    error_code ignored;
    waker.connect({asio::ip::address_v4::loopback(), port_}, ignored);
    accepting_.join();
    for (auto& connection : connections_) connection.thread.join();
  }

  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  unsigned short port() const { return port_; }

 private:
  /// `socket` is closed by its thread only; everybody else ends the connection, which the thread then
  /// notices.
  struct Connection {
    explicit Connection(tcp::socket accepted) : socket(std::move(accepted)) {}
    /// Works though a copy of the descriptor may live on in a child of this process. Call with the mutex
    /// held.
    void end() {
      error_code ignored;
      if (socket.is_open()) socket.shutdown(tcp::socket::shutdown_both, ignored);
    }
    tcp::socket socket;
    std::thread thread;
  };

  void accept_loop() {
    for (;;) {
      tcp::socket socket(io_);
      error_code error;
      acceptor_.accept(socket, error);
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      reap();
      if (error || (options_.refuse_connection && options_.refuse_connection())) continue;
      keep_from_children(socket.native_handle());
      if (connections_.size() >= max_connections) connections_.front().end();  // the oldest
      auto& connection = connections_.emplace_back(std::move(socket));
      connection.thread = std::thread([this, &connection] { serve(connection); });
    }
  }

  /// Forgets connections that are over. Call with the mutex held.
  void reap() {
    std::erase_if(connections_, [](Connection& connection) {
      if (connection.socket.is_open()) return false;
      connection.thread.join();
      return true;
    });
  }

  void serve(Connection& connection) {
    try {
      connection.socket.set_option(tcp::no_delay(true));
      if (context_) {
        serve_tls(connection.socket);
      } else {
        serve_requests(connection.socket, Peer{}, handler_);
      }
    } catch (
        const std::exception&) {  // NOLINT(bugprone-empty-catch): closed below, like any other that is over
    }
    const std::lock_guard lock(mutex_);
    connection.end();
    error_code ignored;
    connection.socket.close(ignored);
  }

  void serve_tls(tcp::socket& socket) {
    asio::ssl::stream<tcp::socket&> stream(socket, *context_);
    stream.handshake(asio::ssl::stream_base::server);
    Peer peer;
    peer.tls = true;
    peer.certificate.reset(SSL_get1_peer_certificate(stream.native_handle()));
    peer.channel_binding = channel_binding(stream.native_handle());
    serve_requests(stream, peer, handler_);
  }

  Options options_;
  Handler handler_;
  asio::io_context io_;
  std::unique_ptr<asio::ssl::context> context_;
  tcp::acceptor acceptor_;
  unsigned short port_ = 0;
  std::mutex mutex_;
  bool stopping_ = false;
  std::list<Connection> connections_;
  std::thread accepting_;
};

HttpServer::HttpServer(Options options, Handler handler)
    : implementation_(std::make_unique<Implementation>(std::move(options), std::move(handler))) {}
HttpServer::~HttpServer() = default;
unsigned short HttpServer::port() const {
  return implementation_->port();
}

}  // namespace koshin::bank
