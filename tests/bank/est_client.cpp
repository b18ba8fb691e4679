// SPDX-License-Identifier: MIT
// BIO, TLS and as much HTTP as a test of one's own server needs.
#include "bank/est_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <csignal>
#include <cstring>
#include <regex>
#include <stdexcept>

#include "bank/base64.hpp"
#include "bank/ca.hpp"

namespace koshin::bank {

struct EstClient::Connection {
  std::unique_ptr<SSL_CTX, Releaser<SSL_CTX_free>> context;
  BioPtr bio;
  SSL* ssl = nullptr;
  std::string host;
  Bytes binding;
};

namespace {

Bytes binding_of(SSL* ssl) {
  Bytes binding(32);
  if (SSL_version(ssl) == TLS1_3_VERSION) {
    static constexpr char label[] = "EXPORTER-Channel-Binding";
    check(SSL_export_keying_material(ssl, binding.data(), 32, label, std::strlen(label), nullptr, 0, 1) == 1,
          "export");
    return binding;
  }
  binding.resize(64);
  binding.resize(SSL_get_finished(ssl, binding.data(), binding.size()));
  return binding;
}

/// Reads until `wanted` bytes are there or the connection ends; false in the latter case.
bool read_until(BIO* bio, std::string& data, std::size_t wanted) {
  std::array<char, 16384> chunk{};
  while (data.size() < wanted) {
    const int count = BIO_read(bio, chunk.data(), static_cast<int>(chunk.size()));
    if (count <= 0) return false;
    data.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

EstClient::EstClient(const std::string& url, const std::filesystem::path& anchors, const Options& options)
    : connection_(std::make_unique<Connection>()) {
  ::signal(SIGPIPE, SIG_IGN);  // a server that hangs up is an answer like any other here
  auto& c = *connection_;
  c.host = url.substr(std::strlen("https://"));
  c.context.reset(SSL_CTX_new(TLS_client_method()));
  check(SSL_CTX_load_verify_file(c.context.get(), anchors.c_str()) == 1, "load anchors");
  SSL_CTX_set_verify(c.context.get(), SSL_VERIFY_PEER, nullptr);
  if (options.tls_max == "1.2") SSL_CTX_set_max_proto_version(c.context.get(), TLS1_2_VERSION);
  if (options.certificate != nullptr) {
    check(SSL_CTX_use_certificate(c.context.get(), options.certificate) == 1, "use certificate");
    check(SSL_CTX_use_PrivateKey(c.context.get(), options.key) == 1, "use key");
  }
  c.bio.reset(BIO_new_ssl_connect(c.context.get()));
  BIO_get_ssl(c.bio.get(), &c.ssl);
  check(SSL_set1_host(c.ssl, "localhost") == 1, "set host");
  BIO_set_conn_hostname(c.bio.get(), c.host.data());
  check(BIO_do_handshake(c.bio.get()) == 1, "connect");
  c.binding = binding_of(c.ssl);
}

EstClient::~EstClient() = default;

const Bytes& EstClient::channel_binding() const {
  return connection_->binding;
}

Answer EstClient::send(const std::string& method, const std::string& path, const std::string& body,
                       const std::vector<std::pair<std::string, std::string>>& headers) {
  auto& c = *connection_;
  std::string wire = method + " " + path + " HTTP/1.1\r\nHost: " + c.host + "\r\n";
  for (const auto& [name, value] : headers) wire.append(name).append(": ").append(value).append("\r\n");
  if (method == "POST") wire += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  wire += "\r\n" + body;
  check(BIO_write(c.bio.get(), wire.data(), static_cast<int>(wire.size())) == static_cast<int>(wire.size()),
        "send");
  Answer answer;
  answer.channel_binding = c.binding;
  std::string data;
  while (data.find("\r\n\r\n") == std::string::npos) {
    if (!read_until(c.bio.get(), data, data.size() + 1)) return ERR_clear_error(), answer;
  }
  const auto end = data.find("\r\n\r\n") + 4;
  answer.headers = data.substr(0, end);
  answer.status = std::stoi(answer.headers.substr(std::strlen("HTTP/1.1 ")));
  const auto length = answer.header("Content-Length");
  answer.body = data.substr(end);
  answer.whole = read_until(c.bio.get(), answer.body, length.empty() ? 0 : std::stoul(length));
  ERR_clear_error();
  return answer;
}

std::string Answer::header(const std::string& name) const {
  std::smatch found;
  return std::regex_search(headers, found, std::regex(name + ": *([^\r]*)\r", std::regex::icase))
             ? found[1].str()
             : "";
}

std::string make_request(EVP_PKEY* key, const Bytes& subject, const RequestOptions& options) {
  const X509ReqPtr request(X509_REQ_new());
  const unsigned char* cursor = subject.data();
  const X509NamePtr name(d2i_X509_NAME(nullptr, &cursor, static_cast<long>(subject.size())));
  check(X509_REQ_set_subject_name(request.get(), name.get()) == 1 &&
            X509_REQ_set_pubkey(request.get(), key) == 1,
        "fill request");
  if (!options.san.empty()) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, nullptr, nullptr, request.get(), nullptr, 0);
    STACK_OF(X509_EXTENSION)* extensions = sk_X509_EXTENSION_new_null();
    sk_X509_EXTENSION_push(extensions,
                           X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, options.san.c_str()));
    check(X509_REQ_add_extensions(request.get(), extensions) == 1, "ask for extensions");
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  }
  if (options.challenge_password) {
    check(
        X509_REQ_add1_attr_by_NID(request.get(), NID_pkcs9_challengePassword, MBSTRING_ASC,
                                  reinterpret_cast<const unsigned char*>(options.challenge_password->data()),
                                  static_cast<int>(options.challenge_password->size())) == 1,
        "add challengePassword");
  }
  check(X509_REQ_sign(request.get(), options.signed_by != nullptr ? options.signed_by : key,
                      options.digest != nullptr ? options.digest : EVP_sha256()) > 0,
        "sign request");
  return base64_encode(to_der(request.get(), i2d_X509_REQ), true);
}

X509Ptr certificate_of(const Answer& answer) {
  const auto der = base64_decode(answer.body);
  if (!der) throw std::runtime_error("the answer is not base64: " + answer.body);
  const unsigned char* cursor = der->data();
  const Pkcs7Ptr bundle(d2i_PKCS7(nullptr, &cursor, static_cast<long>(der->size())));
  if (!bundle || PKCS7_type_is_signed(bundle.get()) == 0 || sk_X509_num(bundle->d.sign->cert) != 1) {
    throw std::runtime_error("the answer is not PKCS#7 with one certificate");
  }
  return X509Ptr(X509_dup(sk_X509_value(bundle->d.sign->cert, 0)));
}

}  // namespace koshin::bank
