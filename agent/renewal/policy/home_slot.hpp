// SPDX-License-Identifier: MIT
// The home slot of a certificate: the slot of a card in which programs look for it, where others are spare
// (docs/tokens.md; docs/decisions/0015-home-slot.md). A certificate in its home slot is renewed into a spare
// slot, so that the key in use stays until the new certificate has logged in; a certificate in a spare slot
// is renewed into its home slot, whose key may go then. Pure functions over reports.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// CKA_ID of the home slot into which `certificate`, which is in a spare slot, is renewed: the slot of the
/// certificate that it has replaced, else the one of its purpose (9a for logging in, 9c for signatures) if
/// that has no certificate. Empty when others encrypt for `certificate` and it is not for logging in (its
/// predecessor's key stays where it is), when `certificate` is in a home slot, when every home slot has
/// something that has to stay (another certificate, also one that has issued itself; one whose key decrypts;
/// a key without certificate that may be another program's; beside the replaced certificate a key of another
/// type than `certificate`'s that no record vouches for), when settings.renewal.home_slot is never, when
/// settings.renewal.key is "renew" (the key stays where it is), and for tokens without home slots. `records`:
/// those that vouch for a key on this token (records_of_keys() in renewal/token/left_pairs.hpp); a key
/// without certificate in a slot that one of them names is koshin's.
std::optional<Bytes> home_of(const messages::CertificateReport& certificate,
                             const messages::TokenReport& token, const Settings& settings,
                             std::span<const Record> records);

/// CKA_ID of the home slot into which an enrolment goes at once: the slot of `old`, the expired certificate
/// whose name is taken over, else the first home slot if that has neither certificate nor key. Empty when a
/// certificate there may still log in: the enrolment goes into a spare slot then. `old`: null when no
/// certificate on the token tells the name. `now`: by the clock that is behind, this computer's or the
/// authority's.
std::optional<Bytes> home_of_enrolment(const messages::CertificateReport* old,
                                       const messages::TokenReport& token, const Settings& settings,
                                       TimePoint now);

/// CKA_ID of the home slot in which the renewal of `in_use` will end, after one leg or two: what home_of()
/// would say of its successor in a spare slot. Empty when the renewed certificate will stay in a spare slot.
/// `in_use`: null for the first certificate of a token.
std::optional<Bytes> next_home(const messages::CertificateReport* in_use, const messages::TokenReport& token,
                               const Settings& settings, std::span<const Record> records);

/// The certificate in use that is in a spare slot and is not due, and whose home slot has a key or
/// certificate that gives way: what is left of a renewal whose second leg is not finished. (A home slot
/// without anything is no trace of a renewal: the certificate goes there when it is due.) Null when there is
/// none. `named`: SHA-256 of the only certificate that is meant; empty: the first, since one of each purpose
/// may wait.
const messages::CertificateReport* waits_for_home(const messages::TokenReport& token,
                                                  const Settings& settings, std::span<const Record> records,
                                                  TimePoint now, std::string_view named = {});

/// Whether the second leg of `waiting`, of waits_for_home(), was refused before: by the authority, or its
/// certificate at the log-in. Another try may end the same, so `koshin renew --if-due` leaves it to a person.
/// `records`: of this token.
bool second_leg_was_refused(const messages::CertificateReport& waiting, const Settings& settings,
                            std::span<const Record> records);

}  // namespace koshin::renewal
