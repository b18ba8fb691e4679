// SPDX-License-Identifier: MIT
#include "renewal/policy/home_slot.hpp"

#include <algorithm>

#include "foundation/base/text.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::Purpose;
using messages::TokenReport;

/// The home slots, as far as the settings want renewed certificates in them.
std::vector<Bytes> homes_wanted(const Settings& settings) {
  const bool wanted = settings.renewal.home_slot == HomeSlot::always && settings.renewal.key != "renew";
  return wanted ? profile_of(settings).home_ids() : std::vector<Bytes>{};
}

bool is_among(const std::vector<Bytes>& homes, const std::string& key_id) {
  return std::ranges::any_of(homes, [&](const Bytes& home) { return to_hex(home) == key_id; });
}

/// A module's placeholder beside a new key is never valid (ykcs11 2.2.0: both dates are that of its making).
/// A certificate that a person has made for a key of their own has issued itself too, and is valid.
bool is_modules_placeholder(const CertificateReport& certificate) {
  return certificate.purpose == Purpose::placeholder &&
         is_never_valid(certificate.not_before, certificate.not_after);
}

/// The certificates in a slot, without the placeholder that a module puts beside a new key.
std::vector<const CertificateReport*> certificates_in(const TokenReport& token, const Bytes& slot) {
  const std::string id = to_hex(slot);
  std::vector<const CertificateReport*> found;
  for (const CertificateReport& one : token.certificates)
    if (one.key_id == id && !is_modules_placeholder(one)) found.push_back(&one);
  return found;
}

/// The keys in the slot that are for no certificate in it and that no record vouches for.
std::vector<const messages::KeyReport*> unknown_keys(const TokenReport& token, const Bytes& slot,
                                                     std::span<const Record> records) {
  const std::string id = to_hex(slot);
  std::vector<const messages::KeyReport*> found;
  if (std::ranges::any_of(records, [&](const Record& one) { return one.key_id == slot; })) return found;
  for (const messages::KeyReport& key : token.keys_without_certificate)
    if (key.key_id == id) found.push_back(&key);
  return found;
}

/// Whether the slot of the certificate that `successor` has replaced has another program's key by now. The
/// key of a second leg, which another computer may have begun, is of the successor's type.
bool was_taken(const CertificateReport& successor, const TokenReport& token, const std::string& key_id,
               std::span<const Record> records) {
  const auto keys = unknown_keys(token, from_hex(key_id).value_or(Bytes{}), records);
  return std::ranges::any_of(keys, [&](const messages::KeyReport* key) {
    return !key->key_algorithm.empty() && key->key_algorithm != successor.key_algorithm;
  });
}

/// Whether nothing is lost with the key of a certificate that another one of this purpose has replaced: what
/// it has signed is verified without the key.
bool may_go(const CertificateReport& certificate, Purpose purpose) {
  return certificate.purpose == purpose && !certificate.decrypts && certificate.key_state != KeyState::shared;
}

/// The slot in which programs look for a certificate of this purpose, by the order of
/// TokenProfile::home_ids(). Empty for one that others encrypt for: the key of its predecessor is needed for
/// as long as there is mail to be read, and stays where it is.
std::optional<Bytes> usual_home(const std::vector<Bytes>& homes, Purpose purpose) {
  if (purpose == Purpose::log_in && !homes.empty()) return homes.front();
  if (purpose == Purpose::signature && homes.size() > 1) return homes[1];
  return {};
}

/// The first slot with certificates that all satisfy `gives_way`.
std::optional<Bytes> slot_that_gives_way(const std::vector<Bytes>& homes, const TokenReport& token,
                                         const auto& gives_way) {
  for (const Bytes& slot : homes) {
    const auto there = certificates_in(token, slot);
    if (!there.empty() && std::ranges::all_of(there, gives_way)) return slot;
  }
  return {};
}

}  // namespace

std::optional<Bytes> home_of(const CertificateReport& certificate, const TokenReport& token,
                             const Settings& settings, std::span<const Record> records) {
  const auto homes = homes_wanted(settings);
  const auto usual = usual_home(homes, certificate.purpose);
  const bool stays = certificate.purpose != Purpose::log_in && certificate.decrypts;
  if (!usual || stays || is_among(homes, certificate.key_id)) return {};
  auto replaced = slot_that_gives_way(homes, token, [&](const CertificateReport* one) {
    return may_go(*one, certificate.purpose) && one->replaced_by == certificate.sha256 &&
           !was_taken(certificate, token, one->key_id, records);
  });
  if (replaced) return replaced;
  const bool free = certificates_in(token, *usual).empty() && unknown_keys(token, *usual, records).empty();
  return free ? usual : std::nullopt;
}

std::optional<Bytes> home_of_enrolment(const CertificateReport* old, const TokenReport& token,
                                       const Settings& settings, TimePoint now) {
  const auto homes = homes_wanted(settings);
  if (homes.empty()) return {};
  const auto expired = [&](const CertificateReport* one) {
    return one == old && may_go(*one, Purpose::log_in) &&
           validity(one->not_before, one->not_after, settings.renewal, now) == Validity::expired;
  };
  if (auto slot = slot_that_gives_way(homes, token, expired)) return slot;
  return shows_key(token, to_hex(homes.front())) ? std::nullopt : std::optional(homes.front());
}

std::optional<Bytes> next_home(const CertificateReport* in_use, const TokenReport& token,
                               const Settings& settings, std::span<const Record> records) {
  if (in_use != nullptr && settings.renewal.key == "renew") {
    const bool home = is_among(profile_of(settings).home_ids(), in_use->key_id);
    return home ? from_hex(in_use->key_id) : std::nullopt;
  }
  TokenReport later = token;
  CertificateReport successor = in_use != nullptr ? *in_use : CertificateReport{};
  for (CertificateReport& one : later.certificates) {
    const bool replaced =
        in_use != nullptr && (one.sha256 == in_use->sha256 || one.replaced_by == in_use->sha256);
    if (replaced) one.replaced_by = "successor";
  }
  successor.sha256 = "successor";
  successor.key_id.clear();  // a spare slot's
  return home_of(successor, later, settings, records);
}

const CertificateReport* waits_for_home(const TokenReport& token, const Settings& settings,
                                        std::span<const Record> records, TimePoint now,
                                        std::string_view named) {
  const auto found = std::ranges::find_if(token.certificates, [&](const CertificateReport& one) {
    return (named.empty() || one.sha256 == named) && one.replaced_by.empty() &&
           one.key_state != KeyState::missing && is_ours(one, settings.expect) &&
           is_renewed(one.purpose, settings.expect) &&
           validity(one.not_before, one.not_after, settings.renewal, now) == Validity::current &&
           shows_key(token, to_hex(home_of(one, token, settings, records).value_or(Bytes{})));
  });
  return found == token.certificates.end() ? nullptr : &*found;
}

bool second_leg_was_refused(const CertificateReport& waiting, const Settings& settings,
                            std::span<const Record> records) {
  return std::ranges::any_of(records, [&](const Record& one) {
    if (one.state != State::abandoned || one.old_sha256 != waiting.sha256 || !one.last_failure) return false;
    const Reason reason = one.last_failure->reason;
    const bool refused = reason == Reason::authority_refused ||
                         reason == Reason::authority_key_already_certified || was_refused_at_log_in(one);
    return refused && !one.enrollment && profile_of(settings).is_home(one.key_id);
  });
}

}  // namespace koshin::renewal
