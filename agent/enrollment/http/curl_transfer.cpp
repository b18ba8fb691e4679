// SPDX-License-Identifier: MIT
// A transfer with libcurl's multi interface, which can be interrupted when the job is to stop.
#include "enrollment/http/curl_transfer.hpp"

#include <algorithm>

#include "enrollment/http/curl_memory.hpp"
#include "enrollment/http/curl_secret.hpp"
#include "enrollment/http/seconds_text.hpp"
#include "enrollment/http/tcp_acknowledgement.hpp"
#include "enrollment/http/transfer_failure.hpp"
#include "foundation/secrets/secret_input.hpp"

namespace koshin::enrollment {

namespace {

constexpr long proxy_authentication_required = 407;

Origin checked_origin(const std::string& url) {
  auto origin = origin_of(url);
  if (!origin || origin->scheme != "https")
    fail(Reason::settings_invalid, "\"" + printable(url, 300) + "\" is no https:// URL");
  return *std::move(origin);
}

}  // namespace

CurlTransfer::CurlTransfer(const HttpOptions& options, TlsClient& tls)
    : options_(options),
      tls_(tls),
      origin_(checked_origin(options.url)),
      proxy_(easy_, options),
      answer_(easy_, [this] {
        unanswered_ = false;
        tls_.answer_arrives();
      }) {
  multi_.reset(curl_multi_init());
  if (!multi_) fail(Reason::internal_error, "libcurl: out of memory");
  easy_.set(CURLOPT_ERRORBUFFER, error_text_.data());
  easy_.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  easy_.set(CURLOPT_TCP_NODELAY, 1L);
  easy_.set(CURLOPT_FOLLOWLOCATION, 0L);
  easy_.set(CURLOPT_USERAGENT, "koshin");
  easy_.set(CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_open);
  easy_.set(CURLOPT_SOCKOPTFUNCTION, &CurlTransfer::on_socket);
  easy_.set(CURLOPT_SOCKOPTDATA, this);
  easy_.set(CURLOPT_PREREQFUNCTION, &CurlTransfer::on_sending);
  easy_.set(CURLOPT_PREREQDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
  set_up_security();
  set_up_authentication();
}

CurlTransfer::~CurlTransfer() = default;

void CurlTransfer::set_up_security() {
  easy_.set(CURLOPT_PROTOCOLS_STR, "https");
  easy_.set(CURLOPT_SSL_CTX_FUNCTION, &CurlTransfer::on_ssl_context);
  easy_.set(CURLOPT_SSL_CTX_DATA, this);
  easy_.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  easy_.set(CURLOPT_SSL_VERIFYPEER, 1L);
  // TlsClient always verifies the name. libcurl verifies it too, unless the authority may be identified by
  // its role (RFC 7030 section 3.6.1), which libcurl does not support.
  easy_.set(CURLOPT_SSL_VERIFYHOST, tls_.explicit_anchors() ? 0L : 2L);
  // No trust store in libcurl: TlsClient has its own, and loading the system's takes longer than a handshake.
  easy_.set<const char*>(CURLOPT_CAINFO, nullptr);
  easy_.set<const char*>(CURLOPT_CAPATH, nullptr);
  // A full handshake for each connection: tls-unique is then the client's Finished, and the certificate is
  // sent each time.
  easy_.set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
}

void CurlTransfer::set_up_authentication() {
  const HttpAuthentication& authentication = options_.authentication;
  if (authentication.scheme == HttpAuthentication::Scheme::none || authentication.password == nullptr) return;
  const bool digest = authentication.scheme == HttpAuthentication::Scheme::digest;
  easy_.set(CURLOPT_HTTPAUTH, static_cast<long>(digest ? CURLAUTH_DIGEST : CURLAUTH_BASIC));
  easy_.set(CURLOPT_USERNAME, authentication.user.c_str());
  easy_.set(CURLOPT_PASSWORD, terminated(*authentication.password).view().data());
}

CURLcode CurlTransfer::on_ssl_context(CURL* /*easy*/, void* raw_context, void* self_pointer) noexcept {
  auto& self = *static_cast<CurlTransfer*>(self_pointer);
  auto* context = static_cast<SSL_CTX*>(raw_context);
  if (self.current_connection_only_) {
    self.tls_begun_ = true;  // or about to begin: not the proxy's failure
    return CURLE_ABORTED_BY_CALLBACK;
  }
  bool done = false;
  if (!self.proxy_.takes(context, done)) {
    self.tls_begun_ = true;
    done = self.tls_.configure(context);
  }
  return done ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

curl_socket_t CurlTransfer::on_open(void* /*self*/, curlsocktype /*purpose*/,
                                    curl_sockaddr* address) noexcept {
  return open_socket(address->family, address->socktype, address->protocol);
}

int CurlTransfer::on_socket(void* self_pointer, curl_socket_t socket, curlsocktype /*purpose*/) noexcept {
  auto& self = *static_cast<CurlTransfer*>(self_pointer);
  self.tls_.forget_connection();
  self.proxy_.connection_begins();
  self.tls_begun_ = false;
  self.sockets_[self.opened_++ % self.sockets_.size()] = socket;  // NOLINT: the index is within
  return CURL_SOCKOPT_OK;
}

/// libcurl repeats a request when a kept connection turns out to be closed. The authority may have issued for
/// the first one; HttpClient, which counts attempts, decides about a repetition.
int CurlTransfer::on_sending(void* self_pointer, char* /*their_address*/, char* /*our_address*/,
                             int /*their_port*/, int /*our_port*/) noexcept {
  auto& self = *static_cast<CurlTransfer*>(self_pointer);
  self.repeated_ = self.once_only_ && self.unanswered_;
  self.sent_ = self.unanswered_ = true;
  return self.repeated_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

void CurlTransfer::acknowledge() const noexcept {
  for (const NativeSocket socket : sockets_) {
    if (socket != CURL_SOCKET_BAD) acknowledge_at_once(socket);
  }
}

std::unique_ptr<curl_slist, CurlDeleter> CurlTransfer::prepare(const HttpRequest& request) {
  answer_.forget();
  timeout_text_.clear();
  error_text_.front() = '\0';
  current_connection_only_ = request.current_connection_only;
  once_only_ = request.body.has_value();
  sent_ = unanswered_ = repeated_ = false;
  std::unique_ptr<curl_slist, CurlDeleter> headers;
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) fail(Reason::internal_error, "libcurl: out of memory");
    static_cast<void>(headers.release());
    headers.reset(longer);
  };
  easy_.set(CURLOPT_URL, request.url.c_str());
  if (request.body) {
    easy_.set(CURLOPT_POST, 1L);
    easy_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    easy_.set(CURLOPT_POSTFIELDS, request.body->c_str());
    add("Content-Type: " + request.content_type);
    add("Content-Transfer-Encoding: base64");  // required by RFC 7030, ignored by RFC 8951
    add("Expect:");                            // header and body leave in one write
  } else {
    easy_.set(CURLOPT_HTTPGET, 1L);
  }
  add("Accept: */*");
  easy_.set(CURLOPT_HTTPHEADER, headers.get());
  return headers;
}

HttpResponse CurlTransfer::perform(const HttpRequest& request, Clock::time_point deadline) {
  for (;;) {
    const CURLcode code = transfer(request, deadline);
    if (code == CURLE_OK) {
      proxy_.way_works();
      return answer_.take();
    }
    if (request.status_alone && answer_.too_large() && answer_.headers_ended()) {
      proxy_.way_works();
      HttpResponse response = answer_.take();
      response.closes = true;  // in the middle of the page, by libcurl
      return response;
    }
    const bool asked_by_proxy = easy_.info(CURLINFO_HTTP_CONNECTCODE, 0L) == proxy_authentication_required;
    if (!asked_by_proxy || !proxy_.try_weaker()) fail_transfer(code);
  }
}

CURLcode CurlTransfer::transfer(const HttpRequest& request, Clock::time_point deadline) {
  const auto headers = prepare(request);
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK)
    fail(Reason::internal_error, "libcurl: cannot start a transfer");
  struct Removal {  // releases the handle in every case; closes an unfinished connection
    CurlTransfer& transfer;
    ~Removal() {
      curl_multi_remove_handle(transfer.multi_.get(), transfer.easy_.get());
      curl_easy_setopt(transfer.easy_.get(), CURLOPT_HTTPHEADER, nullptr);
      curl_easy_setopt(transfer.easy_.get(), CURLOPT_POSTFIELDS, nullptr);
    }
  } const removal{*this};
  const CURLcode code = run(deadline);
  if (code != CURLE_OK || answer_.headers_ended()) return code;
  constexpr std::string_view why = "the connection was closed within the headers";
  *std::copy(why.begin(), why.end(), error_text_.begin()) = '\0';
  return CURLE_PARTIAL_FILE;
}

CURLcode CurlTransfer::run(Clock::time_point deadline) {
  using std::chrono::milliseconds;
  const std::stop_callback wake(options_.stop, [this] { curl_multi_wakeup(multi_.get()); });
  const auto connect_deadline = Clock::now() + options_.connect_timeout;
  for (;;) {
    int running = 0;
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK)
      fail(Reason::internal_error, "libcurl: the transfer broke off");
    if (const auto code = finished()) return *code;
    if (options_.stop.stop_requested())
      fail(Reason::interrupted, origin_.to_string() + ": the exchange was abandoned");
    // The token's signature does not count as connecting: only the time before it does.
    const bool connecting = !tls_.status().server_verified;
    const auto until = connecting ? std::min(deadline, connect_deadline) : deadline;
    const auto now = Clock::now();
    if (now >= until) {
      timeout_text_ = connecting ? "no TLS connection within " + seconds_text(options_.connect_timeout)
                                 : "no complete answer within " + seconds_text(options_.request_timeout);
      return CURLE_OPERATION_TIMEDOUT;
    }
    const auto wait = std::chrono::ceil<milliseconds>(until - now);
    curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
    acknowledge();
  }
}

std::optional<CURLcode> CurlTransfer::finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  return std::nullopt;
}

/// libcurl keeps the header of a proxy's answer to CONNECT and drops the body.
std::string CurlTransfer::words_of_proxy() const {
  std::string words;
  if (const std::string& phrase = answer_.connect_phrase(); !phrase.empty()) words = ", \"" + phrase + "\"";
  for (const auto& location : answer_.fields("Location", CURLH_CONNECT))
    words += ", and points to " + printable(location, 300);
  return words;
}

void CurlTransfer::tell_of_password_in_clear() const {
  if (!options_.notice || !proxy_.wants_password_in_clear()) return;
  options_.notice("proxy_password_in_clear", "The proxy " + proxy_.endpoint() +
                                                 " takes a password in clear only (" +
                                                 (proxy_.tunnels() ? "Basic" : "SOCKS") + ").");
}

void CurlTransfer::fail_transfer(CURLcode code) {
  if (answer_.too_large()) {
    tls_.forget_connection();
    fail(Reason::authority_response_too_large,
         origin_.to_string() + ": the answer is larger than 1 MiB (its headers: 256 KiB)");
  }
  TransferEnd end;
  end.code = code;
  end.text = !timeout_text_.empty()        ? timeout_text_
             : error_text_.front() != '\0' ? error_text_.data()
                                           : curl_easy_strerror(code);
  end.proxy = proxy_.endpoint();
  end.proxy_address = proxy_.address();
  end.proxy_setting = proxy_.setting();
  end.os_error = easy_.info(CURLINFO_OS_ERRNO, 0L);
  end.proxy_words = words_of_proxy();
  end.way_words = proxy_.way_words();
  end.at_connect = proxy_.tunnels() && opened_ > 0 && !tls_begun_;
  end.server = origin_.to_string();
  end.new_connection = easy_.info(CURLINFO_NUM_CONNECTS, 0L) > 0;
  end.proxy_code = static_cast<CURLproxycode>(easy_.info(CURLINFO_PROXY_ERROR, 0L));
  end.connect_status = easy_.info(CURLINFO_HTTP_CONNECTCODE, 0L);
  end.proxy_login = proxy_.login_words(answer_.fields("Proxy-Authenticate", CURLH_CONNECT));
  end.answer_began = answer_.began();
  end.status = easy_.info(CURLINFO_RESPONSE_CODE, 0L);
  end.encoding = answer_.encoding();
  end.answer_length = answer_.declared_length();
  end.answer_bytes = answer_.arrived();
  end.posted = once_only_;
  end.sent = sent_;
  end.repeated = repeated_;
  if (current_connection_only_ && code == CURLE_ABORTED_BY_CALLBACK) end.code = CURLE_SEND_ERROR;
  const TlsStatus tls = tls_.status();
  const TlsStatus proxy_tls = proxy_.tls() != nullptr ? *proxy_.tls() : TlsStatus{};
  tls_.forget_connection();
  const auto told = [&](TransferError error) {
    if (error.failure().reason == Reason::proxy_authentication_failed) tell_of_password_in_clear();
    return error;
  };
  throw told(classify_transfer(end, tls, proxy_.tls() != nullptr ? &proxy_tls : nullptr));
}

}  // namespace koshin::enrollment
