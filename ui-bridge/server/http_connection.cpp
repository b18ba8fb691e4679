// SPDX-License-Identifier: MIT
// HTTP/1.1 by Boost.Beast, with the limits and the headers every answer has.
#include "http_connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <cstring>
#include <exception>

#include "foundation/log/log.hpp"

namespace koshin::ui {

namespace http = boost::beast::http;
using std::chrono::seconds;

namespace {

constexpr std::size_t read_at_once = 4UL * 1024;
static_assert(HeadSieve::longest_head + read_at_once <= SecureReadBuffer::size_limit);
constexpr std::size_t max_queued_events = 64;

/// Whether another page may have opened this one, which then is isolated from its opener. A page that was
/// typed or opened by the desktop has none, and isolation would cost a second renderer process and half of
/// the time to the first paint.
bool may_have_opener(const RequestHead& head) {
  return head.fetch_site != "none";
}

template <class Body>
void add_headers(http::response<Body>& response, const RequestHead& head) {
  response.set("Cache-Control", "no-store");
  response.set(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri "
      "'none'; "
      "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("X-Frame-Options", "DENY");
  response.set("Referrer-Policy", "no-referrer");
  if (may_have_opener(head)) response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()");
}

/// The value of a field that may occur once at most.
std::string field(const http::fields& fields, boost::string_view name) {
  if (fields.count(name) > 1) return std::string(repeated);
  const auto value = fields[name];
  return {value.data(), value.size()};
}

RequestHead head_of(const http::request<SecretBody>& request) {
  const auto text = [](boost::string_view view) { return std::string(view.data(), view.size()); };
  RequestHead head;
  head.method = text(request.method_string());
  head.target = text(request.target());
  head.host = field(request, "Host");
  head.origin = field(request, "Origin");
  head.fetch_site = field(request, "Sec-Fetch-Site");
  head.fetch_mode = field(request, "Sec-Fetch-Mode");
  head.fetch_dest = field(request, "Sec-Fetch-Dest");
  head.content_type = field(request, "Content-Type");
  head.tab = field(request, "X-Koshin-Tab");
  head.browser = field(request, "X-Koshin-Browser");
  head.nonce = field(request, "X-Koshin-Nonce");
  return head;
}

}  // namespace

HttpConnection::HttpConnection(boost::asio::ip::tcp::socket socket, const Connection& ends,
                               PageHandler& handler, std::weak_ptr<ConnectionOwner> owner,
                               ServerLimits limits)
    : stream_(std::move(socket)),
      ends_(ends),
      handler_(handler),
      owner_(std::move(owner)),
      limits_(limits),
      incoming_(read_at_once),
      ping_timer_(stream_.get_executor()) {}

HttpConnection::~HttpConnection() {
  if (const auto owner = owner_.lock()) owner->connection_ended(this);
}

void HttpConnection::start() {
  Error ignored;
  stream_.socket().set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  read_head();
}

void HttpConnection::read_head() {
  buffer_.wipe_all();
  head_ = {};
  sieve_.emplace();
  parser_.emplace();
  parser_->header_limit(HeadSieve::longest_head);
  parser_->body_limit(max_body);
  stream_.expires_after(seconds(limits_.request_seconds));
  read_more_of_head();
}

void HttpConnection::read_more_of_head() {
  const auto memory = incoming_.writable();
  stream_.async_read_some(boost::asio::buffer(memory.data(), memory.size()),
                          [self = shared_from_this()](const Error& error, std::size_t size) {
                            self->on_some_of_head(error, size);
                          });
}

void HttpConnection::on_some_of_head(const Error& error, std::size_t size) {
  if (error) return;  // closed or silent: no answer possible
  const auto arrived = incoming_.writable().first(size);
  std::size_t used = 0;
  const auto state = sieve_->take(arrived, used);
  if (state == HeadSieve::State::incomplete) return read_more_of_head();
  head_.nonce = sieve_->field("x-koshin-nonce:");
  if (state == HeadSieve::State::too_long) return reply({.status = 431, .body = "too large\n"}, false);
  // The parser gets the whole head in its buffer, followed by the received part of the body.
  const auto append = [this](const char* data, std::size_t length) {
    std::memcpy(buffer_.prepare(length).data(), data, length);
    buffer_.commit(length);
  };
  append(sieve_->head().data(), sieve_->head().size());
  append(arrived.data() + used, size - used);
  wipe(arrived);
  sieve_.reset();
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](const Error& failed, std::size_t) { self->on_head(failed); });
}

/// A page may be waiting for this refusal: it is proved by the nonce in the head, wherever that stands.
void HttpConnection::refuse_body(const Error& error) {
  auto head = head_of(parser_->get());
  head.nonce = std::move(head_.nonce);
  head_ = std::move(head);
  if (error == http::error::body_limit) {
    reply({.status = 413, .body = "too large\n"}, false);
  } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    reply({.status = 431, .body = "too large\n"}, false);
  } else if (error.category() == http::make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message) {
    reply({.status = 400, .body = "bad request\n"}, false);
  }
  // Any other error is a closed or silent connection: no answer possible.
}

void HttpConnection::on_head(const Error& error) {
  if (error) return refuse_body(error);
  head_ = head_of(parser_->get());
  if (auto refusal = handler_.admit(head_)) return reply(std::move(*refusal), false);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](const Error& failed, std::size_t) { self->on_body(failed); });
}

void HttpConnection::on_body(const Error& error) {
  if (error) {
    buffer_.wipe_all();
    return refuse_body(error);
  }
  const bool keep_open = parser_->get().keep_alive() && buffer_.size() == 0;  // browsers do not pipeline
  SecureBuffer body = std::move(parser_->get().body());
  parser_.reset();
  buffer_.wipe_all();
  if (!is_ours()) return reply({.status = 403, .body = "not this user's\n"}, false);
  reply(handled(std::move(body)), keep_open);
}

/// Errors of one request end that request, not the program.
Reply HttpConnection::handled(SecureBuffer body) {
  try {
    return handler_.handle(head_, std::move(body));
  } catch (const std::exception& error) {
    log::error(log::Event::none, "a request of the page could not be answered",
               {{"KOSHIN_PATH", head_.target}, {"KOSHIN_DETAIL", error.what()}});
    return {.status = 500, .body = "something went wrong\n"};
  }
}

bool HttpConnection::is_ours() const {
  const auto owner = owner_.lock();
  return owner && owner->belongs_to_us(ends_);
}

template <class Body>
void HttpConnection::add_proof(Response<Body>& response) const {
  const std::string proof = handler_.prove(head_.nonce);
  if (!proof.empty()) response.set("X-Koshin-Proof", proof);
}

void HttpConnection::reply(Reply answer, bool keep_open) {
  if (answer.event_stream) return start_stream();
  response_.emplace(static_cast<http::status>(answer.status), 11);
  add_headers(*response_, head_);
  add_proof(*response_);
  response_->set(http::field::content_type, answer.content_type);
  if (answer.gzip) response_->set(http::field::content_encoding, "gzip");
  response_->keep_alive(keep_open);
  response_->body() = std::move(answer.body);
  response_->prepare_payload();
  stream_.expires_after(seconds(limits_.request_seconds));
  http::async_write(stream_, *response_,
                    [self = shared_from_this(), keep_open](const Error& error, std::size_t) {
                      if (error) return;
                      if (keep_open && !self->finishing_) return self->read_head();
                      Error ignored;
                      self->stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
                    });
}

void HttpConnection::start_stream() {
  stream_head_.emplace(http::status::ok, 11);
  add_headers(*stream_head_, head_);
  add_proof(*stream_head_);
  stream_head_->set(http::field::content_type, "text/event-stream");
  stream_head_->keep_alive(false);  // it ends when the connection does
  stream_serializer_.emplace(*stream_head_);
  stream_.expires_after(seconds(limits_.request_seconds));
  writing_ = true;
  if (const auto owner = owner_.lock()) owner->stream_started(shared_from_this());
  http::async_write_header(stream_, *stream_serializer_,
                           [self = shared_from_this()](const Error& error, std::size_t) {
                             if (error) return;
                             self->writing_ = false;
                             self->await_end();
                             self->ping();
                             self->write_next();
                           });
}

void HttpConnection::send_event(std::string text) {
  if (queue_.size() >= max_queued_events)
    return abort();  // a page that stopped reading will request the whole state again
  queue_.push_back(std::move(text));
  write_next();
}

void HttpConnection::write_next() {
  if (writing_) return;
  if (queue_.empty()) {
    if (finishing_) abort();
    return;
  }
  writing_ = true;
  stream_.expires_after(seconds(limits_.request_seconds));
  boost::asio::async_write(stream_, boost::asio::buffer(queue_.front()),
                           [self = shared_from_this()](const Error& error, std::size_t) {
                             if (error) return self->abort();
                             self->stream_.expires_never();
                             self->writing_ = false;
                             self->queue_.pop_front();
                             self->write_next();
                           });
}

void HttpConnection::await_end() {
  stream_.socket().async_read_some(boost::asio::buffer(nothing_),
                                   [self = shared_from_this()](const Error& error, std::size_t) {
                                     if (error) return self->abort();
                                     self->await_end();
                                   });
}

void HttpConnection::ping() {
  ping_timer_.expires_after(seconds(limits_.ping_seconds));
  ping_timer_.async_wait([weak = weak_from_this()](const Error& error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->send_event(": still here\n\n");
    self->ping();
  });
}

void HttpConnection::finish() {
  finishing_ = true;
  if (stream_head_) write_next();
}

void HttpConnection::abort() {
  ping_timer_.cancel();
  Error ignored;
  stream_.socket().close(ignored);
}

}  // namespace koshin::ui
