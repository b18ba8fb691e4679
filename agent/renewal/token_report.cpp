// SPDX-License-Identifier: MIT
// Reports about tokens and certificates.
#include "renewal/token_report.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "foundation/failure.hpp"
#include "foundation/text.hpp"
#include "pkcs11/credentials.hpp"
#include "pkcs11/parsed_x509.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/uri.hpp"
#include "renewal/marks.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;

struct Reported {
  CertificateReport report;
  enrollment::Certificate certificate;
};

/// The same key certified twice ("renew") is in one group only, and belongs to both certificates.
void share_keys(std::vector<Reported>& all) {
  for (Reported& one : all) {
    for (const Reported& other : all) {
      if (other.certificate.public_key_der() != one.certificate.public_key_der()) continue;
      if (other.report.has_private_key == true) one.report.has_private_key = true;
      if (other.report.has_public_key) one.report.has_public_key = true;
    }
  }
}

/// A later certificate for the same subject, with a key as far as can be told, takes the place of an earlier
/// one.
void mark_superseded(std::vector<Reported>& all) {
  for (Reported& one : all) {
    one.report.superseded = std::any_of(all.begin(), all.end(), [&](const Reported& other) {
      return other.certificate.subject_der() == one.certificate.subject_der() &&
             other.report.not_after > one.report.not_after && other.report.has_private_key != false;
    });
  }
}

void report_lone_keys(messages::TokenReport& report, const pkcs11::Credential& credential) {
  for (const auto* key : {&credential.private_key, &credential.public_key}) {
    if (!*key) continue;
    const pkcs11::TokenObject& object = **key;
    // An EC private key does not tell its public key; the public key object beside it does.
    const auto& spki = object.public_key.empty() && credential.public_key ? credential.public_key->public_key
                                                                          : object.public_key;
    report.keys_without_certificate.push_back({to_hex(object.id), printable(object.label, 200),
                                               key_algorithm_of(spki),
                                               object.object_class == pkcs11::ObjectClass::private_key,
                                               is_marked(object.id), day_of_label(object.label)});
  }
}

}  // namespace

std::string key_algorithm_of(pkcs11::ByteView public_key) {
  const pkcs11::EvpPkey key = pkcs11::parse_public_key(public_key);
  if (!key) return "unknown";
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return "rsa-" + std::to_string(EVP_PKEY_get_bits(key.get()));
  std::array<char, 64> group{};
  if (EVP_PKEY_is_a(key.get(), "EC") == 1 &&
      EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr) == 1) {
    const std::string_view name = group.data();
    if (name == SN_X9_62_prime256v1) return "ec-p256";
    if (name == SN_secp384r1) return "ec-p384";
    return group.data();
  }
  const char* name = EVP_PKEY_get0_type_name(key.get());
  return name == nullptr ? "unknown" : name;
}

messages::TokenReport report_token(const std::string& module, const pkcs11::TokenInfo& info) {
  messages::TokenReport report;
  report.module = module;
  report.uri = pkcs11::uri_of(info).to_string();
  report.label = printable(info.label, 200);
  report.manufacturer = info.identity.manufacturer;
  report.model = info.identity.model;
  report.serial = info.identity.serial;
  report.slot_description = printable(info.slot_description, 200);
  report.initialized = info.initialized;
  report.write_protected = info.write_protected;
  report.login_required = info.login_required;
  report.protected_path = info.pin.protected_path;
  report.pin_set = info.pin.initialized;
  report.pin_count_low = info.pin.count_low;
  report.pin_final_try = info.pin.final_try;
  report.pin_locked = info.pin.locked;
  report.pin_min = info.pin.min_length;
  report.pin_max = info.pin.max_length;
  report.free_memory = info.free_private_memory ? info.free_private_memory : info.free_public_memory;
  return report;
}

CertificateReport report_certificate(const enrollment::Certificate& certificate, pkcs11::ByteView id,
                                     const std::string& label) {
  CertificateReport report;
  report.sha256 = certificate.sha256();
  report.key_id = to_hex(id);
  report.label = printable(label, 200);
  report.subject = certificate.subject();
  report.issuer = certificate.issuer();
  report.serial = certificate.serial();
  report.organization = certificate.organization();
  report.organizational_unit = certificate.organizational_unit();
  report.common_name = certificate.common_name();
  report.not_before = certificate.not_before();
  report.not_after = certificate.not_after();
  report.key_algorithm = certificate.key_algorithm();
  report.for_client_authentication = certificate.for_client_authentication();
  return report;
}

void report_objects(messages::TokenReport& report, const std::vector<pkcs11::TokenObject>& objects,
                    bool private_keys_visible) {
  std::vector<Reported> all;
  bool damaged = false;
  for (const pkcs11::Credential& credential : pkcs11::match_credentials(objects)) {
    if (!credential.certificate) {
      report_lone_keys(report, credential);
      continue;
    }
    try {
      auto certificate = enrollment::Certificate::from_der(credential.certificate->certificate);
      auto entry = report_certificate(certificate, credential.certificate->id, credential.certificate->label);
      entry.has_public_key = credential.public_key.has_value();
      if (credential.private_key || private_keys_visible)
        entry.has_private_key = credential.private_key.has_value();
      all.push_back({std::move(entry), std::move(certificate)});
    } catch (const FailureError&) {
      damaged = true;  // does not hide the others
    }
  }
  if (damaged && all.empty()) report.trouble = info(Reason::certificate_unreadable).id;
  share_keys(all);
  mark_superseded(all);
  for (Reported& one : all) report.certificates.push_back(std::move(one.report));
}

}  // namespace koshin::renewal
