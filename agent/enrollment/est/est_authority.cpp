// SPDX-License-Identifier: MIT
#include "enrollment/est/est_authority.hpp"

#include "enrollment/x509/certificate_request.hpp"
#include "enrollment/x509/request_reader.hpp"

namespace koshin::enrollment {

const Wishes& EstAuthority::wishes() {
  if (wishes_) return *wishes_;
  const RequestAttributes& wanted = client_.request_attributes();
  wishes_ = Wishes{
      .key_algorithms = wanted.key_algorithms, .digest = wanted.digest, .others = {}, .told = wanted.told};
  if (wanted.challenge_password) wishes_->others.emplace_back("challengePassword");
  return *wishes_;
}

Exchange EstAuthority::prepare(const Enrollment& what, EVP_PKEY* key) {
  RequestContent content{.subject_der = what.subject_der,
                         .san_der = what.san_der,
                         .public_key_der = what.public_key_der,
                         .challenge_password = client_.channel_binding(),
                         .digest = what.digest,
                         .san_critical = what.san_critical};
  return {.renewal = what.renewal, .request = make_certificate_request(content, key), .state = {}};
}

bool EstAuthority::still_good(const Exchange& exchange) {
  return read_request(exchange.request).challenge_password == client_.channel_binding();
}

Outcome EstAuthority::submit(Exchange& exchange) {
  return client_.submit(exchange.renewal ? Operation::reenroll : Operation::enroll, exchange.request);
}

}  // namespace koshin::enrollment
