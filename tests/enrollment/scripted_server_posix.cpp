// SPDX-License-Identifier: MIT
// The scripted server on OpenSSL's blocking sockets.
#include "scripted_server.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <mutex>
#include <stdexcept>

#include "enrollment/x509/openssl_handles.hpp"
#include "sockets.hpp"

namespace koshin::enrollment::test {

namespace {

using Client = ScriptedServer::Options::Client;
using SslContext = OpensslHandle<SSL_CTX, SSL_CTX_free>;
using SslConnection = OpensslHandle<SSL, SSL_free>;

int accept_any_client(int /*ok*/, X509_STORE_CTX* /*context*/) {
  return 1;
}
int refuse_any_client(int /*ok*/, X509_STORE_CTX* context) {
  X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_REVOKED);
  return 0;
}

SslContext make_context(const Certificate& certificate, EVP_PKEY* key,
                        const ScriptedServer::Options& options) {
  SslContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_set_security_level(context.get(), 0);  // it is for the client to refuse what is too weak
  if (SSL_CTX_use_certificate(context.get(), certificate.native()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key) != 1) {
    throw std::runtime_error("scripted server: " + openssl_errors());
  }
  if (options.tls_max != 0) SSL_CTX_set_max_proto_version(context.get(), options.tls_max);
  const int required = options.client == Client::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  if (options.client != Client::ignored && options.client != Client::later) {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | required,
                       options.client == Client::refused ? refuse_any_client : accept_any_client);
  }
  if (options.client_signatures != nullptr) {
    // Not through the macro, whose cast clang objects to.
    SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_CLIENT_SIGALGS_LIST, 0,
                 const_cast<char*>(options.client_signatures));
  }
  return context;
}

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

/// False at the end of the connection.
bool read_request(SSL* ssl, ScriptedServer::Request& request) {
  std::string data;
  std::array<char, 16384> buffer{};
  for (int records = 1;; ++records) {
    std::size_t size = 0;
    if (SSL_read_ex(ssl, buffer.data(), buffer.size(), &size) != 1) return false;
    data.append(buffer.data(), size);
    const auto end = data.find("\r\n\r\n");
    if (end == std::string::npos || data.size() < end + 4 + content_length(data.substr(0, end + 2))) continue;
    request.head = data.substr(0, end + 2);
    request.body = data.substr(end + 4);
    request.one_record = records == 1;
    return true;
  }
}

/// RFC 8446 section 4.6.2. What the client answers comes with the next records, which hold nothing else.
bool ask_for_certificate(SSL* ssl) {
  SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any_client);
  SSL_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
  if (SSL_verify_client_post_handshake(ssl) != 1 || SSL_do_handshake(ssl) != 1) return false;
  char nothing = 0;
  for (int records = 0; records < 10 && SSL_get0_peer_certificate(ssl) == nullptr; ++records) {
    std::size_t size = 0;
    SSL_read_ex(ssl, &nothing, 1, &size);
  }
  SSL_set_mode(ssl, SSL_MODE_AUTO_RETRY);
  return SSL_get0_peer_certificate(ssl) != nullptr;
}

std::vector<std::string> shown_by_client(const SSL* ssl) {
  std::vector<std::string> subjects;
  STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl);
  if (const X509* leaf = SSL_get0_peer_certificate(ssl); leaf != nullptr)
    subjects.push_back(Certificate::from_der(to_der(leaf, i2d_X509)).common_name());
  for (int i = 0; i < sk_X509_num(chain); ++i)
    subjects.push_back(Certificate::from_der(to_der(sk_X509_value(chain, i), i2d_X509)).common_name());
  return subjects;
}

/// Reads until the other side closes.
void drain(int descriptor) {
  std::array<char, 1024> buffer{};
  while (recv(descriptor, buffer.data(), buffer.size(), 0) > 0) {
  }
}
}  // namespace

struct ScriptedServer::Parts {
  Options options;
  Answer answer;
  SslContext context;
  mutable std::mutex mutex;
  std::vector<Request> requests;
  std::unique_ptr<LoopbackListener> listener;

  void serve(int descriptor, int number) {
    if (options.close_at_once) return;
    if (options.silent) {
      drain(descriptor);
      return;
    }
    const SslConnection ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), descriptor);
    if (SSL_accept(ssl.get()) == 1) {
      while (exchange(ssl.get(), number)) {
      }
      SSL_shutdown(ssl.get());
    } else {
      // As careful servers do: closing with unread bytes would reset the connection, and the alert could get
      // lost.
      shutdown(descriptor, SHUT_WR);
      drain(descriptor);
    }
    ERR_clear_error();
  }

  bool exchange(SSL* ssl, int number) {
    Request request;
    if (!read_request(ssl, request)) return false;
    request.connection = number;
    if (options.client == Client::later && SSL_get0_peer_certificate(ssl) == nullptr &&
        !ask_for_certificate(ssl))
      return false;
    request.shown = shown_by_client(ssl);
    {
      const std::lock_guard lock(mutex);
      requests.push_back(request);
    }
    const std::string text = answer(request);
    return !text.empty() && SSL_write(ssl, text.data(), static_cast<int>(text.size())) > 0 &&
           text.find("Connection: close") == std::string::npos;
  }
};

ScriptedServer::ScriptedServer(const Certificate& certificate, EVP_PKEY* key, Options options, Answer answer)
    : parts_(std::make_unique<Parts>()) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that the client has closed
  parts_->options = options;
  parts_->answer = std::move(answer);
  parts_->context = make_context(certificate, key, options);
  parts_->listener = std::make_unique<LoopbackListener>(
      [parts = parts_.get()](int descriptor, int number) { parts->serve(descriptor, number); });
}

ScriptedServer::~ScriptedServer() {
  parts_->listener->stop();
}

int ScriptedServer::port() const {
  return parts_->listener->port();
}
std::string ScriptedServer::url(const std::string& host) const {
  return "https://" + host + ":" + std::to_string(port());
}
int ScriptedServer::connections() const {
  return parts_->listener->connections();
}

std::vector<ScriptedServer::Request> ScriptedServer::requests() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->requests;
}

std::string answer(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Text\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + headers + "\r\n" + body;
}

}  // namespace koshin::enrollment::test
