// SPDX-License-Identifier: MIT
// Reports of tokens and certificates.
#include "renewal/token/token_report.hpp"

#include <algorithm>

#include "enrollment/x509/security_level.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/credentials.hpp"
#include "pkcs11/parsed_x509.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/uri.hpp"
#include "renewal/token/certificate_purpose.hpp"
#include "renewal/token/marks.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::has_key;
using messages::KeyState;

struct Reported {
  CertificateReport report;
  pkcs11::Bytes public_key;  ///< empty for what cannot be parsed
};

bool surer(KeyState one, KeyState other) {
  return other != one && !has_key(other) && (has_key(one) || other == KeyState::missing);
}

/// A certificate that is stored twice is reported once, by the copy that has the key. Certificates without
/// visible content are never considered equal.
void merge(std::vector<Reported>& all, Reported added) {
  const auto same = std::find_if(all.begin(), all.end(), [&](const Reported& one) {
    return !added.report.sha256.empty() && one.report.sha256 == added.report.sha256;
  });
  if (same == all.end()) {
    all.push_back(std::move(added));
    return;
  }
  const bool has_public_key = same->report.has_public_key || added.report.has_public_key;
  const bool is_private = same->report.is_private && added.report.is_private;
  if (surer(added.report.key_state, same->report.key_state)) *same = std::move(added);
  same->report.has_public_key = has_public_key;
  same->report.is_private = is_private;
}

/// A key that was certified twice (renewal.key = "renew") belongs to both certificates.
void share_keys(std::vector<Reported>& all) {
  for (Reported& one : all) {
    for (const Reported& other : all) {
      if (&one == &other || one.public_key.empty() || other.public_key != one.public_key) continue;
      if (has_key(one.report.key_state) || has_key(other.report.key_state))
        one.report.key_state = KeyState::shared;
      if (other.report.has_public_key) one.report.has_public_key = true;
    }
  }
}

KeyState state_of_key(const pkcs11::Credential& credential, const Seen& seen) {
  if (credential.private_key) return KeyState::present;
  if (!seen.private_objects || (credential.key_uncertain && !seen.blind_keys_resolved))
    return KeyState::unknown;
  return KeyState::missing;
}

/// Shortens a certificate's text to the limit of messages.
std::string bounded(std::string text) {
  constexpr std::size_t longest = 1000;
  if (text.size() > longest) text.resize(longest);
  return text;
}

/// The report of an unreadable certificate has nothing but its identifiers; without visible content it has no
/// fingerprint either.
CertificateReport report_unreadable(const pkcs11::TokenObject& object) {
  CertificateReport report;
  if (!object.certificate.empty()) report.sha256 = enrollment::sha256_of(object.certificate);
  report.key_id = to_hex(object.id);
  report.label = printable(object.label, 200);
  report.purpose = messages::Purpose::unreadable;
  return report;
}

Reported report_one(const pkcs11::Credential& credential) {
  const pkcs11::TokenObject& object = *credential.certificate;
  try {
    const auto certificate = enrollment::Certificate::from_der(object.certificate);
    const bool beside_key = credential.private_key || credential.public_key;
    Reported one{report_certificate(certificate, object.id, object.label), certificate.public_key_der()};
    one.report.purpose = purpose_of(certificate, beside_key);
    if (one.report.purpose == messages::Purpose::log_in)
      one.report.weakness = bounded(enrollment::weakness_of(certificate));
    return one;
  } catch (const FailureError& error) {
    log::debug("a certificate on the token cannot be read", {{"KOSHIN_DETAIL", error.failure().detail}});
    return {report_unreadable(object), {}};
  }
}

void report_lone_keys(messages::TokenReport& report, const pkcs11::Credential& credential) {
  for (const auto* key : {&credential.private_key, &credential.public_key}) {
    if (!*key) continue;
    const pkcs11::TokenObject& object = **key;
    // An EC private key does not reveal its public key; the public key object does.
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
  return pkcs11::key_type_name(pkcs11::parse_public_key(public_key).get());
}

messages::TokenReport report_token(const std::string& module, const pkcs11::TokenInfo& info,
                                   const TokenProfile& profile) {
  const PinLengths pin = profile.pin_lengths({info.pin.min_length, info.pin.max_length});
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
  report.pin_to_be_changed = info.pin.to_be_changed;
  report.pin_min = pin.shortest;
  report.pin_max = pin.longest;
  report.free_memory = info.free_private_memory ? info.free_private_memory : info.free_public_memory;
  return report;
}

Certificates authorities_among(const std::vector<pkcs11::TokenObject>& objects) {
  Certificates found;
  for (const pkcs11::TokenObject& object : objects) {
    if (object.object_class != pkcs11::ObjectClass::certificate) continue;
    try {
      auto certificate = enrollment::Certificate::from_der(object.certificate);
      if (purpose_of(certificate, false) == messages::Purpose::authority)
        found.push_back(std::move(certificate));
    } catch (const FailureError&) {  // reported as unreadable
      continue;
    }
  }
  return found;
}

CertificateReport report_certificate(const enrollment::Certificate& certificate, pkcs11::ByteView id,
                                     const std::string& label) {
  CertificateReport report;
  report.sha256 = certificate.sha256();
  report.key_id = to_hex(id);
  report.label = printable(label, 200);
  report.subject = bounded(certificate.subject());
  report.issuer = bounded(certificate.issuer());
  report.serial = bounded(certificate.serial());
  report.organization = bounded(certificate.organization());
  report.organizational_unit = bounded(certificate.organizational_unit());
  report.common_name = bounded(certificate.common_name());
  report.email = bounded(certificate.email());
  report.not_before = certificate.not_before();
  report.not_after = certificate.not_after();
  report.key_algorithm = certificate.key_algorithm();
  report.purpose = purpose_of(certificate, true);
  report.decrypts = decrypts(certificate);
  report.commits_content = commits_content(certificate);
  report.holder = holder_of(certificate);
  report.issuer_key = issuer_key_of(certificate, {});
  return report;
}

void report_objects(messages::TokenReport& report, const std::vector<pkcs11::TokenObject>& objects,
                    const Seen& seen) {
  if (std::ranges::any_of(objects, &pkcs11::TokenObject::read_failed))
    report.trouble = info(Reason::token_error).id;
  std::vector<Reported> all;
  for (const pkcs11::Credential& credential : pkcs11::match_credentials(objects)) {
    if (!credential.certificate) {
      report_lone_keys(report, credential);
      continue;
    }
    Reported one = report_one(credential);
    one.report.has_public_key = credential.public_key.has_value();
    one.report.is_private = credential.certificate->is_private;
    one.report.key_state = state_of_key(credential, seen);
    merge(all, std::move(one));
  }
  share_keys(all);
  for (Reported& one : all) report.certificates.push_back(std::move(one.report));
  report.private_objects_hidden = !seen.private_objects;
}

}  // namespace koshin::renewal
