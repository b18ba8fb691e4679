// SPDX-License-Identifier: MIT
// EST (RFC 7030, RFC 8951): cacerts, csrattrs, simpleenroll, simplereenroll, with all the ways to go wrong.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bank/books.hpp"
#include "bank/http_authentication.hpp"
#include "bank/http_types.hpp"
#include "bank/misbehaviour.hpp"
#include "bank/request_check.hpp"

namespace koshin::bank {

/// Thread-safe. References outlive it.
class EstService {
 public:
  explicit EstService(Books books);
  /// `operation` is the last part of the path.
  Response handle(const std::string& operation, const Request& request, const Peer& peer);
  /// Ends every wait that a switch asked for.
  void stop();

 private:
  /// A request that is entitled to a certificate.
  struct Order {
    SigningRequest request;
    std::string operation;
    std::string
        entitlement;  ///< the old certificate's serial number, the code, or the user: part of its identity
    std::string
        reissue_of;       ///< CN whose other certificates are revoked when this one is issued; may be empty
    Bytes subject;        ///< what goes into the certificate
    std::string profile;  ///< EST label: "signature", "encryption", or anything else for logging in
  };

  void delay(const Misbehaviour& misbehaviour);
  Response ca_certificates(const Misbehaviour& misbehaviour) const;
  Response request_attributes(const Misbehaviour& misbehaviour) const;
  Response enroll(const std::string& operation, const Request& http, const Peer& peer,
                  const Misbehaviour& misbehaviour);
  /// The refusal when HTTP credentials are asked for by a switch and did not come.
  std::optional<Response> demand_credentials(const Request& http);
  void check_channel_binding(const SigningRequest& request, const Peer& peer) const;
  Order entitle_reenroll(SigningRequest request, const std::string& profile, const Peer& peer);
  Order entitle_enroll(SigningRequest request, const Request& http);
  Response certify(const Order& order, const Misbehaviour& misbehaviour);
  X509Ptr issue(const Order& order, const std::string& identity, const Misbehaviour& misbehaviour);
  Response certificates_answer(const std::vector<X509*>& certificates,
                               const Misbehaviour& misbehaviour) const;

  Books books_;
  HttpAuthentication authentication_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::set<std::string> certified_;        ///< digests of the keys that have a certificate
  std::map<std::string, X509Ptr> issued_;  ///< identity of a request → the certificate it was given
};

}  // namespace koshin::bank
