// SPDX-License-Identifier: MIT
// The EST endpoints: from an HTTP request to a certificate, or to a sentence that says why not.
#include "bank/est_service.hpp"

#include <chrono>
#include <cstdlib>
#include <ctime>

#include "bank/base64.hpp"
#include "bank/client_check.hpp"
#include "bank/csr_attributes.hpp"
#include "bank/other_forms.hpp"

namespace koshin::bank {
namespace {

constexpr std::time_t default_validity_days = 365;

Response refusal(int status, const std::string& text) {
  Response response;
  response.status = status;
  response.body = text + "\n";
  return response;
}

Response unauthorized(const std::string& text, const std::string& challenge) {
  auto response = refusal(401, text);
  response.headers.emplace_back("WWW-Authenticate", challenge);
  return response;
}

/// What authorities say that certify a key once.
void refuse_repetition(const std::string& repeat_key) {
  if (repeat_key == "refused") throw Refusal(400, "Request rejected: UniqueKeyConstraint: Duplicate key");
  if (repeat_key == "forbidden") throw Refusal(403, "this key has a certificate already: make another one");
}

/// "LABEL" of "/.well-known/est/LABEL/simplereenroll"; empty without one.
std::string label_of(const std::string& path) {
  static const std::string base = "/.well-known/est/";
  const auto rest = path.substr(std::min(base.size(), path.size()));
  const auto slash = rest.find('/');
  return slash == std::string::npos ? std::string() : rest.substr(0, slash);
}

bool is_for_log_in(const std::string& profile) {
  return profile != "signature" && profile != "encryption";
}

/// The usages of a profile. Keys for encryption agree on secrets (EC) or encipher keys (RSA).
void apply_profile(const std::string& profile, const Bytes& public_key, CertificateOrder& certificate) {
  if (profile == "mail") {
    certificate.extended_usage = "clientAuth,emailProtection";
    certificate.usage = "critical,digitalSignature,keyAgreement";
  }
  if (is_for_log_in(profile)) return;
  certificate.extended_usage = "emailProtection";
  if (profile == "signature") {
    certificate.usage = "critical,digitalSignature,nonRepudiation";
    return;
  }
  const unsigned char* cursor = public_key.data();
  const Key key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(public_key.size())));
  const bool rsa = key && EVP_PKEY_is_a(key.get(), "RSA") == 1;
  certificate.usage = rsa ? "critical,keyEncipherment" : "critical,keyAgreement";
}

}  // namespace

EstService::EstService(Books books) : books_(books) {}

void EstService::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  stopped_.notify_all();
}

void EstService::delay(const Misbehaviour& misbehaviour) {
  const std::chrono::milliseconds pause(leading_number(misbehaviour.get("slow")));
  std::unique_lock lock(mutex_);
  stopped_.wait_for(lock, pause, [this] { return stopping_; });
}

Response EstService::handle(const std::string& operation, const Request& request, const Peer& peer) {
  books_.counters.add(operation);
  if (!request.header("authorization").empty()) books_.counters.add("credentials");
  const Misbehaviour misbehaviour(books_.switches, operation);
  delay(misbehaviour);
  if (auto instead = misbehaviour.instead_of_answering(request)) return *instead;
  const bool get = request.method == "GET";
  if (operation == "cacerts" && get) return ca_certificates(misbehaviour);
  if (operation == "csrattrs" && get) return request_attributes(misbehaviour);
  const bool enrolls = operation == "simpleenroll" || operation == "simplereenroll";
  if (!enrolls) return refusal(404, "no such EST operation");
  if (request.method != "POST") return refusal(405, "use POST");
  try {
    return enroll(operation, request, peer, misbehaviour);
  } catch (const Refusal& no) {
    return no.status() == 401 ? unauthorized(no.what(), HttpAuthentication::basic_challenge)
                              : refusal(no.status(), no.what());
  }
}

Response EstService::certificates_answer(const std::vector<X509*>& certificates,
                                         const Misbehaviour& misbehaviour) const {
  Response response;
  const auto form = misbehaviour.get("form");
  if (form.empty() || form == "0") {
    response.content_type = "application/pkcs7-mime; smime-type=certs-only";
    response.body = base64_encode(certs_only(certificates), !books_.switches.enabled("unwrapped_base64"));
  } else {
    response = in_other_form(form, certificates);
  }
  if (misbehaviour.take("created")) response.status = 201;
  // Nothing may follow this header, whatever it says (RFC 8951 section 3.1).
  response.headers.emplace_back("Content-Transfer-Encoding",
                                books_.switches.enabled("binary_cte") ? "binary" : "base64");
  return misbehaviour.spoil(std::move(response));
}

Response EstService::ca_certificates(const Misbehaviour& misbehaviour) const {
  const auto publish = books_.switches.get("publish");
  std::vector<X509*> published;
  if (publish != "issuing") published.push_back(books_.authority.root());
  if (publish != "root") published.push_back(books_.authority.issuing());
  return certificates_answer(published, misbehaviour);
}

Response EstService::request_attributes(const Misbehaviour& misbehaviour) const {
  const auto wanted = books_.switches.get("csrattrs");
  Response response;
  if (wanted.empty() || wanted == "none" || wanted == "204") {
    response.status = 204;
    response.content_type.clear();
    return response;
  }
  if (wanted == "404") return refusal(404, "no request attributes here");
  response.content_type = "application/csrattrs";
  static const std::string ends_with_nul = "nul,";
  const bool nul = wanted.rfind(ends_with_nul, 0) == 0;
  response.body = base64_encode(csr_attributes(nul ? wanted.substr(ends_with_nul.size()) : wanted), true);
  if (nul) response.body += '\0';
  return misbehaviour.spoil(std::move(response));
}

std::optional<Response> EstService::demand_credentials(const Request& http) {
  const auto digest = books_.switches.get("require_digest");
  if (!digest.empty() && !authentication_.digest_accepts(http, split_credentials(digest))) {
    return unauthorized("HTTP Digest credentials are needed here", authentication_.digest_challenge());
  }
  const auto basic = books_.switches.get("require_basic");
  if (basic.empty()) return std::nullopt;
  const auto expected = split_credentials(basic);
  const auto given = basic_credentials(http);
  if (given && given->user == expected.user && given->password == expected.password) return std::nullopt;
  return unauthorized("HTTP Basic credentials are needed here", HttpAuthentication::basic_challenge);
}

Response EstService::enroll(const std::string& operation, const Request& http, const Peer& peer,
                            const Misbehaviour& misbehaviour) {
  if (auto demand = demand_credentials(http)) return *demand;
  if (operation == "simplereenroll") require_client(peer, books_.authority, books_.ledger, books_.switches);
  if (http.header("content-type").rfind("application/pkcs10", 0) != 0) {
    return refusal(415, "the body must be application/pkcs10");
  }
  const auto der = base64_decode(http.body);
  if (!der) return refusal(400, "the body is not base64");
  auto request = open_request(*der);
  check_channel_binding(request, peer);
  if (operation == "simplereenroll")
    return certify(entitle_reenroll(std::move(request), label_of(http.path), peer), misbehaviour);
  return certify(entitle_enroll(std::move(request), http), misbehaviour);
}

void EstService::check_channel_binding(const SigningRequest& request, const Peer& peer) const {
  if (!request.challenge_password) {
    if (books_.switches.get("csrattrs").find("challenge") == std::string::npos) return;
    throw Refusal(400, "the request must carry the channel binding in its challengePassword");
  }
  if (*request.challenge_password != base64_encode(peer.channel_binding, false)) {
    throw Refusal(403, "the challengePassword is not the binding of this connection");
  }
  books_.counters.add("channel_binding_verified");
}

EstService::Order EstService::entitle_reenroll(SigningRequest request, const std::string& profile,
                                               const Peer& peer) {
  X509* old = peer.certificate.get();
  if (to_der(X509_get_subject_name(old), i2d_X509_NAME) != request.subject) {
    throw Refusal(403, "the subject differs from the certificate being renewed");
  }
  // The holder logs in to order certificates of other profiles, which have a mail address of their own.
  if (is_for_log_in(profile) && san_of(old) != request.san) {
    throw Refusal(403, "the subjectAltName differs from the certificate being renewed");
  }
  Order order;
  order.operation = "simplereenroll";
  order.entitlement = serial_of(old) + (is_for_log_in(profile) ? "" : " " + profile);
  order.profile = profile;
  order.subject = request.subject;
  order.request = std::move(request);
  return order;
}

EstService::Order EstService::entitle_enroll(SigningRequest request, const Request& http) {
  const auto credentials = basic_credentials(http);
  if (!credentials) throw Refusal(401, "a first certificate needs the user id and a one-time code");
  Order order;
  order.operation = "simpleenroll";
  order.entitlement = credentials->password;
  order.subject = request.subject;
  const bool known_user =
      books_.switches.get("require_basic") == credentials->user + ":" + credentials->password;
  if (!known_user) {
    const auto key = sha256_hex(request.public_key);
    const auto common_name = books_.codes.accept(credentials->user, credentials->password, key);
    if (!common_name)
      throw Refusal(401,
                    "the one-time code is wrong, used up or too old; ask your administrator for another");
    if (request.common_name != *common_name && request.common_name != user_id_of(*common_name)) {
      throw Refusal(403, "the one-time code is for another user");
    }
    books_.codes.bind(credentials->password, key);
    order.reissue_of = *common_name;
    // RFC 7030 section 4.2.1: the server may complete the subject; a user id alone becomes the registered
    // name.
    order.subject = make_name(organization, organizational_unit, *common_name);
  }
  order.request = std::move(request);
  return order;
}

Response EstService::certify(const Order& order, const Misbehaviour& misbehaviour) {
  if (misbehaviour.take("drop_before_issue")) return {.ending = Response::Ending::drop};
  // One key is certified once for one entitlement: a client whose answer got lost asks again and gets the
  // same one.
  const auto identity = sha256_hex(order.request.public_key) + " " + order.entitlement;
  const std::lock_guard lock(mutex_);
  const auto repeat = books_.switches.get("repeat_key");
  if (certified_.count(sha256_hex(order.request.public_key)) != 0) refuse_repetition(repeat);
  const auto known = issued_.find(identity);
  if (known == issued_.end() && misbehaviour.take("pending")) {
    auto response = refusal(202, "Your request waits for the approval of an officer of the bank.");
    const auto retry_after = misbehaviour.get("retry_after");
    response.headers.emplace_back("Retry-After", retry_after.empty() ? "1" : retry_after);
    return response;
  }
  const bool again = known != issued_.end() && repeat != "anew";
  const X509Ptr made = again ? nullptr : issue(order, identity, misbehaviour);
  return certificates_answer({made ? made.get() : known->second.get()}, misbehaviour);
}

X509Ptr EstService::issue(const Order& order, const std::string& identity, const Misbehaviour& misbehaviour) {
  const auto days = leading_number(books_.switches.get("validity_days"));
  const auto now = std::time(nullptr);
  CertificateOrder certificate;
  certificate.subject = order.subject;
  certificate.public_key = order.request.public_key;
  certificate.san = order.request.san;
  certificate.not_before = now - 60;
  certificate.not_after = now + (days > 0 ? days : default_validity_days) * day;
  apply_profile(order.profile, order.request.public_key, certificate);
  bool spoilt = misbehaviour.spoil(certificate);
  const bool impostor = misbehaviour.take("wrong_issuer");
  auto issued =
      impostor ? books_.authority.issue_by_impostor(certificate) : books_.authority.issue(certificate);
  books_.ledger.record(issued.get(), order.operation);
  books_.counters.add("issued");
  certified_.insert(sha256_hex(order.request.public_key));
  spoilt = spoilt || impostor;
  if (!spoilt) {
    X509_up_ref(issued.get());
    issued_[identity].reset(issued.get());
    if (!order.reissue_of.empty())
      books_.ledger.revoke_others(order.reissue_of, serial_of(issued.get()), "re-issued");
  }
  return issued;
}

}  // namespace koshin::bank
