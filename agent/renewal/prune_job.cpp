// SPDX-License-Identifier: MIT
// Deleting an old pair. The private key goes first and the certificate last: whatever interrupts it, the
// certificate that is still there names what is left, and the same job goes on.
#include <algorithm>

#include "enrollment/certificate.hpp"
#include "foundation/log.hpp"
#include "pkcs11/credentials.hpp"
#include "renewal/open_token.hpp"
#include "renewal/renewal.hpp"
#include "renewal/token_report.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;
using pkcs11::ObjectClass;
using pkcs11::TokenObject;

constexpr std::size_t renewals_looked_at = 1000;

struct Held {
  TokenObject object;
  Certificate certificate;
};

std::vector<Held> certificates_of(const OpenToken& token) {
  std::vector<Held> all;
  for (const auto& object : token.objects()) {
    if (object.object_class != ObjectClass::certificate) continue;
    try {
      all.push_back({object, Certificate::from_der(object.certificate)});
    } catch (const FailureError& error) {
      log::warning(log::Event::none, error.failure().detail);  // cannot be the one, which was parsed before
    }
  }
  return all;
}

bool has_private_key(const OpenToken& token, const TokenObject& certificate) {
  return std::any_of(token.objects().begin(), token.objects().end(), [&](const TokenObject& object) {
    return object.object_class == ObjectClass::private_key && object.id == certificate.id &&
           (object.public_key.empty() || object.public_key == certificate.public_key);
  });
}

/// A certificate on this token that has logged in, as the journal knows, and takes the place of `old`.
const Held* find_successor(const JobContext& context, const OpenToken& token, const std::vector<Held>& all,
                           const Held& old) {
  for (const Record& record : context.journal.history_of(token.key(), renewals_looked_at)) {
    if (record.state != State::completed) continue;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Held& held) {
      return held.object.certificate == record.certificate && held.object.id == record.key_id &&
             old.certificate.for_client_authentication() &&
             held.certificate.subject_der() == old.certificate.subject_der() &&
             held.certificate.not_after() > old.certificate.not_after() &&
             has_private_key(token, held.object);
    });
    if (found != all.end() && found->certificate.not_after() > context.now()) return &*found;
  }
  return nullptr;
}

const Held& choose(const JobContext& context, const OpenToken& token, const std::vector<Held>& all) {
  const std::string& named = context.job.certificate_sha256;
  const Held* chosen = nullptr;
  for (const Held& held : all) {
    if (!named.empty() ? held.certificate.sha256() != named
                       : find_successor(context, token, all, held) == nullptr)
      continue;
    if (chosen != nullptr)
      fail(Reason::certificate_ambiguous, "several replaced certificates are on the token: name one");
    chosen = &held;
  }
  if (chosen != nullptr) return *chosen;
  fail(Reason::certificate_not_found,
       named.empty() ? "no certificate on the token has been replaced by one that has logged in"
                     : "no certificate on the token has the fingerprint " + printable(named, 64));
}

bool any_other(const std::vector<Held>& all, const Held& old, const auto& fits) {
  return std::any_of(all.begin(), all.end(), [&](const Held& other) {
    return other.object.handle != old.object.handle && fits(other.object);
  });
}

/// What is deleted, in this order. A key that another certificate shares (one that was certified again)
/// stays.
std::vector<TokenObject> pair_of(const OpenToken& token, const std::vector<Held>& all, const Held& old) {
  std::vector<TokenObject> pair;
  for (const auto& credential : pkcs11::match_credentials(token.objects())) {
    if (!credential.certificate || credential.certificate->handle != old.object.handle) continue;
    if (any_other(all, old, [&](const auto& other) { return other.public_key == old.object.public_key; }))
      break;
    const auto& key = credential.private_key;
    const bool known_by_id_only = key && key->public_key.empty() && !credential.public_key;
    if (known_by_id_only && any_other(all, old, [&](const auto& other) { return other.id == key->id; })) {
      fail(Reason::prune_not_allowed,
           "two certificates share a CKA_ID, and the key does not tell whose it is");
    }
    if (key) pair.push_back(*key);
    if (credential.public_key) pair.push_back(*credential.public_key);
  }
  pair.push_back(old.object);
  return pair;
}

}  // namespace

messages::Event run_prune(const JobContext& context) {
  OpenToken token(context, find_token(context));
  token.check_maker();
  token.log_in(pkcs11::Access::read_write);
  const auto all = certificates_of(token);
  const Held& old = choose(context, token, all);
  if (find_successor(context, token, all, old) == nullptr) {
    fail(Reason::prune_not_allowed, "no newer certificate of \"" +
                                        printable(old.certificate.common_name(), 200) +
                                        "\" that has logged in is on the token with its key");
  }
  messages::PruneResult result{report_certificate(old.certificate, old.object.id, old.object.label)};
  const auto pair = pair_of(token, all, old);
  token.act_as_maker();
  for (const TokenObject& object : pair) token.session().destroy(object);
  log::info(log::Event::pruned, "certificate " + old.certificate.serial() + " and its key were deleted",
            {{"KOSHIN_TOKEN", token.key().serial}, {"KOSHIN_CERTIFICATE", result.deleted.sha256}});
  return result;
}

}  // namespace koshin::renewal
