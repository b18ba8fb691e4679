// SPDX-License-Identifier: MIT
// What stands of the certificate that an unfinished renewal replaces: asked wherever a person is told of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/texts/text.hpp"
#include "renewal/policy/record.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {

enum class OldCertificate {
  untouched,        ///< koshin writes beside it, or has not come to the writing yet
  seen_on_token,    ///< it may have been overwritten, and was read on the token since
  kept_in_journal,  ///< it may have been overwritten; this computer's journal has it and writes it back
  replaced,         ///< the new certificate, which has logged in, is in its place, or in the home slot
  not_seen,         ///< it was looked for and is not on the token, or may be overwritten; no copy is known of
  renewed_beside    ///< second leg: the first leg's certificate, not due again, logs in from a spare slot
};

/// Whether writing the record's certificate overwrites the one that it renews. `profile`: of its bank.
bool overwrites_old(const Record& record, const TokenProfile& profile);

/// What is known of the certificate that a record renews.
struct OldAsKnown {
  /// It was read on the token after the last change that the renewal has made there; false: it was not, or
  /// nobody has looked.
  bool seen = false;
  /// is_known_to_be_due(): a renewal into the home slot is then like any other. Else it is the second leg of
  /// the renewal that has just fetched the certificate, perhaps in a run that has shown it to nobody.
  bool due = false;
};

/// `profile`: of the record's bank.
OldCertificate what_stands_of_old(const Record& record, const TokenProfile& profile, OldAsKnown old);

/// Whether it is as it was before the renewal.
bool stays_as_it_was(OldCertificate stands);

/// What stands of it once the renewal was given up: nobody writes the journal's copy back any more.
OldCertificate once_given_up(OldCertificate stands);

/// Whether the certificate that the record renews was read on the token, and is not only remembered. Where it
/// is overwritten, only what is in the record's own place counts: a copy elsewhere is no help to programs.
bool shows_old(const messages::TokenReport& token, const Record& record, const TokenProfile& profile);

/// Whether `old`, null where no token was seen with it, is due or has expired.
bool is_known_to_be_due(const messages::CertificateReport* old, const Settings::Renewal& policy,
                        TimePoint now);

std::string_view to_string(OldCertificate stands);
/// For people: a sentence.
const Text& sentence_of(OldCertificate stands);

/// The code of the notice with which a worker tells what it has read: "old_certificate_seen_on_token".
std::string notice_code(OldCertificate stands);
/// The inverse of notice_code(); empty for any other notice.
std::optional<OldCertificate> parse_notice_code(std::string_view code);

}  // namespace koshin::renewal
