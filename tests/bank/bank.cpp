// SPDX-License-Identifier: MIT
// Puts the parts of the bank together and sends each request to the one it is for.
#include "bank/bank.hpp"

#include <ctime>

#include "bank/ca.hpp"
#include "bank/desk.hpp"
#include "bank/est_service.hpp"
#include "bank/front_end.hpp"
#include "bank/https_server.hpp"
#include "bank/login_service.hpp"

namespace koshin::bank {
namespace {

/// "simpleenroll" of "/.well-known/est/simpleenroll" and of "/.well-known/est/LABEL/simpleenroll"; empty for
/// other paths.
std::string est_operation(const std::string& path) {
  static const std::string base = "/.well-known/est/";
  if (path.rfind(base, 0) != 0) return {};
  const auto rest = path.substr(base.size());
  const auto slash = rest.find('/');
  return slash == std::string::npos ? rest : rest.substr(slash + 1);
}

std::filesystem::path ledger_of(const std::filesystem::path& directory) {
  return directory / "ledger.jsonl";
}

/// The folder of an authority that has nothing to do with the bank but the certificate of its server.
std::filesystem::path web_authority(const std::filesystem::path& directory) {
  const auto folder = directory / "web";
  if (!std::filesystem::exists(folder / "anchors.pem")) CertificateAuthority::create(folder, "ec");
  return folder;
}

}  // namespace

Bytes issue_certificate(const std::filesystem::path& directory, ByteView spki, const IssueOptions& options) {
  const CertificateAuthority authority(directory);
  const auto now = std::time(nullptr);
  CertificateOrder order;
  order.subject = make_name(organization, organizational_unit, options.common_name);
  order.public_key.assign(spki.begin(), spki.end());
  if (!options.san.empty()) order.san = make_san(options.san);
  order.extended_usage = options.extended_usage;
  order.usage = options.usage;
  order.weak = options.weak;
  order.not_before = now + options.not_before_days * day;
  // The last second counts (RFC 5280, 4.1.2.5), so that whoever asks at once has a whole day less left, too.
  order.not_after = now + options.days * day - 1;
  const auto certificate = authority.issue(order);
  Ledger(ledger_of(directory)).record(certificate.get(), "desk");
  return to_der(certificate.get(), i2d_X509);
}

struct Bank::Parts {
  Parts(const std::filesystem::path& directory, const Options& options)
      : authority(directory), ledger(ledger_of(directory)) {
    for (const auto& [name, value] : options.switches) switches.set(name, value);
    auto tls = std::make_unique<TlsOptions>();
    if (switches.enabled("web_server"))
      web = std::make_unique<CertificateAuthority>(web_authority(directory));
    const CertificateAuthority& server = web ? *web : authority;
    tls->credential =
        server.make_server(options.key_type, switches.get("server_name"), switches.enabled("server_expired"),
                           switches.enabled("server_cmc_ra"));
    if (!switches.enabled("lone_server")) tls->intermediate = server.issuing();
    tls->ask_for_certificate = !switches.enabled("never_asks");
    tls->max_version = options.tls_max;
    tls->root_only = [this] { return switches.enabled("root_only"); };
    customers = std::make_unique<HttpServer>(
        HttpServer::Options{options.port, std::move(tls), [this] { return switches.take("drop_handshake"); }},
        [this](const Request& request, const Peer& peer) { return serve_customer(request, peer); });
    if (options.customers_only) return;
    control = std::make_unique<HttpServer>(
        HttpServer::Options{options.control_port, nullptr, nullptr},
        [this](const Request& request, const Peer&) { return desk.handle(request); });
    behind_front = std::make_unique<HttpServer>(
        HttpServer::Options{0, nullptr, nullptr},
        [this](const Request& request, const Peer&) { return serve_front(request); });
  }
  ~Parts() { est.stop(); }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  /// What concerns the connection, whatever the answer is.
  Response serve_customer(const Request& request, const Peer& peer) {
    auto response = answer_customer(request, peer);
    response.closes = switches.enabled("closes");
    response.in_two_writes = switches.enabled("two_writes");
    return response;
  }

  /// Behind a front end that ends TLS and hands the client's certificate on.
  Response serve_front(const Request& request) {
    Peer peer;
    peer.certificate = certificate_of_front(request);
    return serve_customer(request, peer);
  }

  Response answer_customer(const Request& request, const Peer& peer) {
    const auto operation = est_operation(request.path);
    if (!operation.empty()) return est.handle(operation, request, peer);
    if (request.path == "/login") {
      auto response = logins.handle(request, peer);
      const bool logs_in = peer.certificate != nullptr;
      if (logs_in && switches.take("login.drop_after_issue")) response.ending = Response::Ending::drop;
      return response;
    }
    if (request.path == "/") return {.status = 303, .headers = {{"Location", "/login"}}};
    return {.status = 404, .body = "nothing here\n"};
  }

  CertificateAuthority authority;
  std::unique_ptr<CertificateAuthority> web;  ///< of the TLS server, where it is not the bank itself
  Ledger ledger;
  ReissueCodes codes;
  Switches switches;
  Counters counters;
  Books books{authority, ledger, codes, switches, counters};
  EstService est{books};
  LoginService logins{books};
  Desk desk{books, logins};
  std::unique_ptr<HttpServer> customers, control, behind_front;
};

Bank::Bank(const std::filesystem::path& directory, const Options& options)
    : parts_(std::make_unique<Parts>(directory, options)) {}
Bank::~Bank() = default;

std::string Bank::url() const {
  return "https://localhost:" + std::to_string(parts_->customers->port());
}
std::string Bank::control_url() const {
  return "http://127.0.0.1:" + std::to_string(parts_->control->port());
}
unsigned short Bank::front_port() const {
  return parts_->behind_front->port();
}
void Bank::set(const std::string& name, const std::string& value) {
  parts_->switches.set(name, value);
}
std::string Bank::reissue_code(const std::string& common_name) {
  return parts_->desk.reissue_code(common_name);
}
std::size_t Bank::issued() const {
  return parts_->counters.get("issued");
}
std::vector<std::string> Bank::logged_in() const {
  std::vector<std::string> serials;
  for (const auto& login : parts_->logins.logins()) serials.push_back(login.serial);
  return serials;
}

std::size_t Bank::logins() const {
  return parts_->logins.logins().size();
}
std::size_t Bank::requests(const std::string& operation) const {
  return parts_->counters.get(operation);
}

}  // namespace koshin::bank
