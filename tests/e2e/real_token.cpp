// SPDX-License-Identifier: MIT
// Certificates and keys as a model says, good and bad.
#include "real_token.hpp"

#include <openssl/x509v3.h>

#include "foundation/base/clock.hpp"
#include "support/raw_objects.hpp"

namespace koshin::test {
namespace {

namespace pki = enrollment::test;
using messages::Purpose;

std::vector<std::pair<int, std::string>> usages_for(Purpose purpose, bool signs) {
  if (signs) return {{NID_key_usage, "critical,digitalSignature,nonRepudiation"}};
  switch (purpose) {
    case Purpose::signature:
      return {{NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, "emailProtection"}};
    case Purpose::encryption:
      return {{NID_key_usage, "critical,keyEncipherment"}, {NID_ext_key_usage, "emailProtection"}};
    case Purpose::authority:
      return {{NID_basic_constraints, "critical,CA:TRUE"}};
    case Purpose::unknown:
      return {{NID_key_usage, "critical,keyEncipherment"}, {NID_ext_key_usage, "clientAuth"}};
    default:
      return {{NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, "clientAuth"}};
  }
}

}  // namespace

TokenMaker::TokenMaker(TestBank& bank)
    : bank_(bank),
      other_(pki::Issuer::make_root("Corp VPN CA", current_time())),
      third_(pki::Issuer::make_root("Another CA", current_time())) {}

Bytes TokenMaker::issue(const GeneratedCertificate& from, const EVP_PKEY* key, std::size_t index) {
  if (from.purpose == Purpose::unreadable) return {0x30, 0x03, 0x02, 0x01, static_cast<std::uint8_t>(index)};
  if (from.purpose == Purpose::log_in && from.issuer == 0)
    return bank_.issue(pki::public_key(key), common_name_of(from.holder), from.ends, -from.begins);
  const pki::Issuer& issuer = from.issuer == 0 ? third_ : other_;
  pki::CertificateSpec spec;
  spec.subject = from.purpose == Purpose::placeholder ? issuer.certificate().subject_der()
                                                      : pki::user_name(common_name_of(from.holder));
  spec.public_key = pki::public_key(key);
  spec.extensions = usages_for(from.purpose, from.signs);
  spec.not_before = current_time() + std::chrono::days{from.begins};
  spec.not_after = current_time() + std::chrono::days{from.ends};
  return issuer.issue(spec).der();
}

RealToken TokenMaker::realize(const GeneratedToken& model, const std::string& label, SoftHsm& hsm) {
  RealToken token{model, label, {}};
  hsm.init_token(label);
  RawObjects objects(label, SoftHsm::default_pin);
  for (std::size_t i = 0; i < model.certificates.size(); ++i) {
    const auto& one = model.certificates[i];
    const auto key = pki::make_ec_key();
    const Bytes id{static_cast<std::uint8_t>(i + 1)};
    token.certificates.push_back(issue(one, key.get(), i));
    if (one.key_present) objects.add_private_key(key.get(), id);
    if (one.key_public) objects.add_public_key(key.get(), id);
    for (int copy = 0; copy < (one.twice ? 2 : 1); ++copy)
      objects.add_certificate(token.certificates[i], {id, "certificate", one.hidden});
  }
  for (int i = 0; i < model.lone_keys; ++i) {
    const auto key = pki::make_ec_key();
    const Bytes id{0x70, static_cast<std::uint8_t>(i)};
    objects.add_private_key(key.get(), id);
    objects.add_public_key(key.get(), id);
  }
  return token;
}

}  // namespace koshin::test
