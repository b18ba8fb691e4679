// SPDX-License-Identifier: MIT
// Deleting an old pair. The private key goes first and the certificate last: whatever interrupts it, the
// certificate that is still there names what is left, and the same job goes on.
#include <algorithm>

#include "enrollment/x509/certificate.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/credentials.hpp"
#include "renewal/jobs/jobs.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::Purpose;
using pkcs11::ObjectClass;
using pkcs11::TokenObject;

std::string described(const CertificateReport& certificate) {
  if (certificate.purpose == Purpose::unreadable) return "the certificate " + certificate.sha256;
  return "\"" + printable(certificate.common_name, 200) + "\" (issuer \"" +
         printable(certificate.issuer, 300) + "\", serial " + certificate.serial + ", expires " +
         to_rfc3339(certificate.not_after) + ", purpose " + std::string(to_string(certificate.purpose)) + ")";
}

/// Without a name, the one that this program has renewed.
const CertificateReport& choose(const messages::Job& job, const messages::TokenReport& token) {
  if (!job.certificate_sha256.empty()) {
    if (const auto* named = find_certificate(token, job.certificate_sha256)) return *named;
    fail(Reason::certificate_not_found,
         "no certificate on the token has the fingerprint " + printable(job.certificate_sha256, 64));
  }
  const CertificateReport* chosen = nullptr;
  for (const CertificateReport& certificate : token.certificates) {
    if (deletion_of(certificate) != Deletion::renewed) continue;
    if (chosen != nullptr)
      fail(Reason::certificate_ambiguous, "several renewed certificates are on the token: name one");
    chosen = &certificate;
  }
  if (chosen != nullptr) return *chosen;
  fail(Reason::certificate_not_found,
       "no certificate on the token is one that koshin has renewed, with its successor there and valid");
}

/// What the person has not confirmed is not done, whoever has sent the job.
void check_confirmed(const JobContext& context, const messages::TokenReport& token,
                     const CertificateReport& old) {
  const messages::Job& job = context.job;
  const bool named_and_confirmed = job.also_not_renewed && !job.certificate_sha256.empty();
  if (!old.renewed && !named_and_confirmed) {
    fail(Reason::prune_not_allowed,
         described(old) +
             " is not one that koshin has renewed, with its successor on the token, valid, and with its key");
  }
  if (old.decrypts && !job.also_decrypting) {
    fail(Reason::prune_not_allowed,
         "without the key of " + described(old) +
             " what was encrypted for it cannot be read any more, old mail for one");
  }
  const auto all = context.journal.all_unfinished();
  const bool being_renewed = std::any_of(all.begin(), all.end(), [&](const Record& record) {
    return !record.enrollment && record.old_sha256 == old.sha256 && record.token == token_key(token) &&
           belongs_to(record, token);
  });
  if (being_renewed)
    fail(Reason::prune_not_allowed, described(old) + " is being renewed: its renewal is not finished");
}

bool is_copy(const TokenObject& object, const CertificateReport& certificate) {
  return object.object_class == ObjectClass::certificate &&
         enrollment::sha256_of(pkcs11::ByteView(object.certificate)) == certificate.sha256;
}

/// A key that another certificate shares (one that was certified again) stays.
bool is_shared(const std::vector<TokenObject>& objects, const CertificateReport& old,
               const TokenObject& certificate) {
  return std::any_of(objects.begin(), objects.end(), [&](const TokenObject& other) {
    return other.object_class == ObjectClass::certificate && other.public_key == certificate.public_key &&
           !is_copy(other, old);
  });
}

/// What is deleted, in this order: the keys, then each copy of the certificate. Of one that cannot be read
/// nobody knows which key is its own.
std::vector<TokenObject> pair_of(const OpenToken& token, const CertificateReport& old) {
  std::vector<TokenObject> keys, certificates;
  const auto add = [&](const std::optional<TokenObject>& key) {
    const bool known = key && std::any_of(keys.begin(), keys.end(), [&](const TokenObject& other) {
                         return other.handle == key->handle;
                       });
    if (key && !known) keys.push_back(*key);
  };
  for (const auto& credential : pkcs11::match_credentials(token.objects())) {
    if (!credential.certificate || !is_copy(*credential.certificate, old)) continue;
    certificates.push_back(*credential.certificate);
    if (old.purpose == Purpose::unreadable || is_shared(token.objects(), old, *credential.certificate))
      continue;
    add(credential.private_key);
    add(credential.public_key);
  }
  keys.insert(keys.end(), certificates.begin(), certificates.end());
  return keys;
}

}  // namespace

messages::Event run_prune(const JobContext& context) {
  OpenToken token(context, find_token(context));
  token.check_maker();
  token.log_in(pkcs11::Access::read_write);
  const auto report = token.report();
  const CertificateReport& old = choose(context.job, report);
  check_confirmed(context, report, old);
  if (old.key_state == messages::KeyState::unknown && old.purpose != Purpose::unreadable) {
    fail(Reason::prune_not_allowed,
         "which key belongs to " + described(old) + " cannot be told: several would fit, and none says");
  }
  token.act_as_maker();
  for (const TokenObject& object : pair_of(token, old)) token.session().destroy(object);
  log::info(log::Event::pruned, "certificate " + old.serial + " and its key were deleted",
            {{"KOSHIN_TOKEN", token.key().serial}, {"KOSHIN_CERTIFICATE", old.sha256}});
  return messages::PruneResult{old};
}

}  // namespace koshin::renewal
