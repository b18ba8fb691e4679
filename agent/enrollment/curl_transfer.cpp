// SPDX-License-Identifier: MIT
// One transfer with libcurl's multi interface, which can be woken when the job is to stop.
#include "enrollment/curl_transfer.hpp"

#include <algorithm>
#include <string_view>

#include "enrollment/curl_memory.hpp"
#include "enrollment/transfer_failure.hpp"
#include "foundation/secret_input.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t max_headers = std::size_t{256} * 1024;
constexpr long first_status_with_error_body = 300;

/// A C string for as long as libcurl needs to copy it.
SecureBuffer terminated(const SecureBuffer& secret) {
  SecureBuffer text(secret.size() + 1);
  for (const char c : secret.view()) text.push_back(c);
  text.push_back('\0');
  return text;
}

Origin checked_origin(const std::string& url) {
  auto origin = origin_of(url);
  if (!origin || origin->scheme != "https")
    fail(Reason::settings_invalid, "\"" + printable(url, 300) + "\" is no https:// URL");
  return *std::move(origin);
}

std::string seconds_text(std::chrono::milliseconds time) {
  return std::to_string((time.count() + 999) / 1000) + " s";
}

}  // namespace

template <typename T>
void CurlTransfer::set(CURLoption option, T value) {
  if (const CURLcode code = curl().easy_setopt(easy_.get(), option, value); code != CURLE_OK) {
    fail(Reason::internal_error,
         "libcurl option " + std::to_string(option) + ": " + curl().easy_strerror(code));
  }
}

CurlTransfer::CurlTransfer(const HttpOptions& options, TlsClient& tls)
    : options_(options),
      tls_(tls),
      origin_(checked_origin(options.url)),
      proxy_(choose_proxy(options.proxy)) {
  start_libcurl();
  multi_.reset(curl().multi_init());
  easy_.reset(curl().easy_init());
  if (!multi_ || !easy_) fail(Reason::internal_error, "libcurl: out of memory");
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a name server that does not answer must not hold the end of the job up
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_USERAGENT, "koshin");
  set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_SOCKOPTFUNCTION, &CurlTransfer::on_socket);
  set(CURLOPT_SOCKOPTDATA, this);
  curl().multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
  set_up_security();
  set_up_proxy();
  set_up_authentication();
}

CurlTransfer::~CurlTransfer() = default;

void CurlTransfer::set_up_security() {
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_SSL_CTX_FUNCTION, &CurlTransfer::on_ssl_context);
  set(CURLOPT_SSL_CTX_DATA, this);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  // TlsClient checks the name in every case. libcurl checks it once more, except where the authority may be
  // recognised by its role (RFC 7030 section 3.6.1), which libcurl does not know.
  set(CURLOPT_SSL_VERIFYHOST, tls_.explicit_anchors() ? 0L : 2L);
  // No trust store of libcurl's choosing: TlsClient brings its own, and loading the system's costs more than
  // a handshake.
  set<const char*>(CURLOPT_CAINFO, nullptr);
  set<const char*>(CURLOPT_CAPATH, nullptr);
  // Each connection is a full handshake: tls-unique then is the client's Finished, and the certificate is
  // shown each time.
  set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
}

void CurlTransfer::set_up_proxy() {
  set(CURLOPT_PROXY, proxy_.url.c_str());  // empty: none, and the environment is not looked at again
  set(CURLOPT_NOPROXY, proxy_.no_proxy.c_str());
  if (proxy_.url.empty()) return;
  set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  set(CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
  if (options_.proxy.user.empty()) return;
  set(CURLOPT_PROXYUSERNAME, options_.proxy.user.c_str());
  if (options_.proxy_password != nullptr) {
    set(CURLOPT_PROXYPASSWORD, terminated(*options_.proxy_password).view().data());
  } else if (!options_.proxy.password_file.empty()) {
    const SecureBuffer password = read_password_file(options_.proxy.password_file, "proxy.password_file");
    set(CURLOPT_PROXYPASSWORD, terminated(password).view().data());
  }
}

void CurlTransfer::set_up_authentication() {
  const HttpAuthentication& authentication = options_.authentication;
  if (authentication.scheme == HttpAuthentication::Scheme::none || authentication.password == nullptr) return;
  const bool digest = authentication.scheme == HttpAuthentication::Scheme::digest;
  set(CURLOPT_HTTPAUTH, static_cast<long>(digest ? CURLAUTH_DIGEST : CURLAUTH_BASIC));
  set(CURLOPT_USERNAME, authentication.user.c_str());
  set(CURLOPT_PASSWORD, terminated(*authentication.password).view().data());
}

CURLcode CurlTransfer::on_ssl_context(CURL* /*easy*/, void* context, void* self_pointer) noexcept {
  auto& self = *static_cast<CurlTransfer*>(self_pointer);
  if (self.current_connection_only_) return CURLE_ABORTED_BY_CALLBACK;
  return self.tls_.configure(static_cast<SSL_CTX*>(context)) ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

int CurlTransfer::on_socket(void* self, curl_socket_t /*socket*/, curlsocktype /*purpose*/) noexcept {
  static_cast<CurlTransfer*>(self)->tls_.forget_connection();
  return CURL_SOCKOPT_OK;
}

std::size_t CurlTransfer::on_header(char* /*data*/, std::size_t size, std::size_t count,
                                    void* self) noexcept {
  Received& received = static_cast<CurlTransfer*>(self)->received_;
  received.header_bytes += size * count;
  received.too_large = received.header_bytes > max_headers;
  return received.too_large ? 0 : size * count;
}

std::size_t CurlTransfer::on_body(char* data, std::size_t size, std::size_t count,
                                  void* self_pointer) noexcept try {
  auto& self = *static_cast<CurlTransfer*>(self_pointer);
  Received& received = self.received_;
  const std::size_t bytes = size * count;
  received.body_bytes += bytes;
  received.too_large = received.body_bytes > max_response_body;
  if (received.too_large) return 0;
  long status = 0;
  curl().easy_getinfo(self.easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  const std::size_t limit = status >= first_status_with_error_body ? max_error_body : max_response_body;
  std::string& body = received.response.body;
  body.append(data, std::min(bytes, limit - std::min(limit, body.size())));
  return bytes;
} catch (const std::bad_alloc&) {
  return 0;
}

std::unique_ptr<curl_slist, CurlDeleter> CurlTransfer::prepare(const HttpRequest& request) {
  received_ = {};
  timeout_text_.clear();
  error_text_.front() = '\0';
  current_connection_only_ = request.current_connection_only;
  std::unique_ptr<curl_slist, CurlDeleter> headers;
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl().slist_append(headers.get(), line.c_str());
    if (longer == nullptr) fail(Reason::internal_error, "libcurl: out of memory");
    static_cast<void>(headers.release());
    headers.reset(longer);
  };
  set(CURLOPT_URL, request.url.c_str());
  if (request.body) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    set(CURLOPT_POSTFIELDS, request.body->c_str());
    add("Content-Type: " + request.content_type);
    add("Content-Transfer-Encoding: base64");  // RFC 7030 asks for it, RFC 8951 has it ignored
    add("Expect:");                            // header and body leave in one write
  } else {
    set(CURLOPT_HTTPGET, 1L);
  }
  add("Accept: */*");
  set(CURLOPT_HTTPHEADER, headers.get());
  return headers;
}

HttpResponse CurlTransfer::perform(const HttpRequest& request, Clock::time_point deadline) {
  const auto headers = prepare(request);
  if (curl().multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK)
    fail(Reason::internal_error, "libcurl: cannot start a transfer");
  struct Removal {  // whatever happens, the handle is free again afterwards; an unfinished connection is
                    // closed
    CurlTransfer& transfer;
    ~Removal() {
      curl().multi_remove_handle(transfer.multi_.get(), transfer.easy_.get());
      curl().easy_setopt(transfer.easy_.get(), CURLOPT_HTTPHEADER, nullptr);
      curl().easy_setopt(transfer.easy_.get(), CURLOPT_POSTFIELDS, nullptr);
    }
  } const removal{*this};
  const CURLcode code = run(deadline);
  if (code == CURLE_OK) return take_response();
  fail_transfer(code);
}

CURLcode CurlTransfer::run(Clock::time_point deadline) {
  using std::chrono::milliseconds;
  const std::stop_callback wake(options_.stop, [this] { curl().multi_wakeup(multi_.get()); });
  const auto connect_deadline = Clock::now() + options_.connect_timeout;
  for (;;) {
    int running = 0;
    if (curl().multi_perform(multi_.get(), &running) != CURLM_OK)
      fail(Reason::internal_error, "libcurl: the transfer broke off");
    if (const auto code = finished()) return *code;
    if (options_.stop.stop_requested())
      fail(Reason::interrupted, origin_.to_string() + ": the exchange was abandoned");
    // The signature of our own token is not the server's slowness: only the time before it counts as
    // connecting.
    const bool connecting = !tls_.status().server_verified;
    const auto until = connecting ? std::min(deadline, connect_deadline) : deadline;
    const auto now = Clock::now();
    if (now >= until) {
      timeout_text_ = connecting ? "no TLS connection within " + seconds_text(options_.connect_timeout)
                                 : "no complete answer within " + seconds_text(options_.request_timeout);
      return CURLE_OPERATION_TIMEDOUT;
    }
    const auto wait = std::chrono::ceil<milliseconds>(until - now);
    curl().multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
  }
}

std::optional<CURLcode> CurlTransfer::finished() {
  int left = 0;
  while (const CURLMsg* message = curl().multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  return std::nullopt;
}

std::string CurlTransfer::header(const char* name) const {
  curl_header* found = nullptr;
  if (curl().easy_header(easy_.get(), name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return {};
  return found->value;
}

HttpResponse CurlTransfer::take_response() {
  HttpResponse response = std::move(received_.response);
  curl().easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &response.status);
  const auto take = [&](const char* name, std::optional<std::string>& into) {
    if (std::string value = header(name); !value.empty()) into = std::move(value);
  };
  response.content_type = header("Content-Type");
  take("Retry-After", response.retry_after);
  take("Date", response.date);
  const char* location = nullptr;
  curl().easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &location);
  if (location != nullptr) response.location = location;
  return response;
}

void CurlTransfer::fail_transfer(CURLcode code) {
  if (received_.too_large) {
    tls_.forget_connection();
    fail(Reason::authority_response_too_large,
         origin_.to_string() + ": the answer is larger than 1 MiB (its headers: 256 KiB)");
  }
  TransferEnd end;
  end.code = code;
  end.text = !timeout_text_.empty()        ? timeout_text_
             : error_text_.front() != '\0' ? error_text_.data()
                                           : curl().easy_strerror(code);
  end.proxy = proxy_.endpoint;
  end.server = origin_.to_string();
  long proxy_code = CURLPX_OK, connections = 0;
  curl().easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connections);
  end.new_connection = connections > 0;
  curl().easy_getinfo(easy_.get(), CURLINFO_PROXY_ERROR, &proxy_code);
  curl().easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &end.connect_status);
  end.proxy_code = static_cast<CURLproxycode>(proxy_code);
  if (current_connection_only_ && code == CURLE_ABORTED_BY_CALLBACK) end.code = CURLE_SEND_ERROR;
  const TlsStatus tls = tls_.status();
  tls_.forget_connection();
  throw classify_transfer(end, tls);
}

}  // namespace koshin::enrollment
