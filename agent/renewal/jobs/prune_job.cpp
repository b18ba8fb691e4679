// SPDX-License-Identifier: MIT
// The job `prune`: deletes an old certificate with its keys. The private key is deleted first and the
// certificate last: after an interruption the remaining certificate identifies the rest, and the same job
// resumes.
#include <algorithm>

#include "enrollment/x509/certificate.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/credentials.hpp"
#include "pkcs11/error.hpp"
#include "renewal/jobs/jobs.hpp"
#include "renewal/policy/home_slot.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/pruning.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/left_pairs.hpp"
#include "renewal/token/open_token.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::Purpose;
using pkcs11::ObjectClass;
using pkcs11::TokenObject;

/// Throws unless the job contains the confirmations that deletion_of() requires, whichever program sent the
/// job.
void check_confirmed(const JobContext& context, const messages::TokenReport& token,
                     const CertificateReport& old) {
  const messages::Job& job = context.job;
  const bool named_and_confirmed = job.also_not_renewed && !job.certificate_sha256.empty();
  if (!old.renewed && !named_and_confirmed) {
    fail(Reason::prune_not_allowed,
         describe_in_full(old) +
             " is not one that koshin has renewed, with its successor on the token, valid, and with its key; "
             "--certificate with --also-not-renewed deletes it all the same");
  }
  if (old.decrypts && !job.also_decrypting) {
    fail(Reason::prune_not_allowed,
         "without " + describe_in_full(old) +
             " programs may not find the key for what was encrypted for it, old mail for one; "
             "--also-encryption deletes it all the same, and leaves its key on the token");
  }
  const auto all = context.journal.all_unfinished();
  const bool being_renewed = std::any_of(all.begin(), all.end(), [&](const Record& record) {
    return !record.enrollment && record.old_sha256 == old.sha256 && record.token == token_key(token) &&
           belongs_to(record, token);
  });
  if (being_renewed)
    fail(Reason::prune_not_allowed,
         describe_in_full(old) + " is being renewed: koshin renew finishes that, koshin cancel gives it up");
}

/// Throws for the certificate whose slot is to get the new key in the second leg of a renewal: without it the
/// key that the token keeps would be nobody's.
void check_no_second_leg(const JobContext& context, const OpenToken& opened,
                         const messages::TokenReport& token, const CertificateReport& old) {
  const auto records = records_of_keys(opened, context.journal);
  const auto takes_its_slot = [&](const CertificateReport& one) {
    const auto* waiting = waits_for_home(token, context.settings, records, context.now(), one.sha256);
    const auto home = waiting != nullptr ? home_of(*waiting, token, context.settings, records) : std::nullopt;
    return home && to_hex(*home) == old.key_id;
  };
  if (std::ranges::any_of(token.certificates, takes_its_slot))
    fail(
        Reason::prune_not_allowed,
        "the slot of " + describe_in_full(old) +
            " gets the renewed certificate: koshin renew finishes that; renewal.home_slot = \"never\" leaves "
            "the renewed one where it is");
}

bool is_copy(const TokenObject& object, const CertificateReport& certificate) {
  return object.object_class == ObjectClass::certificate && !object.certificate.empty() &&
         enrollment::sha256_of(pkcs11::ByteView(object.certificate)) == certificate.sha256;
}

/// A key that another certificate shares (renewal.key = "renew") is not deleted.
bool is_shared(const std::vector<TokenObject>& objects, const CertificateReport& old,
               const TokenObject& certificate) {
  return std::any_of(objects.begin(), objects.end(), [&](const TokenObject& other) {
    return other.object_class == ObjectClass::certificate && other.public_key == certificate.public_key &&
           !is_copy(other, old);
  });
}

messages::KeyReport report_key(const TokenObject& key) {
  return {.key_id = to_hex(key.id),
          .label = printable(key.label, 200),
          .key_algorithm = key_algorithm_of(key.public_key),
          .is_private = key.object_class == ObjectClass::private_key,
          .ours = false,
          .made_on = {},
          .key_policies = {}};
}

/// The private keys that stay because they decrypt.
std::vector<messages::KeyReport> kept_for_decryption(const OpenToken& token, const CertificateReport& old) {
  std::vector<messages::KeyReport> kept;
  if (!keeps_private_key(old)) return kept;
  for (const auto& credential : pkcs11::match_credentials(token.objects()))
    if (credential.certificate && credential.private_key && is_copy(*credential.certificate, old))
      kept.push_back(report_key(*credential.private_key));
  return kept;
}

/// Public key objects under the certificate's CKA_ID that cannot be read: their owner cannot be determined,
/// so they are not deleted.
std::vector<messages::KeyReport> left_beside(const OpenToken& token, const CertificateReport& old) {
  std::vector<messages::KeyReport> left;
  for (const TokenObject& object : token.objects()) {
    const bool unreadable = object.object_class == ObjectClass::public_key && object.public_key.empty();
    if (!unreadable || object.id.empty() || to_hex(object.id) != old.key_id) continue;
    left.push_back(report_key(object));
  }
  return left;
}

bool is_the_same(const TokenObject& one, const TokenObject& other) {
  return one.object_class == other.object_class && one.id == other.id && one.public_key == other.public_key &&
         one.certificate == other.certificate;
}

/// What the token has now under the CKA_IDs of the deleted objects.
std::vector<TokenObject> read_again(OpenToken& token, const std::vector<TokenObject>& deleted) {
  token.switch_user(pkcs11::User::user);
  std::vector<TokenObject> found;
  std::vector<pkcs11::Bytes> looked_at;
  for (const TokenObject& first : deleted) {
    if (std::find(looked_at.begin(), looked_at.end(), first.id) != looked_at.end()) continue;
    looked_at.push_back(first.id);
    for (TokenObject& now : token.session().objects_with_id(first.id)) found.push_back(std::move(now));
  }
  check_all_read(found);
  return found;
}

/// The deleted keys among what was found afterwards. Throws when the certificate is still there: it has not
/// been deleted, although the module answered CKR_OK.
std::vector<messages::KeyReport> keys_still_there(const OpenToken& token,
                                                  const std::vector<TokenObject>& deleted,
                                                  const std::vector<TokenObject>& found) {
  std::vector<messages::KeyReport> left;
  for (const TokenObject& now : found) {
    const auto same = [&](const TokenObject& object) { return is_the_same(object, now); };
    if (std::none_of(deleted.begin(), deleted.end(), same)) continue;
    if (now.object_class == ObjectClass::certificate)
      fail(Reason::token_error, "the token said that it has deleted the certificate, and has it still");
    if (!token.keeps_deleted_keys()) left.push_back(report_key(now));
  }
  return left;
}

/// The objects to delete, in this order: the keys, then each copy of the certificate. For an unreadable
/// certificate the matching key cannot be determined; a pair that decrypts stays.
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
    if (old.purpose == Purpose::unreadable || keeps_private_key(old) ||
        is_shared(token.objects(), old, *credential.certificate))
      continue;
    add(credential.private_key);
    add(credential.public_key);
  }
  keys.insert(keys.end(), certificates.begin(), certificates.end());
  return keys;
}

/// Adds to `kept` the keys that the token has all the same. A token that cannot be read any more is a note:
/// the deletion is done.
void read_back(OpenToken& token, const std::vector<TokenObject>& deleted,
               std::vector<messages::KeyReport>& kept) {
  if (token.keeps_deleted_keys()) {
    for (const TokenObject& object : deleted) {
      if (object.object_class != ObjectClass::certificate) kept.push_back(report_key(object));
    }
  }
  std::vector<TokenObject> found;
  try {
    found = read_again(token, deleted);
  } catch (const std::exception& error) {
    log::warning(log::Event::none, "the deletion could not be read back: " + as_failure(error).detail);
    return;
  }
  for (auto& key : keys_still_there(token, deleted, found)) kept.push_back(std::move(key));
}

}  // namespace

messages::Event run_prune(const JobContext& context) {
  context.journal.ensure_open();
  OpenToken token(context, find_token(context));
  token.check_key_manager();
  token.log_in(pkcs11::Access::read_write);
  const auto report = token.report();
  const ChoiceToDelete choice = choose_to_delete(report, context.job.certificate_sha256, token.profile());
  if (choice.failure) throw FailureError(*choice.failure);
  const CertificateReport& old = *choice.certificate;
  check_confirmed(context, report, old);
  check_no_second_leg(context, token, report, old);
  if (old.key_state == messages::KeyState::unknown && old.purpose != Purpose::unreadable) {
    fail(Reason::prune_not_allowed, "which key belongs to " + describe_in_full(old) +
                                        " cannot be told: several would fit, and none says");
  }
  token.act_as_key_manager();
  const auto deleted = pair_of(token, old);
  auto kept = kept_for_decryption(token, old);
  for (const TokenObject& object : deleted) {
    token.session().destroy(object);
    token.forget(object.handle);
  }
  for (auto& key : left_beside(token, old)) kept.push_back(std::move(key));
  read_back(token, deleted, kept);
  const std::string beside = kept.empty() ? "" : "; keys that stay: " + std::to_string(kept.size());
  log::info(
      log::Event::pruned,
      "certificate " + old.serial + ": " + std::to_string(deleted.size()) + " objects were deleted" + beside,
      {{"KOSHIN_TOKEN", serial_number(token.key())}, {"KOSHIN_CERTIFICATE", old.sha256}});
  return messages::PruneResult{.deleted = old, .kept = std::move(kept)};
}

}  // namespace koshin::renewal
